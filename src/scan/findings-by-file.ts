/** Detections, gathered file by file and bounded: what a thread of the scan hands on. */
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
}

/** What was found so far. */
export interface Growing extends FileFindings {
  readonly detections: Detection[];
  readonly more: Record<Severity, number>;
}

/** Nothing yet, in this file. */
export function noFindings(path: string, exposure: readonly string[]): Growing {
  return { path, exposure, detections: [], more: { low: 0, medium: 0, high: 0, critical: 0 } };
}

/** Keeps one more, or counts it. */
export function keep(file: Growing, detection: Detection): void {
  if (file.detections.length < MAX_KEPT_PER_FILE) file.detections.push(detection);
  else file.more[detection.severity] += 1;
}

export class FindingsByFile {
  readonly #onFile: (file: FileFindings) => void;
  readonly #exposureOf: (path: string) => readonly string[];
  #file: Growing | undefined;

  constructor(onFile: (file: FileFindings) => void, exposureOf: (path: string) => readonly string[]) {
    this.#onFile = onFile;
    this.#exposureOf = exposureOf;
  }

  /** The detections of a file come one after the other, with no other file's between them. */
  add(path: string, detection: Detection): void {
    if (this.#file?.path !== path) this.flush();
    this.#file ??= noFindings(path, this.#exposureOf(path));
    keep(this.#file, detection);
  }

  /** Hands on what is there. */
  flush(): void {
    const file = this.#file;
    this.#file = undefined;
    if (file !== undefined) this.#onFile(file);
  }
}
