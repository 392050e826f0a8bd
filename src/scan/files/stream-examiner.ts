/**
 * From streams to findings: texts that are not files of this machine, such as standard input. Each is scanned as a large file is, in chunks
 * and in bounded memory.
 */
import type { Detection } from '../detect/candidate.ts';
import { detectPath } from '../detect/custom-search.ts';
import { type FileFindings, FindingsByFile } from '../findings/findings-by-file.ts';
import { type StandingsIn, standingsOf } from '../findings/standing.ts';
import type { SuppressionTable } from '../findings/suppression.ts';
import type { Format } from '../containers/formats.ts';
import type { CoverageRecorder } from '../model/coverage.ts';
import type { ContainerSettings } from '../model/container-settings.ts';
import { UNKNOWN_OWNER } from '../model/file-owner.ts';
import { joinInner } from '../model/location.ts';
import { Places } from '../model/watched-places.ts';
import { ByteStream, PORTION_BYTES } from './byte-stream.ts';
import { ContainerScanner } from './container-scanner.ts';
import { type DetectionSettings, type TextTools, examineText, textTools } from './examine-text.ts';
import { type HeldBytes, hold, memoryOf } from './held-bytes.ts';
import type { Scheduler } from './scheduler.ts';
import { TextSource } from './text-source.ts';

export interface StreamExaminerOptions extends DetectionSettings {
  readonly containers: ContainerSettings;
  readonly suppressions: SuppressionTable;
  readonly redact: (text: string) => string;
  readonly scheduler: Scheduler;
  /** Who else can access what is scanned: see `Finding.exposure`. */
  readonly exposure: readonly string[];
}

/** Bytes that are held of a container that is text as well, because it is read twice. */
const MAX_HELD_BYTES = 16 * 1024 * 1024;

export class StreamExaminer {
  readonly #tools: TextTools;
  readonly #exposure: readonly string[];
  readonly #standingsIn: StandingsIn;
  readonly #containers: ContainerSettings;
  readonly #places: Places;

  constructor({ suppressions, redact, scheduler, exposure, containers, ...settings }: StreamExaminerOptions) {
    this.#tools = textTools(settings, scheduler);
    this.#exposure = exposure;
    this.#containers = containers;
    this.#places = new Places(redact, settings.key);
    this.#standingsIn = standingsOf({ suppressions, watched: undefined, places: this.#places });
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
    try {
      await stream.prepare();
      if ((await this.#examine({ path, stream, findings, coverage })) === true) coverage.files += 1;
    } catch (error) {
      if (this.#tools.scheduler.isCancelled) coverage.gap(path, 'stopped-early');
      else coverage.failed(path, error);
    } finally {
      findings.end(path, NO_FILE);
    }
    return found;
  }

  /** @returns whether it was read to its end; if not, a gap was recorded. Undefined for what is skipped */
  async #examine(begun: Begun): Promise<boolean | undefined> {
    const { path, stream, coverage } = begun;
    const scanner = new ContainerScanner({ ...this.#tools, settings: this.#containers, coverage });
    const reading = scanner.readingOf(stream.ahead, path);
    if (reading.as === 'container') return await this.#open(begun, reading.format, scanner);
    if (reading.as === 'text and container') return await this.#examineBoth(begun, reading.format, scanner);
    if (reading.as === 'text') return await this.#examineText(begun);
    coverage.skip(reading.kind);
    return undefined;
  }

  /** Text that contains more than can be read as text, such as mail. */
  async #examineBoth(begun: Begun, format: Format, scanner: ContainerScanner): Promise<boolean> {
    const held = await hold(begun.stream.rest(), memoryOf(MAX_HELD_BYTES));
    const stream = new ByteStream(held.pieces());
    await stream.prepare();
    const isRead = await this.#examineText({ ...begun, stream });
    if (!held.isWhole) begun.coverage.gap(begun.path, 'container-limit');
    return isRead && held.isWhole && (await this.#open(begun, format, scanner, held));
  }

  /** @param held its bytes, if they are in memory */
  async #open(
    { path, stream, findings, coverage }: Begun,
    format: Format,
    scanner: ContainerScanner,
    held?: HeldBytes,
  ): Promise<boolean> {
    let isWhole = true;
    await scanner.scan({
      format,
      path,
      content:
        held === undefined
          ? { kind: 'stream', stream: counted(stream.rest(), coverage) }
          : { kind: 'bytes', bytes: held },
      size: held?.size,
      onDetection: (inside, detection) =>
        findings.add(path, { ...detection, inside: this.#places.placeOf(inside) }),
      onGap: (inside, reason) => {
        coverage.gap(joinInner(path, inside), reason);
        if (inside === undefined) isWhole = false;
      },
    });
    return isWhole;
  }

  /** @returns false, after a gap was recorded, if it was not scanned to its end */
  async #examineText({ path, stream, findings, coverage }: Begun): Promise<boolean> {
    const { detector, scheduler } = this.#tools;
    const source = new TextSource(scheduler.limit?.meterReads(stream) ?? stream, 0, PORTION_BYTES);
    const onDetection = (detection: Detection) => findings.add(path, detection);
    for (const detection of detectPath(detector, path)) onDetection(detection);
    try {
      const end = source.begin(detector.engine.memory, 0);
      const reason = await examineText(this.#tools, { path, source, stream, onDetection }, end);
      if (reason !== undefined) coverage.gap(path, reason);
      return reason === undefined;
    } finally {
      coverage.bytes += source.bytesRead;
    }
  }
}

/** A stream whose beginning can be read. */
interface Begun {
  readonly path: string;
  readonly stream: ByteStream;
  readonly findings: FindingsByFile;
  readonly coverage: CoverageRecorder;
}

async function* counted(
  pieces: AsyncIterable<Uint8Array>,
  coverage: CoverageRecorder,
): AsyncGenerator<Uint8Array, void, undefined> {
  for await (const piece of pieces) {
    coverage.bytes += piece.length;
    yield piece;
  }
}

/** The status of no file on this machine. */
const NO_FILE = { uid: 0, dev: 0, ino: 0, mtimeMs: Infinity, ctimeMs: Infinity };
