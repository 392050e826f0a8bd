/**
 * From streams to findings: texts that are not files of this machine, such as standard input. Each is scanned as a large file is, in chunks
 * and in bounded memory.
 */
import type { OpenBinary } from '../detect/create-detector.ts';
import { binaryOpener, createDetector } from '../detect/create-detector.ts';
import { detectPath } from '../detect/custom-search.ts';
import { TextDetection } from '../detect/detection.ts';
import type { Detector } from '../detect/detector.ts';
import { type FileFindings, FindingsByFile } from '../findings/findings-by-file.ts';
import { type StandingsIn, standingsOf } from '../findings/standing.ts';
import type { SuppressionTable } from '../findings/suppression.ts';
import { formatOf } from '../containers/formats.ts';
import type { CoverageRecorder } from '../model/coverage.ts';
import { UNKNOWN_OWNER } from '../model/file-owner.ts';
import { Places } from '../model/watched-places.ts';
import type { CustomRules } from '../rules/custom/index.ts';
import { type ByteStream, PORTION_BYTES } from './byte-stream.ts';
import { examineInChunks } from './chunks.ts';
import type { Scheduler } from './scheduler.ts';
import { TextSource } from './text-source.ts';
import { type TextBudget, budgetFor } from './work-budget.ts';

export interface StreamExaminerOptions {
  /** The key of the fingerprints. */
  readonly key: Buffer;
  /** The run's start: milliseconds since 1970. */
  readonly now: number;
  /** Look for text in binaries too. */
  readonly binaries: boolean;
  readonly customRules: CustomRules | undefined;
  readonly suppressions: SuppressionTable;
  readonly redact: (text: string) => string;
  readonly scheduler: Scheduler;
  /** Who else can access what is scanned: see `Finding.exposure`. */
  readonly exposure: readonly string[];
}

export class StreamExaminer {
  readonly #scheduler: Scheduler;
  readonly #exposure: readonly string[];
  readonly #detector: Detector;
  readonly #openBinary: OpenBinary | undefined;
  readonly #budget: TextBudget;
  readonly #standingsIn: StandingsIn;

  constructor({ key, now, binaries, customRules, ...options }: StreamExaminerOptions) {
    const { suppressions, redact, scheduler, exposure } = options;
    this.#scheduler = scheduler;
    this.#exposure = exposure;
    this.#detector = createDetector(key, now, { customRules });
    this.#openBinary = binaries ? binaryOpener(this.#detector) : undefined;
    this.#budget = budgetFor(customRules);
    this.#standingsIn = standingsOf({ suppressions, watched: undefined, places: new Places(redact, key) });
  }

  /**
   * Scans a stream to its end. What goes wrong becomes a gap.
   * @param path for reports, and for rules that depend on names: absolute
   * @returns what was found in it, if anything
   */
  async scan(
    path: string,
    stream: ByteStream,
    coverage: CoverageRecorder,
  ): Promise<FileFindings | undefined> {
    let found: FileFindings | undefined;
    const findings = new FindingsByFile({
      onFile: (file) => (found = file),
      describe: () => ({
        exposure: this.#exposure,
        owner: UNKNOWN_OWNER,
        modifiedAt: Infinity,
        changedAt: Infinity,
      }),
      isWatched: () => false,
      standingsIn: this.#standingsIn,
    });
    const source = new TextSource(stream, 0, PORTION_BYTES);
    try {
      await stream.prepare();
      const end = source.begin(this.#detector.engine.memory, 0);
      if (source.kind === 'binary' && this.#openBinary === undefined) {
        const kind =
          formatOf(this.#detector.engine.memory.subarray(0, end), false, path)?.kind ?? 'other-binary';
        coverage.skip(kind);
      } else if (await this.#examine(path, { stream, source, end, findings, coverage })) coverage.files += 1;
    } catch (error) {
      if (this.#scheduler.isCancelled) coverage.gap(path, 'stopped-early');
      else coverage.failed(path, error);
    } finally {
      coverage.bytes += source.bytesRead;
      findings.end(path, NO_FILE);
    }
    return found;
  }

  /** @returns false, after a gap was recorded, if it was not scanned to its end */
  async #examine(path: string, { stream, source, end, findings, coverage }: Begun): Promise<boolean> {
    const detector = this.#detector;
    const budget = this.#budget;
    const onDetection = (detection: Parameters<FindingsByFile['add']>[1]) => findings.add(path, detection);
    for (const detection of detectPath(detector, path)) onDetection(detection);
    budget.begin();
    const text =
      (source.kind === 'binary' ? this.#openBinary?.(path, budget) : undefined) ??
      new TextDetection(detector, { path, budget });
    const awaited = {
      prepare: () => stream.prepare(),
      fill: (target: Buffer, offset: number) => source.fill(target, offset),
      get isAtEnd() {
        return source.isAtEnd;
      },
    };
    const reason = await examineInChunks(
      { detector, source: awaited, text, scheduler: this.#scheduler, budget, onDetection },
      end,
    );
    if (reason !== undefined) coverage.gap(path, reason);
    return reason === undefined;
  }
}

/** A stream whose beginning is in the memory, up to `end`. */
interface Begun {
  readonly stream: ByteStream;
  readonly source: TextSource;
  readonly end: number;
  readonly findings: FindingsByFile;
  readonly coverage: CoverageRecorder;
}

/** The status of no file on this machine. */
const NO_FILE = { uid: 0, dev: 0, ino: 0, mtimeMs: Infinity, ctimeMs: Infinity };
