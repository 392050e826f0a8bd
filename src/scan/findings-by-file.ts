/** Detections, gathered file by file and bounded: what a thread of the scan hands on. */
import type { FileStatus } from '../platform/index.ts';
import type { Severity } from '../task.ts';
import type { Detection } from './detection.ts';

/** Detections of one file that are kept; further ones are only counted. */
export const MAX_KEPT_PER_FILE = 100;

/** What was found in one file. */
export interface FileFindings {
  /** As it is, not redacted yet. */
  readonly path: string;
  readonly exposure: readonly string[];
  readonly detections: readonly Detection[];
  /** Those that are not kept, by severity. */
  readonly more: Readonly<Record<Severity, number>>;
  /** Those that an allowlist lets pass: none of them is kept. */
  readonly allowed: number;
  /** Which file it was; undefined when it was not read to its end, so that it may hold more. */
  readonly file: FileIdentity | undefined;
}

/** Tells a file from another one that has taken its name. */
export type FileIdentity = Pick<FileStatus, 'dev' | 'ino'>;

/** What was found so far. */
export interface Growing extends FileFindings {
  readonly detections: Detection[];
  readonly more: Record<Severity, number>;
  allowed: number;
  file: FileIdentity | undefined;
}

/** Nothing yet, in this file. */
export function noFindings(path: string, exposure: readonly string[]): Growing {
  const more = { low: 0, medium: 0, high: 0, critical: 0 };
  return { path, exposure, detections: [], more, allowed: 0, file: undefined };
}

/** Keeps one more, or counts it. */
export function keep(file: Growing, detection: Detection): void {
  if (detection.isAllowed === true) file.allowed += 1;
  else if (file.detections.length < MAX_KEPT_PER_FILE) file.detections.push(detection);
  else file.more[detection.severity] += 1;
}

export class FindingsByFile {
  readonly #onFile: (file: FileFindings) => void;
  readonly #isWatched: (path: string) => boolean;
  readonly #exposureOf: (path: string) => readonly string[];
  #file: Growing | undefined;

  /** @param isWatched true for a file that is to be handed on even if nothing is found in it */
  constructor(
    onFile: (file: FileFindings) => void,
    exposureOf: (path: string) => readonly string[],
    isWatched: (path: string) => boolean,
  ) {
    this.#onFile = onFile;
    this.#exposureOf = exposureOf;
    this.#isWatched = isWatched;
  }

  /** The detections of a file come one after the other, with no other file's between them. */
  add(path: string, detection: Detection): void {
    keep(this.#open(path), detection);
  }

  /** The file has been read to its end. */
  end(path: string, { dev, ino }: FileIdentity): void {
    if (this.#file?.path !== path && !this.#isWatched(path)) return;
    this.#open(path).file = { dev, ino };
    this.flush();
  }

  #open(path: string): Growing {
    if (this.#file?.path !== path) this.flush();
    this.#file ??= noFindings(path, this.#exposureOf(path));
    return this.#file;
  }

  /** Hands on what is there. */
  flush(): void {
    const file = this.#file;
    this.#file = undefined;
    if (file !== undefined) this.#onFile(file);
  }
}
