/**
 * What a thread examines files with: the engine and its rules, what gathers the detections of a file, what notes that it was
 * examined.
 */
import type { Platform } from '../../host/platform/index.ts';
import type { CoverageRecorder } from '../model/coverage.ts';
import { binaryOpener, createDetector } from '../detect/create-detector.ts';
import { FileScanner } from './file-scanner.ts';
import { type FileFindings, FindingsByFile, describerOn } from '../findings/findings-by-file.ts';
import type { CustomRules } from '../rules/custom/index.ts';
import type { Scheduler } from './scheduler.ts';
import type { SplitOptions } from './part-scanner.ts';
import type { RateLimit } from './rate-limit.ts';
import type { FolderJournal } from '../walk/file-index/folder-journal.ts';
import { Places, type WatchedPlaces, watcherOf } from '../model/watched-places.ts';
import type { FoundFile, RestOfFile } from '../walk/index.ts';

export interface FileExaminerOptions {
  readonly platform: Platform;
  /** Of the fingerprints. */
  readonly key: Buffer;
  /** For validators: milliseconds since 1970. */
  readonly now: number;
  readonly customRules: CustomRules | undefined;
  readonly redact: (text: string) => string;
  readonly binaries: boolean;
  readonly limit: RateLimit | undefined;
  readonly scheduler: Scheduler;
  readonly coverage: CoverageRecorder;
  /** Both where state is kept. */
  readonly watched: WatchedPlaces | undefined;
  readonly journal: FolderJournal | undefined;
  /** Told of each file with findings, and of those that are watched. */
  readonly onFile: (file: FileFindings) => void;
  /** When there may be other threads. */
  readonly split: SplitOptions | undefined;
}

export class FileExaminer {
  readonly #findings: FindingsByFile;
  readonly #scanner: FileScanner;

  constructor(options: FileExaminerOptions) {
    const { platform, key, redact, watched, onFile } = options;
    const places = new Places(redact, key);
    this.#findings = new FindingsByFile(onFile, describerOn(platform), watcherOf(watched, places));
    this.#scanner = this.#newScanner(options);
  }

  /** As `FileScanner.scan`. */
  scan(next: FoundFile | RestOfFile): Promise<void> | undefined {
    return this.#scanner.scan(next);
  }

  /** Searches what was read; what was found may still wait for the rest of its file. */
  flush(): void {
    this.#scanner.flush();
  }

  /** There is no more. */
  finish(): void {
    this.flush();
    this.#findings.flush();
  }

  #newScanner({
    platform,
    key,
    now,
    customRules,
    binaries,
    limit,
    scheduler,
    coverage,
    journal,
    split,
  }: FileExaminerOptions): FileScanner {
    const detector = createDetector(key, now, { customRules });
    return new FileScanner({
      fs: limit?.meter(platform.fs) ?? platform.fs,
      os: platform.os,
      detector,
      openBinary: binaries ? binaryOpener(detector) : undefined,
      coverage,
      scheduler,
      onDetection: (path, detection) => this.#findings.add(path, detection),
      onEnd: (path, status) => this.#findings.end(path, status),
      onRead: journal && ((path, status, isBinary) => journal.examined(path, status, isBinary)),
      split,
    });
  }
}
