/**
 * From containers to detections: opens them, and what is nested in them, within a budget, and scans the text of their entries. What cannot
 * be read becomes a gap at its place inside. One container at a time; the engine's memory is its own meanwhile.
 */
import {
  type ByteSource,
  type ContainerBytes,
  type ContainerEntry,
  ContainerError,
  type ContainerReader,
} from '../containers/container.ts';
import { ContainerBudget } from '../containers/container-budget.ts';
import { type Format, formatOf, isReadAsText } from '../containers/formats.ts';
import { loadReader } from '../containers/readers/load-reader.ts';
import type { Detection } from '../detect/candidate.ts';
import { detectPath } from '../detect/custom-search.ts';
import { type BinaryKind, type CoverageRecorder, type GapReason, reasonOf } from '../model/coverage.ts';
import { entryName, joinInner } from '../model/location.ts';
import { codeOf } from '../../host/exit/task-error.ts';
import { ByteStream, PORTION_BYTES } from './byte-stream.ts';
import type { ContainerSettings } from '../model/container-settings.ts';
import { contentKind } from './content-kind.ts';
import { MAX_BATCHED_BYTES, type TextTools, examineText } from './examine-text.ts';
import { type HeldBytes, hold, piecesOf } from './held-bytes.ts';
import { TextBatch } from './text-batch.ts';
import { TextSource } from './text-source.ts';

/** Bytes of a content that are looked at to determine what it is. */
const FIRST_BLOCK_BYTES = 64 * 1024;
/** Number of gaps of one container that are listed with their places inside. */
const MAX_PLACED_GAPS = 100;

export interface ContainerScannerOptions extends TextTools {
  readonly settings: ContainerSettings;
  readonly coverage: CoverageRecorder;
}

/** What is done about a content. Some text contains more than can be read as text, such as mail: it is scanned as both. */
export type Reading =
  | { readonly as: 'text' }
  | { readonly as: 'container'; readonly format: Format }
  | { readonly as: 'text and container'; readonly format: Format }
  | { readonly as: 'nothing'; readonly kind: BinaryKind };

/** A container that is a file, or a stream. */
export interface OuterContainer {
  readonly format: Format;
  /** Absolute, for rules that depend on names. */
  readonly path: string;
  readonly content: ContainerContent;
  /** In bytes; undefined where it is not known. */
  readonly size: number | undefined;
  readonly onDetection: (inside: string, detection: Detection) => void;
  /** @param inside undefined for the container itself: then it was not read to its end */
  readonly onGap: (inside: string | undefined, reason: GapReason) => void;
}

export type ContainerContent =
  | { readonly kind: 'bytes'; readonly bytes: ContainerBytes; readonly held?: HeldBytes }
  | { readonly kind: 'stream'; readonly stream: ByteSource };

export class ContainerScanner {
  readonly #options: ContainerScannerOptions;

  constructor(options: ContainerScannerOptions) {
    this.#options = options;
  }

  /** True for a format that this run opens. */
  opens(format: Format): boolean {
    const { mode } = this.#options.settings;
    if (format.reader === undefined || mode === 'off') return false;
    return mode === 'all' || format.isCostly !== true;
  }

  /** @param beginning of the content: `FIRST_BLOCK_BYTES` of it, or all @param path for formats that are known by their names */
  readingOf(beginning: Buffer, path: string): Reading {
    const block = beginning.subarray(0, FIRST_BLOCK_BYTES);
    const isText = contentKind(block, 0, block.length) !== 'binary';
    const format = formatOf(block, isText, path);
    if (format !== undefined && this.opens(format))
      return { as: isReadAsText(format, isText) ? 'text and container' : 'container', format };
    if (isText || this.#options.openBinary !== undefined) return { as: 'text' };
    return { as: 'nothing', kind: format?.kind ?? 'other-binary' };
  }

  /** Scans everything in a container. Never throws: what goes wrong becomes a gap. */
  async scan(container: OuterContainer): Promise<void> {
    await new ContainerScan(this, this.#options, container).run();
  }
}

/** A place in a container. */
interface Place {
  /** Undefined for the outermost container itself. */
  readonly inside: string | undefined;
  /** For rules that depend on names: as if the entries of a container were at the root of a file system. */
  readonly path: string;
  /** How many containers are around it, and how many of them contain more than one file. */
  readonly level: number;
  readonly depth: number;
}

class ContainerScan {
  readonly #scanner: ContainerScanner;
  readonly #options: ContainerScannerOptions;
  readonly #container: OuterContainer;
  readonly #limits: ContainerBudget;
  readonly #batch: TextBatch<string>;
  #placedGaps = 0;
  /** Nothing more is read. */
  #isOver = false;

  constructor(scanner: ContainerScanner, options: ContainerScannerOptions, container: OuterContainer) {
    const { settings, scheduler, detector, budget, coverage } = options;
    this.#scanner = scanner;
    this.#options = options;
    this.#container = container;
    this.#limits = new ContainerBudget({
      maxBytes: settings.maxBytes,
      fileSize: container.size,
      isCancelled: () => scheduler.isCancelled,
    });
    this.#batch = new TextBatch({
      detector,
      budget,
      onDetection: (inside, detection) => container.onDetection(inside, detection),
      onEnd: (inside, isSlow) => {
        if (isSlow) this.#gap(inside, 'too-slow');
        else coverage.inside.entries += 1;
      },
    });
  }

  async run(): Promise<void> {
    const { format, path, content } = this.#container;
    await this.#open(format, content, { inside: undefined, path, level: 0, depth: 0 });
    this.#batch.flush();
  }

  async #open(format: Format, content: ContainerContent, place: Place): Promise<void> {
    const isSingle = format.isSingle === true;
    const depth = place.depth + (isSingle ? 0 : 1);
    const level = place.level + 1;
    const { settings } = this.#options;
    if (depth > settings.depth || level > 2 * settings.depth) {
      this.#gap(place.inside, 'container-limit');
      return;
    }
    let given: ContainerContent | undefined;
    try {
      const reader = await readerOf(format);
      given = await this.#asNeeded(reader, content);
      for await (const entry of entriesOf(reader, given, place, this.#limits)) {
        this.#limits.entry();
        if (await this.#mustEnd()) return;
        const name = entryName(entry.name);
        const inner: Place = isSingle
          ? { inside: joined(place.inside, name), path: beside(place.path, name), level, depth }
          : { inside: joined(place.inside, name), path: `/${name}`, level, depth };
        // A compressed container is one place, not two.
        await this.#examine(entry.content, inner, isSingle ? place.inside : inner.inside);
        if (await this.#mustEnd()) return;
      }
    } catch (error) {
      this.#failed(place.inside, error);
    } finally {
      if (given !== content && given?.kind === 'bytes') given.held?.release();
    }
  }

  /** @param container the place of the entry if it is a container */
  async #examine(
    content: ContainerEntry['content'],
    place: Place,
    container: string | undefined,
  ): Promise<void> {
    if (typeof content === 'string') {
      this.#gap(container, content);
      return;
    }
    let failure: unknown;
    const stream = new ByteStream(this.#sound(content, place.level, (error) => (failure = error)));
    try {
      await this.#examineContent(stream, place, container);
      if (failure !== undefined) throw failure;
    } catch (error) {
      this.#failed(place.inside, error);
    } finally {
      await stream.close();
    }
  }

  async #examineContent(stream: ByteStream, place: Place, container: string | undefined): Promise<void> {
    await stream.prepare(FIRST_BLOCK_BYTES);
    const reading = this.#scanner.readingOf(stream.ahead, place.path);
    if (reading.as === 'text and container') await this.#examineBoth(reading.format, stream, place);
    else if (reading.as === 'container')
      await this.#open(reading.format, streamed(stream.rest()), { ...place, inside: container });
    else if (reading.as === 'text') await this.#scanText(stream, place);
    else this.#options.coverage.skipInside(reading.kind);
  }

  /** Text that contains more than can be read as text, such as mail. */
  async #examineBoth(format: Format, stream: ByteStream, place: Place): Promise<void> {
    const held = await hold(stream.rest(), this.#limits);
    try {
      await this.#scanText(new ByteStream(held.pieces()), place);
      if (held.isWhole) await this.#open(format, { kind: 'bytes', bytes: held }, place);
      else this.#gap(place.inside, 'container-limit');
    } finally {
      held.release();
    }
  }

  async #scanText(stream: ByteStream, { inside = '', path }: Place): Promise<void> {
    const { detector, coverage } = this.#options;
    const { memory } = detector.engine;
    for (const detection of detectPath(detector, path)) this.#container.onDetection(inside, detection);
    const start = this.#batch.end;
    const source = new TextSource(stream, 0, PORTION_BYTES);
    let end = source.begin(memory, start);
    if (!source.isAtEnd) {
      await stream.prepare();
      end = source.fill(memory, end);
    }
    const isLarge = !source.isAtEnd || end - start > MAX_BATCHED_BYTES;
    if (source.kind !== 'binary' && !isLarge) {
      this.#batch.add(inside, path, end);
      return;
    }
    this.#batch.flush();
    memory.copyWithin(0, start, end);
    const onDetection = (detection: Detection) => this.#container.onDetection(inside, detection);
    const reason = await examineText(this.#options, { path, source, stream, onDetection }, end - start);
    if (reason === undefined) coverage.inside.entries += 1;
    else this.#gap(reason === 'stopped-early' ? undefined : inside, reason);
  }

  /** What a reader is given: a format with a directory needs all bytes. */
  async #asNeeded({ needs }: ContainerReader, content: ContainerContent): Promise<ContainerContent> {
    if (needs === content.kind) return content;
    if (content.kind === 'bytes') return streamed(this.#paced(piecesOf(content.bytes)));
    const held = await hold(content.stream, this.#limits);
    if (held.isWhole) return { kind: 'bytes', bytes: held, held };
    held.release();
    throw new ContainerError('container-limit', 'it does not fit into memory');
  }

  /** The content of an entry, counted. It ends where it cannot be read further, so that what is before that is scanned. */
  async *#sound(
    content: ByteSource,
    level: number,
    onFailure: (error: unknown) => void,
  ): AsyncGenerator<Uint8Array, void, undefined> {
    try {
      for await (const piece of this.#paced(content)) {
        this.#limits.decoded(piece.length, level);
        yield piece;
      }
    } catch (error) {
      onFailure(error);
    }
  }

  /** With time for other work between its pieces. @throws ContainerError when nothing more may be read */
  async *#paced(content: ByteSource): AsyncGenerator<Uint8Array, void, undefined> {
    for await (const piece of content) {
      this.#limits.passed(piece.length);
      if (await this.#mustEnd()) throw new ContainerError('container-limit', 'a limit was reached');
      yield piece;
    }
  }

  /** Lets other work be done if it is time. @returns true when nothing more may be read, which was recorded */
  async #mustEnd(): Promise<boolean> {
    const { scheduler } = this.#options;
    if (scheduler.isYieldDue) await scheduler.yieldNow();
    if (this.#limits.isOver()) this.#end();
    return this.#isOver;
  }

  /** The rest of the container is not read. */
  #end(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    const { scheduler } = this.#options;
    this.#container.onGap(undefined, scheduler.isCancelled ? 'stopped-early' : 'container-limit');
  }

  #failed(inside: string | undefined, error: unknown): void {
    if (this.#limits.isOver()) this.#end();
    if (this.#isOver) return;
    if (error instanceof ContainerError) this.#gap(inside, error.reason);
    // An error of the file system concerns the file.
    else if (codeOf(error) !== undefined)
      this.#container.onGap(undefined, reasonOf(error, this.#container.path));
    else this.#gap(inside, 'damaged');
  }

  /** The first gaps are listed at their places; when there are many, they count as one of the container. */
  #gap(inside: string | undefined, reason: GapReason): void {
    this.#placedGaps += 1;
    if (this.#placedGaps <= MAX_PLACED_GAPS) this.#container.onGap(inside, reason);
    else if (this.#placedGaps === MAX_PLACED_GAPS + 1) this.#container.onGap(undefined, reason);
  }
}

async function readerOf({ reader }: Format): Promise<ContainerReader> {
  if (reader === undefined) throw new ContainerError('unsupported', 'no reader');
  return await loadReader(reader);
}

function entriesOf(
  reader: ContainerReader,
  content: ContainerContent,
  { path }: Place,
  limits: ContainerBudget,
): AsyncIterable<ContainerEntry> {
  const name = path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);
  if (reader.needs === 'bytes' && content.kind === 'bytes') return reader.read(content.bytes, name, limits);
  if (reader.needs === 'stream' && content.kind === 'stream')
    return reader.read(content.stream, name, limits);
  throw new TypeError('a reader is not given what it needs');
}

function streamed(stream: ByteSource): ContainerContent {
  return { kind: 'stream', stream };
}

function joined(inside: string | undefined, name: string): string {
  return inside === undefined ? name : joinInner(inside, name);
}

/** The path of another file in the same folder. */
function beside(path: string, name: string): string {
  return path.slice(0, Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1) + name;
}
