/**
 * Files to detections. Files are read straight into the engine's memory, small ones behind each other until there are
 * enough for one search, large ones in chunks. What cannot be read becomes a gap, and what is no text is skipped; neither
 * ends the scan.
 */
import type { FileStatus, FileSystem } from '../platform/index.ts';
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
  readonly coverage: CoverageRecorder;
  readonly pace: Pace;
  /** Called file by file, in the order in which they came. */
  readonly onDetection: (path: string, detection: Detection) => void;
  /** Called after the detections of a file that was read to its end, or is a binary. Not asked for, it costs nothing. */
  readonly onEnd: ((path: string, status: FileStatus) => void) | undefined;
}

/** A file that is open and whose beginning lies in the memory from `start` to before `end`. */
interface LargeFile {
  readonly descriptor: number;
  readonly source: TextSource;
  readonly status: FileStatus | undefined;
  readonly start: number;
  readonly end: number;
}

export class FileScanner {
  readonly #options: FileScannerOptions;
  readonly #memory: Buffer;
  /** What is read and not searched yet: the files, and where each ends in the memory. */
  #paths: string[] = [];
  #ends: number[] = [];
  #statuses: (FileStatus | undefined)[] = [];

  constructor(options: FileScannerOptions) {
    this.#options = options;
    this.#memory = options.detector.engine.memory;
  }

  /**
   * Scans a file, now or with those that follow.
   * @returns for a large file alone, which rests between its chunks: a promise to wait for before the next file.
   */
  scan(path: string): Promise<void> | undefined {
    const { fs, coverage, onEnd } = this.#options;
    let descriptor: number;
    try {
      descriptor = fs.open(path);
    } catch (error) {
      coverage.failed(path, error);
      return undefined;
    }
    const source = new TextSource(fs, descriptor);
    const start = this.#ends.at(-1) ?? 0;
    let end: number | undefined;
    // A large file is closed when it has been scanned.
    let isMine = true;
    let status: FileStatus | undefined;
    try {
      // Before the first byte: what changes from here on shows in the status of the next run.
      status = onEnd && fs.statusOf(descriptor);
      end = source.begin(this.#memory, start);
      if (end === undefined) {
        coverage.skip('binary');
        if (status !== undefined) onEnd?.(path, status);
      } else if (!source.isAtEnd) end = source.fill(this.#memory, end);
      if (end !== undefined && !source.isAtEnd) {
        isMine = false;
        return this.#scanLarge(path, { descriptor, source, status, start, end });
      }
    } catch (error) {
      coverage.failed(path, error);
      end = undefined;
    } finally {
      if (isMine) {
        coverage.bytes += source.bytesRead;
        fs.close(descriptor);
      }
    }
    if (end !== undefined) this.#add(path, end, status);
    return undefined;
  }

  /** Searches what was read and waits for more. To be called when there is no more. */
  flush(): void {
    const { detector, onDetection, onEnd } = this.#options;
    const paths = this.#paths;
    const ends = this.#ends;
    const statuses = this.#statuses;
    this.#paths = [];
    this.#ends = [];
    this.#statuses = [];
    let ended = 0;
    const endBefore = (text: number) => {
      for (; ended < text; ended += 1) {
        const status = statuses[ended];
        if (status !== undefined) onEnd?.(paths[ended] ?? '', status);
      }
    };
    detectInTexts(detector, ends, (detection, text) => {
      endBefore(text);
      onDetection(paths[text] ?? '', detection);
    });
    endBefore(paths.length);
  }

  #add(path: string, end: number, status: FileStatus | undefined): void {
    this.#options.coverage.files += 1;
    this.#paths.push(path);
    this.#ends.push(end);
    this.#statuses.push(status);
    if (end >= BATCH) this.flush();
  }

  /** Leaves a gap when it must stop. */
  async #scanLarge(path: string, { descriptor, source, status, start, end }: LargeFile): Promise<void> {
    const { fs, coverage, pace, detector, onDetection, onEnd } = this.#options;
    const memory = this.#memory;
    try {
      this.flush();
      memory.copyWithin(0, start, end);
      let length = end - start;
      const text = new TextDetection(detector);
      for (;;) {
        if (!source.isAtEnd) length = source.fill(memory, length);
        const kept = text.next(length, source.isAtEnd, (detection) => onDetection(path, detection));
        if (source.isAtEnd) break;
        memory.copyWithin(0, length - kept, length);
        length = kept;
        if (pace.isRestDue) await pace.rest();
        if (!pace.isOver) continue;
        coverage.gap(path, 'stopped-early');
        return;
      }
      coverage.files += 1;
      if (status !== undefined) onEnd?.(path, status);
    } catch (error) {
      coverage.failed(path, error);
    } finally {
      coverage.bytes += source.bytesRead;
      fs.close(descriptor);
    }
  }
}
