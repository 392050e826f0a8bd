/**
 * What a thread needs to scan files: the engine and its rules, the collector of a file's detections, and the
 * journal of files that were scanned.
 */
import type { Platform } from '../../host/platform/index.ts';
import type { CoverageRecorder } from '../model/coverage.ts';
import { binaryOpener, createDetector } from '../detect/create-detector.ts';
import { FileScanner } from './file-scanner.ts';
import { type FileFindings, FindingsByFile, describerOn } from '../findings/findings-by-file.ts';
import { type StandingsIn, standingsOf } from '../findings/standing.ts';
import type { CustomRules } from '../rules/custom/index.ts';
import type { Scheduler } from './scheduler.ts';
import type { SplitOptions } from './part-scanner.ts';
import type { ScanSettings } from './scan-settings.ts';
import type { RateLimit } from './rate-limit.ts';
import type { FolderJournal } from '../walk/file-index/folder-journal.ts';
import { Places, watcherOf } from '../model/watched-places.ts';
import type { FoundFile, RestOfFile } from '../walk/index.ts';

export interface FileExaminerOptions {
  readonly settings: ScanSettings;
  readonly platform: Platform;
  readonly customRules: CustomRules | undefined;
  readonly redact: (text: string) => string;
  readonly limit: RateLimit | undefined;
  readonly scheduler: Scheduler;
  readonly coverage: CoverageRecorder;
  /** Where state is kept. */
  readonly journal: FolderJournal | undefined;
  /** Called for each file with findings, and for each watched file. */
  readonly onFile: (file: FileFindings) => void;
  /** Set when there may be other threads. */
  readonly split: SplitOptions | undefined;
}

export class FileExaminer {
  readonly #findings: FindingsByFile;
  readonly #scanner: FileScanner;

  constructor(options: FileExaminerOptions) {
    const { settings, platform, redact, onFile } = options;
    const key = Buffer.from(settings.key);
    const places = new Places(redact, key);
    const { suppressions, watched } = settings;
    const standingsIn = standingsOf({ suppressions, watched, places });
    this.#findings = new FindingsByFile({
      onFile,
      describe: describerOn(platform),
      isWatched: watcherOf(watched, places),
      standingsIn,
    });
    this.#scanner = this.#newScanner(key, standingsIn, places, options);
  }

  /** Like `FileScanner.scan`. */
  scan(next: FoundFile | RestOfFile): Promise<void> | undefined {
    return this.#scanner.scan(next);
  }

  /** Searches what was read; what was found may still wait for the rest of its file. */
  flush(): void {
    this.#scanner.flush();
  }

  /** Call it after the last file. */
  finish(): void {
    this.flush();
    this.#findings.flush();
  }

  #newScanner(
    key: Buffer,
    standingsIn: StandingsIn,
    places: Places,
    options: FileExaminerOptions,
  ): FileScanner {
    const { settings, platform, customRules, limit, scheduler, coverage, journal, split } = options;
    const { now, binaries, containers, disabledRules: disabled } = settings;
    const detector = createDetector(key, now, { customRules, disabled });
    return new FileScanner({
      fs: limit?.meter(platform.fs) ?? platform.fs,
      os: platform.os,
      detector,
      openBinary: binaries ? binaryOpener(detector) : undefined,
      containers: { settings: containers, placeOf: (inside) => places.placeOf(inside) },
      coverage,
      scheduler,
      onDetection: (path, detection) => this.#findings.add(path, detection),
      onEnd: (path, status, unread) => this.#findings.end(path, status, unread),
      onRead: journal && ((path, status, kind) => journal.examined(path, status, kind)),
      split: split && { ...split, standingsIn },
    });
  }
}
