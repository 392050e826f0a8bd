/** What the threads of a scan tell each other. All of it is data that can be cloned, and none of it is a secret. */
import type { Coverage } from '../../task.ts';
import type { FileFindings } from '../findings-by-file.ts';
import type { PartFindings } from '../part-scanner.ts';
import type { WatchedPlaces } from '../state/places.ts';
import type { SharedWork } from './work-stack.ts';

/** What a worker is started with. */
export interface WorkerInput {
  readonly waiting: SharedWork;
  readonly exclude: readonly string[];
  /** The fingerprints' key. */
  readonly key: Uint8Array;
  /** For validators: milliseconds since 1970. */
  readonly now: number;
  /** Files to tell of even when nothing is found in them; undefined where no state is kept. */
  readonly watched: WatchedPlaces | undefined;
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
