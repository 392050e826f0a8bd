/** What the threads of a scan tell each other. All of it is data that can be cloned, and none of it is a secret. */
import type { Coverage } from '../../task.ts';
import type { FileFindings } from '../findings-by-file.ts';
import type { PartFindings } from '../part-scanner.ts';
import type { SharedRate } from '../rate-limit.ts';
import type { SharedWork } from './work-stack.ts';

/** What a worker is started with. */
export interface WorkerInput {
  readonly waiting: SharedWork;
  readonly exclude: readonly string[];
  readonly binaries: boolean;
  /** How fast all threads may read together. */
  readonly rate: SharedRate | undefined;
  /** The fingerprints' key. */
  readonly key: Uint8Array;
  /** For validators: milliseconds since 1970. */
  readonly now: number;
}

/** How much has been examined. */
export type WorkSoFar = Pick<Coverage, 'folders' | 'files' | 'bytes'>;

/** What a worker tells now and then, and last of all when it has come to its end. */
export interface WorkerReport {
  readonly found: readonly FileFindings[];
  readonly parts: readonly PartFindings[];
  readonly soFar: WorkSoFar;
  /** The whole, at the end. */
  readonly final?: Coverage;
}
