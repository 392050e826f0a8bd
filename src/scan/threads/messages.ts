/** Messages between the threads of a scan. All of it is data that can be cloned, and none of it is a secret. */
import type { Coverage } from '../model/finding.ts';
import type { CoveragePart } from '../model/coverage.ts';
import type { FileFindings } from '../findings/findings-by-file.ts';
import type { PartFindings } from '../files/part-scanner.ts';
import type { ScanSettings } from '../files/scan-settings.ts';
import type { FoundRepository, UnfinishedFolder } from '../walk/index.ts';
import type { SharedWork } from './work-stack.ts';

/** The data that a worker is started with. */
export interface WorkerInput {
  readonly settings: ScanSettings;
  readonly waiting: SharedWork;
  /** The number of this thread in the shared work. */
  readonly thread: number;
  /** Roots that this thread resolves and enters itself, because they may not answer. */
  readonly roots?: readonly string[] | undefined;
}

/** How much has been scanned. */
export type WorkSoFar = Pick<Coverage, 'folders' | 'files' | 'unchanged' | 'bytes'>;

export function sumOfWork(parts: readonly WorkSoFar[]): Record<keyof WorkSoFar, number> {
  const sum = { folders: 0, files: 0, unchanged: 0, bytes: 0 };
  for (const { folders, files, unchanged, bytes } of parts) {
    sum.folders += folders;
    sum.files += files;
    sum.unchanged += unchanged;
    sum.bytes += bytes;
  }
  return sum;
}

/** A worker's report, sent at intervals and once more at its end. */
export interface WorkerReport {
  readonly found: readonly FileFindings[];
  readonly parts: readonly PartFindings[];
  /** For the file index. What was found in these files is in `found` or was sent before. */
  readonly records: Uint8Array<ArrayBuffer>;
  readonly unfinished: readonly UnfinishedFolder[];
  readonly repositories: readonly FoundRepository[];
  readonly soFar: WorkSoFar;
  /** Coverage so far, without the list of gaps: used if this thread never ends. */
  readonly counts: Coverage;
  /** The complete coverage, at the end. */
  readonly final?: CoveragePart;
}
