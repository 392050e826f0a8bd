/**
 * What was scanned and what was not: complete counts, and for each owner a bounded list and the first gaps in the
 * log. Paths are redacted when they are added, since a file name may look like a token.
 */
import type { Log } from '../../host/log/index.ts';
import type { Coverage } from './finding.ts';
import { scanEvents } from './events.ts';
import { codeOf } from '../../host/exit/task-error.ts';
import { GapList, GapLog, type OwnedGap, type Whose, shareOf } from './gap-list.ts';

/** What a file contains that is neither text nor opened: by its content, whatever its name. */
export type BinaryKind = (typeof binaryKinds)[number];

/** In the order in which the file index numbers them. */
export const binaryKinds = [
  'other-binary',
  'archive',
  'office-document',
  'pdf',
  'database',
  'mail',
  'image',
  'audio-video',
  'executable',
  'git-objects',
  'keepass-database',
] as const;

/** Skipped on purpose. */
export type SkipReason =
  | 'link'
  | 'special-file'
  | BinaryKind
  | 'excluded'
  | 'other-shard'
  | 'pseudo-file-system'
  | 'network-file-system'
  /** A mount below a root that is not known to be a local file system served by the kernel. */
  | 'unknown-file-system'
  /** The file has a size, but none of its content is on this machine: reading it would download it, or give zeros. */
  | 'not-on-this-machine'
  /** It ended, or started another program, while it was read. */
  | 'process-ended'
  /** Only a privileged run can read it. */
  | 'process-of-another-user'
  /** Windows loads the registry of a user only while they are signed in. */
  | 'user-not-signed-in'
  /** A source of `--sources` that this operating system does not have. */
  | 'source-of-another-system';

/** Should have been scanned. */
export type GapReason =
  | 'root-missing'
  | 'root-is-a-link'
  | 'root-is-no-file'
  | 'root-unreadable'
  | 'root-on-pseudo-file-system'
  | 'permission-denied'
  | 'vanished'
  /** It was a file or folder when it was listed; now it, or a folder above it, is a link. */
  | 'replaced-by-link'
  | 'name-not-unicode'
  | 'path-too-long'
  | 'in-use'
  /** A file in git's index with conflicts: what will be committed is not known yet. */
  | 'unmerged'
  | 'read-error'
  | 'finding-limit'
  /** The thread that scanned it made no progress for a minute, or did not stop in time when the run had to end. */
  | 'not-answering'
  /** This process, or the machine, has reached the limit of open files. */
  | 'too-many-open-files'
  | 'out-of-memory'
  | 'stopped-early'
  | 'too-slow'
  /** The processes of this owner have more variables and arguments than are read. */
  | 'process-limit'
  | ContainerGap;

/** Why a container, or one of its entries, was not read to its end. */
export type ContainerGap =
  /** A password is needed. */
  | 'encrypted'
  /** Cut off, or not what its format says. */
  | 'damaged'
  /** A method of compression, or a version, that is not supported. */
  | 'unsupported'
  /** A limit was reached: bytes, entries, time, ratio or depth. */
  | 'container-limit';

/** These say nothing about files that were not opened. */
const gapsInContainers: ReadonlySet<string> = new Set<ContainerGap>([
  'encrypted',
  'damaged',
  'unsupported',
  'container-limit',
]);

/** What one thread sends to another. */
export type CoveragePart = Omit<Coverage, 'gaps'> & { readonly gaps: readonly OwnedGap[] };

export class CoverageRecorder {
  folders = 0;
  files = 0;
  unchanged = 0;
  bytes = 0;
  /** In containers: the texts that were scanned, and what was skipped. */
  readonly inside: { entries: number; readonly skipped: Record<string, number> } = {
    entries: 0,
    skipped: {},
  };
  readonly #log: Log;
  readonly #redact: (text: string) => string;
  readonly #sources = new Map<string, number>();
  readonly #skipped = new Map<string, number>();
  readonly #unexamined = new Map<string, number>();
  readonly #gaps = new GapList();
  readonly #gapLog = new GapLog();
  #isLimitLogged = false;

  constructor(log: Log, redact: (text: string) => string) {
    this.#log = log;
    this.#redact = redact;
  }

  skip(reason: SkipReason, count = 1): void {
    if (count > 0) this.#skipped.set(reason, (this.#skipped.get(reason) ?? 0) + count);
  }

  /** An entry of a container that is neither text nor opened. */
  skipInside(kind: BinaryKind): void {
    this.inside.skipped[kind] = (this.inside.skipped[kind] ?? 0) + 1;
  }

  /** Counts what was read in a source that is not a file: see `Coverage.sources`. */
  countSource(source: string, count: number): void {
    addCounts(this.#sources, { [source]: count });
  }

  /** Files that were counted as skipped were opened after all, in another way. */
  opened(reason: BinaryKind, count: number): void {
    const rest = (this.#skipped.get(reason) ?? 0) - count;
    if (rest > 0) this.#skipped.set(reason, rest);
    else this.#skipped.delete(reason);
  }

  /** The number of files that were skipped because they are neither text nor opened. */
  get binaries(): number {
    return binariesIn(Object.fromEntries(this.#skipped));
  }

  /** @param whose what is known about the owner; without it, the folder is used */
  gap(path: string, reason: GapReason, whose?: Whose): void {
    this.#unexamined.set(reason, (this.#unexamined.get(reason) ?? 0) + 1);
    this.#keep({ path, reason, owner: shareOf(path, whose) }, this.#redact);
  }

  /**
   * Some findings of a file are not kept, so the file does not count as scanned.
   * @param isCounted whether it is already counted among the files scanned in this run
   */
  dropFindings(path: string, isCounted: boolean, owner: string): void {
    if (isCounted) this.files -= 1;
    addCounts(this.#unexamined, { 'finding-limit': 1 });
    // Not logged individually: one record for each owner counts the findings.
    this.#list({ path, reason: 'finding-limit', owner }, this.#redact);
  }

  #keep(gap: Required<OwnedGap>, redact: (text: string) => string): void {
    const { path, reason, owner } = gap;
    this.#list(gap, redact);
    if (this.#gapLog.admits(owner, reason)) this.#log(scanEvents.unexamined, { path: redact(path), reason });
    else if (!this.#isLimitLogged) {
      this.#isLimitLogged = true;
      this.#log(scanEvents.unexaminedLimit);
    }
  }

  #list({ path, reason, owner }: Required<OwnedGap>, redact: (text: string) => string): void {
    if (!this.#gaps.isClosedTo(owner, reason)) this.#gaps.add({ path: redact(path), reason, owner });
  }

  /** Adds a gap caused by an error of the file system. */
  failed(path: string, error: unknown, whose?: Whose): void {
    this.gap(path, reasonOf(error, path), whose);
  }

  /** Every file was opened and read, although some findings may not be kept, and something in a container may not have been read. */
  get isComplete(): boolean {
    return [...this.#unexamined.keys()].every(
      (reason) => reason === 'finding-limit' || gapsInContainers.has(reason),
    );
  }

  /** Adds the results of another recorder. Its paths are already redacted. */
  merge({
    folders,
    files,
    unchanged,
    bytes,
    inside,
    sources,
    skipped,
    unexamined,
    gaps,
  }: CoveragePart): void {
    this.folders += folders;
    this.files += files;
    this.unchanged += unchanged;
    this.bytes += bytes;
    this.inside.entries += inside.entries;
    for (const [kind, count] of Object.entries(inside.skipped)) {
      this.inside.skipped[kind] = (this.inside.skipped[kind] ?? 0) + count;
    }
    addCounts(this.#sources, sources ?? {});
    addCounts(this.#skipped, skipped);
    addCounts(this.#unexamined, unexamined);
    for (const { path, reason, owner = shareOf(path, undefined) } of gaps) {
      this.#keep({ path, reason, owner }, (text) => text);
    }
  }

  outcome(): Coverage {
    const part = this.part();
    return { ...part, gaps: part.gaps.map(({ path, reason }) => ({ path, reason })) };
  }

  /** The same for another recorder, which must know the owners of the gaps. */
  part(): CoveragePart {
    return {
      folders: this.folders,
      files: this.files,
      unchanged: this.unchanged,
      bytes: this.bytes,
      inside: { entries: this.inside.entries, skipped: { ...this.inside.skipped } },
      ...(this.#sources.size > 0 && { sources: Object.fromEntries(this.#sources) }),
      skipped: Object.fromEntries(this.#skipped),
      unexamined: Object.fromEntries(this.#unexamined),
      gaps: this.#gaps.all(),
    };
  }
}

/** The number of roots that could not be scanned at all. */
export function unusableRootsIn({ unexamined }: Pick<Coverage, 'unexamined'>): number {
  const reasons = Object.entries(unexamined).filter(([reason]) => reason.startsWith('root-'));
  return reasons.reduce((sum, [, count]) => sum + count, 0);
}

/** The number of files in a coverage that were skipped because they are neither text nor opened. */
export function binariesIn(skipped: Coverage['skipped']): number {
  return binaryKinds.reduce((sum, kind) => sum + (skipped[kind] ?? 0), 0);
}

function addCounts(counts: Map<string, number>, more: Readonly<Record<string, number>>): void {
  for (const [reason, count] of Object.entries(more)) counts.set(reason, (counts.get(reason) ?? 0) + count);
}

/** The gap caused by an error of the file system. */
export function reasonOf(error: unknown, path: string): GapReason {
  switch (codeOf(error)) {
    case 'EACCES':
    case 'EPERM':
      return 'permission-denied';
    case 'ENOENT':
    case 'ENOTDIR':
      // Node replaces invalid UTF-8 in a name with this character, and then finds no such file.
      return path.includes('\uFFFD') ? 'name-not-unicode' : 'vanished';
    case 'ELOOP':
      return 'replaced-by-link';
    case 'ENAMETOOLONG':
      return 'path-too-long';
    case 'ETIMEDOUT':
    case 'EHOSTDOWN':
    case 'ENOTCONN':
      return 'not-answering';
    case 'EMFILE':
    case 'ENFILE':
      return 'too-many-open-files';
    case 'ENOMEM':
      return 'out-of-memory';
    case 'EBUSY':
    case 'ETXTBSY':
      return 'in-use';
    default:
      return 'read-error';
  }
}
