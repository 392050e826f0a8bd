/**
 * From files to detections. Files are read directly into the engine's memory, small ones one after another until
 * there are enough for one search, large ones and binaries in chunks, and very large ones in parts if other threads
 * can help. Containers are opened. What cannot be read becomes a gap, and binaries are skipped unless enabled; neither ends the scan.
 */
import type { FileStatus } from '../../host/platform/index.ts';
import type { OpenBinary } from '../detect/create-detector.ts';
import type { EarlyEnd } from './chunks.ts';
import { ContainerFiles, type ContainerFilesOptions } from './container-files.ts';
import { type Format, formatOf, isReadAsText } from '../containers/formats.ts';
import { ALL_INSIDE } from '../model/location.ts';
import type { BinaryKind, CoverageRecorder } from '../model/coverage.ts';
import type { Detection } from '../detect/candidate.ts';
import { hasRulesOfItsOwn } from '../detect/detection.ts';
import type { Detector } from '../detect/detector.ts';
import { detectPath } from '../detect/custom-search.ts';
import { MAX_BATCHED_BYTES, examineText } from './examine-text.ts';
import { type FileOpenerOptions, openFile } from './open-file.ts';
import type { Scheduler } from './scheduler.ts';
import { PartScanner, type PartScannerOptions, type SplitOptions } from './part-scanner.ts';
import { TextBatch } from './text-batch.ts';
import { TextSource } from './text-source.ts';
import type { FoundFile, RestOfFile } from '../walk/index.ts';
import { type TextBudget, budgetFor } from './work-budget.ts';

export interface FileScannerOptions extends FileOpenerOptions {
  /** Its engine has `SCANNER_MEMORY_BYTES`. */
  readonly detector: Detector;
  /** Opens the next binary. Without it, binaries are skipped. */
  readonly openBinary: OpenBinary | undefined;
  /** What is done about containers; by default, none is opened. */
  readonly containers?: Pick<ContainerFilesOptions, 'settings' | 'placeOf'> | undefined;
  readonly coverage: CoverageRecorder;
  readonly scheduler: Scheduler;
  /** Called file by file, in the order in which they were passed in. */
  readonly onDetection: (path: string, detection: Detection) => void;
  /**
   * Called after the detections of a file that was read to its end, or is a binary. Optional, since it has a
   * cost. `unread` has the places in a container that were not read.
   */
  readonly onEnd: ((path: string, status: FileStatus, unread?: readonly string[]) => void) | undefined;
  /**
   * Called when a file has been read to its end; its detections may still follow. Only if `onEnd` is set.
   * @returns a function that reverts this, called if it turns out that the file was not scanned to its end
   */
  readonly onRead?:
    | ((path: string, status: FileStatus, kind: BinaryKind | undefined) => (() => void) | undefined)
    | undefined;
  /** Limits the work on each file. */
  readonly budget?: TextBudget | undefined;
  /** Set when there may be other threads: files of at least two parts are offered to them, except UTF-16. */
  readonly split?: (SplitOptions & Pick<PartScannerOptions, 'standingsIn'>) | undefined;
}

/** An open file whose beginning is in the memory from `start` to before `end`. */
interface LargeFile {
  readonly descriptor: number;
  readonly source: TextSource;
  readonly status: FileStatus | undefined;
  readonly start: number;
  readonly end: number;
}

/** A file that is read and not searched yet. */
interface BatchedFile {
  readonly path: string;
  readonly status: FileStatus | undefined;
  /** Reverts `onRead`. */
  readonly takeBack: (() => void) | undefined;
}

type OpenContainer = LargeFile & { readonly status: FileStatus };

export class FileScanner {
  readonly #options: FileScannerOptions;
  readonly #memory: Buffer;
  readonly #budget: TextBudget;
  readonly #parts: PartScanner | undefined;
  readonly #containers: ContainerFiles | undefined;
  /** What is read and not searched yet. */
  readonly #batch: TextBatch<BatchedFile>;

  constructor(options: FileScannerOptions) {
    this.#options = options;
    this.#memory = options.detector.engine.memory;
    const { customRules } = options.detector;
    this.#budget = options.budget ?? budgetFor(customRules);
    const budget = this.#budget;
    const { containers } = options;
    if (containers !== undefined)
      this.#containers = new ContainerFiles({ ...options, ...containers, budget });
    this.#batch = new TextBatch({
      detector: options.detector,
      budget,
      onDetection: ({ path }, detection) => options.onDetection(path, detection),
      onEnd: (file, isSlow) => this.#searched(file, isSlow),
    });
    if (options.split !== undefined) this.#parts = new PartScanner({ ...options, ...options.split, budget });
  }

  /**
   * Scans a file, now or together with later ones, or the next part of one that was offered.
   * @returns only for a large file or a binary: a promise to await before the next file; it yields between chunks
   */
  scan(next: FoundFile | RestOfFile): Promise<void> | undefined {
    if (next.kind === 'file') return this.#scanFile(next);
    this.flush();
    return this.#parts?.scan(next);
  }

  /** Searches what was read and waits for more. Call it after the last file. */
  flush(): void {
    this.#batch.flush();
  }

  #searched({ path, status, takeBack }: BatchedFile, isSlow: boolean): void {
    const { coverage, onEnd } = this.#options;
    if (isSlow) {
      coverage.files -= 1;
      coverage.gap(path, 'too-slow', status);
      takeBack?.();
    } else if (status !== undefined) onEnd?.(path, status);
  }

  #scanFile(file: FoundFile): Promise<void> | undefined {
    const { path } = file;
    const { fs, coverage, scheduler, detector, openBinary, onDetection, onEnd, onRead } = this.#options;
    let opened;
    try {
      opened = openFile(this.#options, file);
    } catch (error) {
      coverage.failed(path, error, file.folder?.status);
      return undefined;
    }
    if (opened.kind === 'skipped') {
      coverage.skip(opened.reason);
      return undefined;
    }
    const { descriptor } = opened;
    // A later change is visible in the status that the next run reads.
    const status = onEnd && opened.status;
    for (const detection of detectPath(detector, path)) onDetection(path, detection);
    const source = new TextSource(fs, descriptor, scheduler.portion);
    const start = this.#batch.end;
    let end: number;
    // A large file is closed when it has been scanned.
    let isMine = true;
    try {
      end = source.begin(this.#memory, start);
      const isBinary = source.kind === 'binary';
      const format = formatOf(this.#memory.subarray(start, end), !isBinary, path);
      if (format !== undefined && this.#containers?.opens(format) === true) {
        isMine = false;
        return this.#scanContainer(path, format, { descriptor, source, status: opened.status, start, end });
      }
      if (isBinary && openBinary === undefined) {
        const kind = format?.kind ?? 'other-binary';
        coverage.skip(kind);
        this.#ended(path, status, kind, format?.reader === undefined ? [] : [ALL_INSIDE]);
        return undefined;
      }
      if (!source.isAtEnd) end = source.fill(this.#memory, end);
      if (isBinary || !source.isAtEnd || end - start > MAX_BATCHED_BYTES) {
        if (this.#isOffered(file, source, opened.status)) return undefined;
        isMine = false;
        return this.#scanChunks(path, { descriptor, source, status, start, end });
      }
    } catch (error) {
      coverage.failed(path, error, file.folder?.status);
      return undefined;
    } finally {
      if (isMine) {
        coverage.bytes += source.bytesRead;
        fs.close(descriptor);
      }
    }
    const takeBack = status && onRead?.(path, status, undefined);
    coverage.files += 1;
    this.#batch.add({ path, status, takeBack }, path, end);
    return undefined;
  }

  /** Offers a file to other threads if it should be scanned in parts: from its beginning, whatever was read of it. */
  #isOffered(file: FoundFile, source: TextSource, status: FileStatus): boolean {
    if (this.#parts === undefined || source.kind !== 'utf-8') return false;
    // A rule for files of this kind may match anywhere, so there is no safe place to cut.
    if (hasRulesOfItsOwn(this.#options.detector, file.path)) return false;
    const isOffered = this.#parts.offer(file, status, this.#options.onEnd !== undefined);
    if (isOffered) source.bytesRead = 0;
    return isOffered;
  }

  /** Called when a file that was read on its own has been searched to its end. @param kind of one that was skipped */
  #ended(
    path: string,
    status: FileStatus | undefined,
    kind: BinaryKind | undefined,
    unread: readonly string[] = [],
  ): void {
    if (status === undefined) return;
    const { onEnd, onRead } = this.#options;
    onEnd?.(path, status, unread);
    onRead?.(path, status, kind);
  }

  /** Records a gap if it must stop. */
  async #scanChunks(path: string, file: LargeFile): Promise<void> {
    const { descriptor, source, status } = file;
    const { fs, coverage } = this.#options;
    try {
      const reason = await this.#textGap(path, file);
      if (reason === undefined) {
        coverage.files += 1;
        this.#ended(path, status, undefined);
      } else coverage.gap(path, reason, status);
    } catch (error) {
      coverage.failed(path, error, status);
    } finally {
      coverage.bytes += source.bytesRead;
      fs.close(descriptor);
    }
  }

  /** Scans a file as one text, or as a binary. @returns why it stopped before its end; undefined when it did not */
  #textGap(path: string, { source, start, end }: LargeFile): Promise<EarlyEnd | undefined> {
    this.flush();
    this.#memory.copyWithin(0, start, end);
    const onDetection = (detection: Detection) => this.#options.onDetection(path, detection);
    const tools = { ...this.#options, budget: this.#budget };
    return examineText(tools, { path, source, onDetection }, end - start);
  }

  /** Records gaps for what is not read. Text that is also a container is scanned as both. */
  async #scanContainer(path: string, format: Format, file: OpenContainer): Promise<void> {
    const { descriptor, source, status } = file;
    const { fs, coverage, onEnd, onRead } = this.#options;
    const isText = isReadAsText(format, source.kind !== 'binary');
    try {
      this.flush();
      const gap = isText ? await this.#textGap(path, file) : undefined;
      if (gap !== undefined) {
        coverage.gap(path, gap, status);
        return;
      }
      const unread = await this.#containers?.scan({ path, format, descriptor, status });
      if (unread === undefined) return;
      coverage.files += 1;
      onEnd?.(path, status, unread);
      // One that was not read completely is opened again by the next run, so that its gaps are reported again.
      if (onEnd !== undefined && unread.length === 0) onRead?.(path, status, undefined);
    } catch (error) {
      coverage.failed(path, error, status);
    } finally {
      if (isText) coverage.bytes += source.bytesRead;
      fs.close(descriptor);
    }
  }
}
