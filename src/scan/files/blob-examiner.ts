/**
 * From contents in memory to detections: for what is neither a file nor a stream. Small texts are searched together. Each has a token, with which
 * its detections are reported.
 */
import type { OpenBinary } from '../detect/create-detector.ts';
import { binaryOpener, createDetector } from '../detect/create-detector.ts';
import type { Detection } from '../detect/candidate.ts';
import { detectPath } from '../detect/custom-search.ts';
import { TextDetection } from '../detect/detection.ts';
import type { Detector } from '../detect/detector.ts';
import type { ContainerBytes } from '../containers/container.ts';
import { type Format, formatOf, isReadAsText } from '../containers/formats.ts';
import type { ContainerSettings } from '../model/container-settings.ts';
import type { CoverageRecorder, GapReason } from '../model/coverage.ts';
import { joinInner } from '../model/location.ts';
import type { CustomRules } from '../rules/custom/index.ts';
import { ByteStream, PORTION_BYTES } from './byte-stream.ts';
import { examineInChunks } from './chunks.ts';
import { type ContainerContent, ContainerScanner } from './container-scanner.ts';
import { contentKind } from './content-kind.ts';
import type { Scheduler } from './scheduler.ts';
import { TextBatch } from './text-batch.ts';
import { TextSource } from './text-source.ts';
import { type TextBudget, budgetFor } from './work-budget.ts';

/** A larger text is scanned on its own, in steps between which signals are noticed. */
const MAX_BATCHED_BYTES = 128 * 1024;

/** What is looked at to recognise a format. */
const FIRST_BLOCK_BYTES = 64 * 1024;

/** What is scanned. */
export interface BlobToken {
  /** For rules that depend on names. */
  readonly path: string;
  /** The place inside its file. */
  readonly inside: string;
}

export interface BlobExaminerOptions<Token> {
  /** The key of the fingerprints. */
  readonly key: Buffer;
  /** The run's start: milliseconds since 1970. */
  readonly now: number;
  /** Look for text in binaries too. */
  readonly binaries: boolean;
  readonly containers: ContainerSettings;
  readonly disabledRules: ReadonlySet<string>;
  readonly customRules: CustomRules | undefined;
  readonly coverage: CoverageRecorder;
  readonly scheduler: Scheduler;
  readonly onDetection: (token: Token, detection: Detection) => void;
  /** Called for a content that was not scanned to its end. */
  readonly onGap: (token: Token, reason: GapReason) => void;
}

export class BlobExaminer<Token extends BlobToken> {
  readonly #options: BlobExaminerOptions<Token>;
  readonly #detector: Detector;
  readonly #openBinary: OpenBinary | undefined;
  readonly #containers: ContainerScanner;
  readonly #budget: TextBudget;
  readonly #batch: TextBatch<Token>;

  constructor(options: BlobExaminerOptions<Token>) {
    const { key, now, binaries, customRules, disabledRules: disabled, coverage } = options;
    this.#options = options;
    const detector = (this.#detector = createDetector(key, now, { customRules, disabled }));
    const budget = (this.#budget = budgetFor(customRules));
    const openBinary = (this.#openBinary = binaries ? binaryOpener(detector) : undefined);
    this.#containers = new ContainerScanner({
      settings: options.containers,
      detector,
      openBinary,
      scheduler: options.scheduler,
      budget,
      coverage,
    });
    this.#batch = new TextBatch<Token>({
      detector,
      budget,
      onDetection: options.onDetection,
      onTooSlow: (token) => {
        coverage.inside.entries -= 1;
        options.onGap(token, 'too-slow');
      },
    });
  }

  /** Scans a content, now or together with later ones. @returns a promise to await before the next one, if it is large */
  scan(token: Token, content: Buffer): Promise<void> | undefined {
    const { coverage } = this.#options;
    const { path } = token;
    const block = content.subarray(0, FIRST_BLOCK_BYTES);
    const isText = contentKind(block, 0, block.length) !== 'binary';
    const format = formatOf(block, isText, path);
    const isOpened = format !== undefined && this.#containers.opens(format);
    if (isOpened && !isReadAsText(format, isText))
      return this.#open(token, format, { kind: 'bytes', bytes: bytesOf(content) });
    if (!isOpened && !isText && this.#openBinary === undefined) {
      coverage.skipInside(format?.kind ?? 'other-binary');
      return undefined;
    }
    const scanned = this.#scanText(token, content);
    if (!isOpened) return scanned;
    return Promise.resolve(scanned).then(
      async () => await this.#open(token, format, { kind: 'bytes', bytes: bytesOf(content) }),
    );
  }

  #scanText(token: Token, content: Buffer): Promise<void> | undefined {
    const { coverage, onDetection } = this.#options;
    const { path } = token;
    const { memory } = this.#detector.engine;
    const reader = readerOf(content);
    const source = new TextSource(reader, 0, PORTION_BYTES);
    const start = this.#batch.end;
    let end = source.begin(memory, start);
    if (!source.isAtEnd) end = source.fill(memory, end);
    if (source.kind === 'binary' || !source.isAtEnd || end - start > MAX_BATCHED_BYTES) {
      this.flush();
      memory.copyWithin(0, start, end);
      return this.#inChunks(token, source, end - start);
    }
    coverage.bytes += source.bytesRead;
    coverage.inside.entries += 1;
    for (const detection of detectPath(this.#detector, path)) onDetection(token, detection);
    this.#batch.add(token, path, end);
    return undefined;
  }

  /** Scans a content that is too large for the memory. What goes wrong with it is thrown. */
  async scanStream(token: Token, pieces: AsyncIterable<Uint8Array>): Promise<void> {
    this.flush();
    const stream = new ByteStream(pieces);
    await stream.prepare();
    const block = stream.ahead.subarray(0, FIRST_BLOCK_BYTES);
    const isText = contentKind(block, 0, block.length) !== 'binary';
    const format = formatOf(block, isText, token.path);
    if (format !== undefined && this.#containers.opens(format) && !isReadAsText(format, isText)) {
      await this.#open(token, format, { kind: 'stream', stream: stream.rest() });
    } else if (!isText && this.#openBinary === undefined) {
      this.#options.coverage.skipInside(format?.kind ?? 'other-binary');
      for await (const _ of stream.rest());
    } else {
      const source = new TextSource(stream, 0, PORTION_BYTES);
      const end = source.begin(this.#detector.engine.memory, 0);
      await this.#inChunks(token, source, end, () => stream.prepare());
    }
  }

  /** Searches what was read. Call it after the last content. */
  flush(): void {
    this.#batch.flush();
  }

  /** Scans what is in a container. */
  async #open(token: Token, format: Format, content: ContainerContent): Promise<void> {
    const { onDetection, onGap } = this.#options;
    const placeOf = (inside: string | undefined) =>
      inside === undefined ? token : { ...token, inside: joinInner(token.inside, inside) };
    this.flush();
    await this.#containers.scan({
      format,
      path: token.path,
      content,
      size: content.kind === 'bytes' ? content.bytes.size : undefined,
      onDetection: (inside, detection) => onDetection(placeOf(inside), detection),
      onGap: (inside, reason) => onGap(placeOf(inside), reason),
    });
  }

  async #inChunks(
    token: Token,
    source: TextSource,
    end: number,
    prepare?: () => Promise<void>,
  ): Promise<void> {
    const { coverage, scheduler, onDetection, onGap } = this.#options;
    const { path } = token;
    const detector = this.#detector;
    const budget = this.#budget;
    for (const detection of detectPath(detector, path)) onDetection(token, detection);
    budget.begin();
    const text =
      (source.kind === 'binary' ? this.#openBinary?.(path, budget) : undefined) ??
      new TextDetection(detector, { path, budget });
    const awaited = {
      ...(prepare !== undefined && { prepare }),
      fill: (target: Buffer, offset: number) => source.fill(target, offset),
      get isAtEnd() {
        return source.isAtEnd;
      },
    };
    const found = (detection: Detection) => onDetection(token, detection);
    const reason = await examineInChunks(
      { detector, source: awaited, text, scheduler, budget, onDetection: found },
      end,
    );
    coverage.bytes += source.bytesRead;
    if (reason === undefined) coverage.inside.entries += 1;
    else onGap(token, reason);
  }
}

function bytesOf(content: Buffer): ContainerBytes {
  return {
    size: content.length,
    read: (target, offset, length, position) => {
      const part = content.subarray(position, position + length);
      target.set(part, offset);
      return part.length;
    },
  };
}

/** Reads a content like a file. */
function readerOf(content: Buffer): Pick<ByteStream, 'read'> {
  let start = 0;
  return {
    read: (_descriptor, target, offset, length) => {
      const part = content.subarray(start, start + length);
      target.set(part, offset);
      start += part.length;
      return part.length;
    },
  };
}
