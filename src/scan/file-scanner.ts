/**
 * One file: opened, read in chunks into one buffer that all files share, closed. What cannot be read becomes a gap, and
 * what is no text is skipped; neither ends the scan.
 */
import type { FileSystem } from '../platform/index.ts';
import type { CoverageRecorder } from './coverage.ts';
import { type Detection, type Detector, TextDetection } from './detection.ts';
import type { Pace } from './pace.ts';
import { TextSource } from './text-source.ts';

export const CHUNK = 1024 * 1024;

export interface FileScannerOptions {
  readonly fs: FileSystem;
  readonly detector: Detector;
  readonly coverage: CoverageRecorder;
  readonly pace: Pace;
  readonly onDetection: (path: string, detection: Detection) => void;
}

export class FileScanner {
  readonly #options: FileScannerOptions;
  readonly #chunk = Buffer.allocUnsafe(CHUNK);
  readonly #scratch = Buffer.allocUnsafe(CHUNK / 2);

  constructor(options: FileScannerOptions) {
    this.#options = options;
  }

  /** Scans a file. Rests between the chunks of a large one; leaves a gap when the work must end within it. */
  async scan(path: string): Promise<void> {
    const { fs, coverage } = this.#options;
    let descriptor: number;
    try {
      descriptor = fs.open(path);
    } catch (error) {
      coverage.failed(path, error);
      return;
    }
    const source = new TextSource(fs, descriptor, this.#scratch);
    try {
      if (await this.#scanText(path, source)) coverage.files += 1;
      else if (this.#options.pace.isOver) coverage.gap(path, 'stopped-early');
      else coverage.skip('binary');
    } catch (error) {
      coverage.failed(path, error);
    } finally {
      coverage.bytes += source.bytesRead;
      fs.close(descriptor);
    }
  }

  /** @returns whether the whole file was scanned. */
  async #scanText(path: string, source: TextSource): Promise<boolean> {
    const { detector, pace, onDetection } = this.#options;
    const chunk = this.#chunk;
    const { kind, length } = source.begin(chunk);
    if (kind === 'binary') return false;
    let end = length;
    const text = new TextDetection(detector);
    for (;;) {
      if (!source.isAtEnd) end = source.fill(chunk, end);
      const kept = text.next(chunk, end, source.isAtEnd, (detection) => onDetection(path, detection));
      if (source.isAtEnd) return true;
      chunk.copyWithin(0, end - kept, end);
      end = kept;
      if (pace.isRestDue) await pace.rest();
      if (pace.isOver) return false;
    }
  }
}
