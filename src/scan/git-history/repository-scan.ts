/** Scans the history of one repository: what is new in it since an earlier run, or all of it. */
import type { FileStatus, Platform } from '../../host/platform/index.ts';
import { ContainerError } from '../containers/container.ts';
import type { Detection } from '../detect/candidate.ts';
import { newBlobExaminer } from '../files/detector-module.ts';
import type { BlobExaminer } from '../files/blob-examiner.ts';
import type { DetectionSettings } from '../files/examine-text.ts';
import type { Scheduler } from '../files/scheduler.ts';
import type { KnownSecret } from '../findings/file-collection.ts';
import { type FileFindings, FindingsByFile, describerOn } from '../findings/findings-by-file.ts';
import { standingsOf } from '../findings/standing.ts';
import type { SuppressionTable } from '../findings/suppression.ts';
import type { ContainerSettings } from '../model/container-settings.ts';
import { type CoverageRecorder, type GapReason, reasonOf } from '../model/coverage.ts';
import { joinInner } from '../model/location.ts';
import { Places } from '../model/watched-places.ts';
import { type RememberedRepository, type RepositoryGap, isLasting } from '../state/repository-memory.ts';
import type { Excludes, FoundRepository } from '../walk/index.ts';
import { cpuTimeOf } from './limits.ts';
import { type HistoryFinding, HistoryFindings, type TextPlace } from './history-findings.ts';
import { type Part, type RepositoryParts, partsIn } from './repository-parts.ts';
import { RepositoryReader } from './repository-reader.ts';
import { contentsIn, workTreeOf } from './work-tree.ts';

/** What earlier runs know of repositories. */
export interface HistoryMemory {
  repositoryAt(path: string): RememberedRepository | undefined;
  rememberRepository(path: string, scanned: RememberedRepository): void;
  /** What they have found in one. */
  knownAt(path: string): readonly KnownSecret[];
}

export interface RepositoryScanOptions extends DetectionSettings {
  readonly platform: Platform;
  readonly containers: ContainerSettings;
  readonly suppressions: SuppressionTable;
  readonly redact: (text: string) => string;
  readonly coverage: CoverageRecorder;
  readonly scheduler: Scheduler;
  /** Undefined where no state is kept. */
  readonly memory: HistoryMemory | undefined;
  readonly excludes: Excludes;
  /** Scan what was scanned before, too. */
  readonly isFull: boolean;
  readonly onFile: (file: FileFindings) => void;
}

/** A text that is scanned: one of the history, or a file of the work tree. */
interface Token extends TextPlace {
  readonly path: string;
  readonly scan: RepositoryScan;
  readonly isInWorkTree?: true;
}

/** The gap of a repository that the run had no time for. */
const UNFINISHED: RepositoryGap = { path: '', reason: 'stopped-early' };

/** Scans repositories, one after another. */
export class HistoryScanner {
  readonly #options: RepositoryScanOptions;
  readonly #examiner: BlobExaminer<Token>;

  constructor(options: RepositoryScanOptions) {
    this.#options = options;
    this.#examiner = newBlobExaminer<Token>({
      ...options,
      onDetection: (token, detection) => token.scan.take(token, detection),
      onGap: (token, reason) => token.scan.missed(token, reason),
    });
  }

  /** Those for which the last run had no time come last: one user's repository must not keep others waiting forever. */
  async scan(repositories: readonly FoundRepository[]): Promise<void> {
    const { memory, scheduler, coverage } = this.#options;
    const isLate = ({ path }: FoundRepository) =>
      memory?.repositoryAt(path)?.gaps.some(({ reason }) => reason === UNFINISHED.reason) === true;
    const { early = [], late = [] } = Object.groupBy(repositories, (one) => (isLate(one) ? 'late' : 'early'));
    for (const repository of [...early, ...late]) {
      if (scheduler.isCancelled) coverage.gap(repository.path, 'stopped-early');
      else await new RepositoryScan(repository, this.#options, this.#examiner).run();
    }
  }
}

class RepositoryScan {
  readonly #repository: FoundRepository;
  readonly #options: RepositoryScanOptions;
  readonly #objects: string;
  readonly #findings: HistoryFindings;
  readonly #examiner: BlobExaminer<Token>;
  readonly #gaps: RepositoryGap[] = [];
  /** Parts that the next run reads again. */
  readonly #again = new Set<Part>();
  readonly #inWorkTree = new Set<string>();
  /** Milliseconds of CPU time of this thread at which the scan must end. */
  #endsAt = Infinity;
  #isOver = false;

  constructor(repository: FoundRepository, options: RepositoryScanOptions, examiner: BlobExaminer<Token>) {
    this.#examiner = examiner;
    this.#repository = repository;
    this.#options = options;
    this.#objects = options.platform.path.join(repository.place, 'objects');
    this.#findings = new HistoryFindings(options.memory?.knownAt(repository.path) ?? []);
  }

  async run(): Promise<void> {
    const { platform, coverage, memory, excludes, isFull } = this.#options;
    const { path, place, root } = this.#repository;
    const walk = platform.fs.folderWalk();
    try {
      const status = walk.open(place).status;
      const objects = platform.path.join(path, 'objects');
      const isExcluded = (part: string, name: string) =>
        excludes(platform.path.join(objects, part), name, root);
      const all = partsIn(this.#objects, walk, platform, isExcluded);
      const before = memory?.repositoryAt(path);
      const present = new Set(all.parts.map(({ key }) => key));
      const isAdded = !isFull && before !== undefined && before.keys.every((key) => present.has(key));
      const known = new Set(isAdded ? before.keys : []);
      const parts = all.parts.filter(({ key }) => !known.has(key));
      coverage.opened('git-objects', all.parts.length);
      coverage.unchanged += all.parts.length - parts.length;
      for (const { path: where, reason } of isAdded ? before.gaps.filter(isLasting) : [])
        this.#gap(where, reason);
      if (parts.length > 0) await this.#scan({ ...all, parts }, walk);
      const isEnding = this.#options.scheduler.isCancelled;
      const isWhole = !isAdded && this.#gaps.length === 0 && !isEnding;
      await this.#report(isWhole ? status : undefined);
      const keys = all.parts.filter((part) => !this.#again.has(part)).map(({ key }) => key);
      if (!isEnding) memory?.rememberRepository(path, { keys, gaps: this.#gaps.filter(isLasting) });
      // The next run begins with others.
      else if (parts.length > 0)
        memory?.rememberRepository(path, { keys: before?.keys ?? [], gaps: [UNFINISHED] });
    } catch (error) {
      if (error instanceof ContainerError) coverage.gap(path, error.reason);
      else coverage.failed(path, error);
    } finally {
      walk.close();
    }
  }

  async #scan(repository: RepositoryParts, walk: ReturnType<Platform['fs']['folderWalk']>): Promise<void> {
    const { platform, scheduler, coverage } = this.#options;
    const { path } = this.#repository;
    const size = repository.parts.reduce((sum, part) => sum + part.size, 0);
    this.#endsAt = cpuTime() + cpuTimeOf(size);
    const isCancelled = () => scheduler.isCancelled || this.#isOver;
    const reader = new RepositoryReader({
      ...repository,
      objects: this.#objects,
      path: platform.path.join(path, 'objects'),
      platform,
      walk,
      onGap: (part, where, reason) => {
        // An error of the file system may be gone the next time.
        if (reason instanceof Error) this.#again.add(part);
        this.#gap(where, reason instanceof Error ? reasonOf(reason.cause, where) : reason);
      },
      pause: () => this.#pause(),
      isCancelled,
    });
    for await (const { content, ...text } of reader.texts()) {
      const { inside, name = inside } = text;
      const where = joinInner(path, inside);
      const token = { ...text, path: `/${name}`, scan: this };
      try {
        const wait = Buffer.isBuffer(content)
          ? this.#examiner.scan(token, content)
          : this.#examiner.scanStream(token, content);
        if (wait !== undefined) await wait;
      } catch (error) {
        this.#gap(where, error instanceof ContainerError ? error.reason : reasonOf(error, where));
      }
      await this.#pause();
    }
    this.#examiner.flush();
    if (this.#isOver) this.#gap(path, 'too-slow');
    if (scheduler.isCancelled) coverage.gap(path, 'stopped-early');
    else coverage.files += repository.parts.length - this.#again.size;
  }

  #pause(): Promise<void> | undefined {
    const { scheduler } = this.#options;
    if (!scheduler.isYieldDue) return undefined;
    if (cpuTime() > this.#endsAt) this.#isOver = true;
    return scheduler.yieldNow();
  }

  take(token: Token, detection: Detection): void {
    if (token.isInWorkTree === true) this.#inWorkTree.add(`${detection.fingerprint} ${token.name}`);
    else this.#findings.add(token, detection);
  }

  missed({ inside, isInWorkTree }: Token, reason: GapReason): void {
    if (isInWorkTree === undefined) this.#gap(joinInner(this.#repository.path, inside), reason);
  }

  #gap(path: string, reason: GapReason): void {
    this.#gaps.push({ path, reason });
    this.#options.coverage.gap(path, reason);
  }

  /** @param status of the repository, if everything in it was scanned: what was not found again is gone */
  async #report(status: FileStatus | undefined): Promise<void> {
    const { platform, suppressions, redact, key, onFile } = this.#options;
    const { path, place } = this.#repository;
    const { new: found, stillThere, more, allowed } = this.#findings;
    if (found.length === 0 && stillThere.length === 0 && status === undefined) return;
    const top = workTreeOf(place, platform);
    if (top !== undefined) await this.#searchWorkTree(top, found);
    const places = new Places(redact, key);
    const findings = new FindingsByFile({
      onFile: (file) => {
        const { dev, ino } = status ?? {};
        const isWhole = dev !== undefined && ino !== undefined;
        onFile({
          ...file,
          file: isWhole ? { dev, ino } : undefined,
          more,
          allowed,
          stillThere: [...file.stillThere, ...stillThere],
        });
      },
      describe: describerOn(platform),
      isWatched: () => true,
      standingsIn: standingsOf({ suppressions, watched: undefined, places }),
    });
    for (const one of found) {
      const { inside, name, detection } = one;
      const isKnown = top !== undefined && name !== undefined;
      const evidence = [...detection.evidence, ...(isKnown ? [this.#stateOf(name, detection)] : [])];
      findings.add(path, { ...detection, evidence, inside: places.placeOf(inside) });
    }
    findings.end(path, status ?? platform.fs.status(place));
  }

  async #searchWorkTree(top: string, found: readonly HistoryFinding[]): Promise<void> {
    const { platform, coverage } = this.#options;
    const { bytes, inside } = coverage;
    const { entries } = inside;
    const names = found.flatMap(({ name }) => name ?? []);
    for (const [name, content] of contentsIn(top, names, platform)) {
      const wait = this.#examiner.scan(
        { path: `/${name}`, inside: name, name, rank: 0, scan: this, isInWorkTree: true },
        content,
      );
      if (wait !== undefined) await wait;
    }
    this.#examiner.flush();
    // The walk has counted these files.
    coverage.bytes = bytes;
    inside.entries = entries;
  }

  #stateOf(name: string, { fingerprint }: Detection): string {
    const isThere = this.#inWorkTree.has(`${fingerprint} ${name}`);
    return isThere ? 'still in the work tree' : 'not in the work tree';
  }
}

function cpuTime(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
}
