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

interface Growing extends FileFindings {
  readonly detections: Detection[];
  readonly more: Record<Severity, number>;
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
    this.#file ??= {
      path,
      exposure: this.#exposureOf(path),
      detections: [],
      more: { low: 0, medium: 0, high: 0, critical: 0 },
    };
    if (this.#file.detections.length < MAX_KEPT_PER_FILE) this.#file.detections.push(detection);
    else this.#file.more[detection.severity] += 1;
  }

  /** Hands on what is there. */
  flush(): void {
    const file = this.#file;
    this.#file = undefined;
    if (file !== undefined) this.#onFile(file);
  }
}
