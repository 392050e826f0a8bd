/**
 * From contents in memory to detections: for what is neither a file nor a stream. Small texts are searched together. Each has a token, with which
 * its detections are reported.
 */
import type { Detection } from '../detect/candidate.ts';
import { detectPath } from '../detect/custom-search.ts';
import type { ContainerBytes } from '../containers/container.ts';
import type { Format } from '../containers/formats.ts';
import type { ContainerSettings } from '../model/container-settings.ts';
import type { CoverageRecorder, GapReason } from '../model/coverage.ts';
import { joinInner } from '../model/location.ts';
import { ByteStream, PORTION_BYTES } from './byte-stream.ts';
import { type ContainerContent, ContainerScanner } from './container-scanner.ts';
import {
  type DetectionSettings,
  MAX_BATCHED_BYTES,
  type TextTools,
  examineText,
  textTools,
} from './examine-text.ts';
import type { Scheduler } from './scheduler.ts';
import { TextBatch } from './text-batch.ts';
import { TextSource } from './text-source.ts';

/** What is scanned. */
export interface BlobToken {
  /** For rules that depend on names. */
  readonly path: string;
  /** The place inside its file. */
  readonly inside: string;
}

export interface BlobExaminerOptions<Token> extends DetectionSettings {
  readonly containers: ContainerSettings;
  readonly coverage: CoverageRecorder;
  readonly scheduler: Scheduler;
  readonly onDetection: (token: Token, detection: Detection) => void;
  /** Called for a content that was not scanned to its end. */
  readonly onGap: (token: Token, reason: GapReason) => void;
}

export class BlobExaminer<Token extends BlobToken> {
  readonly #options: BlobExaminerOptions<Token>;
  readonly #tools: TextTools;
  readonly #containers: ContainerScanner;
  readonly #batch: TextBatch<Token>;

  constructor(options: BlobExaminerOptions<Token>) {
    const { containers, coverage, scheduler, onDetection, onGap } = options;
    this.#options = options;
    const tools = (this.#tools = textTools(options, scheduler));
    this.#containers = new ContainerScanner({ ...tools, settings: containers, coverage });
    this.#batch = new TextBatch<Token>({
      ...tools,
      onDetection,
      onEnd: (token, isSlow) => {
        if (isSlow) onGap(token, 'too-slow');
        else coverage.inside.entries += 1;
      },
    });
  }

  /** Scans a content, now or together with later ones. @returns a promise to await before the next one, if it is large */
  scan(token: Token, content: Buffer): Promise<void> | undefined {
    const reading = this.#containers.readingOf(content, token.path);
    if (reading.as === 'container')
      return this.#open(token, reading.format, { kind: 'bytes', bytes: bytesOf(content) });
    if (reading.as === 'text and container') return this.#scanBoth(token, reading.format, content);
    if (reading.as === 'text') return this.#scanText(token, content);
    this.#options.coverage.skipInside(reading.kind);
    return undefined;
  }

  async #scanBoth(token: Token, format: Format, content: Buffer): Promise<void> {
    await this.#scanText(token, content);
    await this.#open(token, format, { kind: 'bytes', bytes: bytesOf(content) });
  }

  #scanText(token: Token, content: Buffer): Promise<void> | undefined {
    const { coverage, onDetection } = this.#options;
    const { path } = token;
    const { detector } = this.#tools;
    const { memory } = detector.engine;
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
    for (const detection of detectPath(detector, path)) onDetection(token, detection);
    this.#batch.add(token, path, end);
    return undefined;
  }

  /** Scans a content that is too large for the memory. What goes wrong with it is thrown. */
  async scanStream(token: Token, pieces: AsyncIterable<Uint8Array>): Promise<void> {
    this.flush();
    const stream = new ByteStream(pieces);
    await stream.prepare();
    const reading = this.#containers.readingOf(stream.ahead, token.path);
    if (reading.as === 'container') {
      await this.#open(token, reading.format, { kind: 'stream', stream: stream.rest() });
    } else if (reading.as === 'nothing') {
      this.#options.coverage.skipInside(reading.kind);
      for await (const _ of stream.rest());
    } else {
      const source = new TextSource(stream, 0, PORTION_BYTES);
      const end = source.begin(this.#tools.detector.engine.memory, 0);
      await this.#inChunks(token, source, end, stream);
      // Its parts would need all of it in memory.
      if (reading.as === 'text and container') this.#options.onGap(token, 'container-limit');
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

  async #inChunks(token: Token, source: TextSource, end: number, stream?: ByteStream): Promise<void> {
    const { coverage, onDetection, onGap } = this.#options;
    const { path } = token;
    const found = (detection: Detection) => onDetection(token, detection);
    for (const detection of detectPath(this.#tools.detector, path)) found(detection);
    const reason = await examineText(this.#tools, { path, source, stream, onDetection: found }, end);
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
