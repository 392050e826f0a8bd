/** The progress of a scan for a person who waits. Nothing is computed unless somebody looks. */
import type { Platform } from '../../host/platform/index.ts';
import type { Progress } from '../../host/task/progress.ts';
import { progressOf } from '../report/progress.ts';
import { bytesOfFiles } from '../walk/index.ts';
import { FileCount, type FileCountOptions } from './file-count.ts';
import type { WorkSoFar } from './messages.ts';

/** Milliseconds of work before the files are counted: by then, the scan is a long one. */
const COUNT_AFTER_MS = 5000;

export interface ScanProgressOptions extends FileCountOptions {
  readonly platform: Platform;
  /** Some of the roots may not answer: their files cannot be counted. */
  readonly hasRemoteRoots: boolean;
  /** What all threads have scanned, and what they have found. */
  readonly soFar: () => WorkSoFar & { readonly binaries: number; readonly findings: number };
}

export class ScanProgress {
  /** The folder that the main thread scans. */
  folder: string | undefined;
  readonly #options: ScanProgressOptions;
  readonly #began: number;
  /** What there is to do: bytes, or files. */
  #total: number | FileCount | undefined;

  constructor(options: ScanProgressOptions) {
    this.#options = options;
    this.#began = options.platform.clock.monotonic();
  }

  describe(): Progress {
    const { platform, soFar } = this.#options;
    const milliseconds = platform.clock.monotonic() - this.#began;
    const work = soFar();
    return progressOf({
      ...work,
      milliseconds,
      folder: this.folder,
      fraction: this.#fraction(work, milliseconds),
    });
  }

  /** Call it at the end. */
  close(): void {
    if (this.#total instanceof FileCount) this.#total.close();
  }

  /** How much of the work is done: of the bytes if all roots are files, otherwise of the files once they are counted. */
  #fraction(
    { files, unchanged, bytes, binaries }: ReturnType<ScanProgressOptions['soFar']>,
    milliseconds: number,
  ): number | undefined {
    const { platform, roots, hasRemoteRoots } = this.#options;
    if (hasRemoteRoots) return undefined;
    this.#total ??= bytesOfFiles(roots, platform);
    if (typeof this.#total === 'number') return bytes / this.#total;
    if (milliseconds < COUNT_AFTER_MS) return undefined;
    this.#total ??= new FileCount(this.#options);
    const total = this.#total.advance();
    return total === undefined ? undefined : (files + unchanged + binaries) / total;
  }
}
