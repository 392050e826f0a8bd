/**
 * Files to detections. Files are read straight into the engine's memory, small ones behind each other until there are
 * enough for one search, large ones and binaries in chunks. What cannot be read becomes a gap, and binaries are skipped
 * unless they are asked for; neither ends the scan.
 */
import type { FileSystem } from '../platform/index.ts';
import type { BinaryDetection } from './binary-detection.ts';
import type { CoverageRecorder } from './coverage.ts';
import { type Detection, type Detector, TextDetection, detectInTexts } from './detection.ts';
import type { Pace } from './pace.ts';
import { TextSource } from './text-source.ts';

/** Bytes that a file may have to be scanned in one piece, wherever in the memory it is read to. */
const CHUNK = 1024 * 1024;
/** Bytes of small files that are searched together: enough to make the search's start cheap, few enough for the cache. */
const BATCH = 192 * 1024;
/** Bytes of memory that the scanner wants from the engine. */
export const SCANNER_MEMORY = BATCH + CHUNK;

export interface FileScannerOptions {
  readonly fs: FileSystem;
  /** Its engine has `SCANNER_MEMORY`. */
  readonly detector: Detector;
  /** For the next binary. Without it, binaries are skipped. */
  readonly openBinary: ((path: string) => BinaryDetection) | undefined;
  readonly coverage: CoverageRecorder;
  readonly pace: Pace;
  /** Called file by file, in the order in which they came. */
  readonly onDetection: (path: string, detection: Detection) => void;
}

export class FileScanner {
  readonly #options: FileScannerOptions;
  readonly #memory: Buffer;
  /** What is read and not searched yet: the files, and where each ends in the memory. */
  #paths: string[] = [];
  #ends: number[] = [];

  constructor(options: FileScannerOptions) {
    this.#options = options;
    this.#memory = options.detector.engine.memory;
  }

  /**
   * Scans a file, now or with those that follow.
   * @returns for a large file or a binary alone, which rests between its chunks: a promise to wait for before the next file.
   */
  scan(path: string): Promise<void> | undefined {
    const { fs, coverage, pace, openBinary } = this.#options;
    let descriptor: number;
    try {
      descriptor = fs.open(path);
    } catch (error) {
      coverage.failed(path, error);
      return undefined;
    }
    const source = new TextSource(fs, descriptor, pace.portion);
    const start = this.#ends.at(-1) ?? 0;
    let end: number;
    // A large file is closed when it has been scanned.
    let isMine = true;
    try {
      end = source.begin(this.#memory, start);
      if (source.kind === 'binary' && openBinary === undefined) {
        coverage.skip('binary');
        return undefined;
      }
      if (!source.isAtEnd) end = source.fill(this.#memory, end);
      if (source.kind === 'binary' || !source.isAtEnd) {
        isMine = false;
        return this.#scanChunks(path, descriptor, source, start, end);
      }
    } catch (error) {
      coverage.failed(path, error);
      return undefined;
    } finally {
      if (isMine) {
        coverage.bytes += source.bytesRead;
        fs.close(descriptor);
      }
    }
    this.#add(path, end);
    return undefined;
  }

  /** Searches what was read and waits for more. To be called when there is no more. */
  flush(): void {
    const { detector, onDetection } = this.#options;
    const paths = this.#paths;
    const ends = this.#ends;
    this.#paths = [];
    this.#ends = [];
    detectInTexts(detector, ends, paths, (detection, text) => onDetection(paths[text] ?? '', detection));
  }

  #add(path: string, end: number): void {
    this.#options.coverage.files += 1;
    this.#paths.push(path);
    this.#ends.push(end);
    if (end >= BATCH) this.flush();
  }

  /** Scans a file whose beginning lies in the memory from `start` to before `end`. Leaves a gap when it must stop. */
  async #scanChunks(
    path: string,
    descriptor: number,
    source: TextSource,
    start: number,
    end: number,
  ): Promise<void> {
    const { fs, coverage, pace, detector, openBinary, onDetection } = this.#options;
    const memory = this.#memory;
    try {
      this.flush();
      memory.copyWithin(0, start, end);
      let length = end - start;
      const text =
        (source.kind === 'binary' ? openBinary?.(path) : undefined) ?? new TextDetection(detector, { path });
      for (;;) {
        if (!source.isAtEnd) length = source.fill(memory, length);
        const kept = text.next(length, source.isAtEnd, (detection) => onDetection(path, detection));
        memory.copyWithin(0, length - kept, length);
        length = kept;
        if (pace.isRestDue) await pace.rest();
        if (source.isAtEnd) break;
        if (!pace.isOver) continue;
        coverage.gap(path, 'stopped-early');
        return;
      }
      coverage.files += 1;
    } catch (error) {
      coverage.failed(path, error);
    } finally {
      coverage.bytes += source.bytesRead;
      fs.close(descriptor);
    }
  }
}
