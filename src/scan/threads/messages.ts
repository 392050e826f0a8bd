/** What the threads of a scan tell each other. All of it is data that can be cloned, and none of it is a secret. */
import type { Coverage } from '../model/finding.ts';
import type { CoveragePart } from '../model/coverage.ts';
import type { FileFindings } from '../findings/findings-by-file.ts';
import type { RuleSet } from '../rules/custom/index.ts';
import type { PartFindings } from '../files/part-scanner.ts';
import type { SharedRate } from '../files/rate-limit.ts';
import type { SharedIndex } from '../walk/file-index/index-reader.ts';
import type { WatchedPlaces } from '../model/watched-places.ts';
import type { ReadAgain } from '../walk/file-index/walk-memory.ts';
import type { UnfinishedFolder, Shard, SharedSeparateFolders } from '../walk/index.ts';
import type { SharedWork } from './work-stack.ts';

/** What a worker is started with. */
export interface WorkerInput {
  readonly waiting: SharedWork;
  /** Which thread this is, for the shared work. */
  readonly thread: number;
  /** Roots that this thread resolves and enters itself, because they may not answer. */
  readonly roots?: readonly string[] | undefined;
  readonly exclude: readonly string[];
  readonly binaries: boolean;
  /** How fast all threads may read together. */
  readonly rate: SharedRate | undefined;
  /** The fingerprints' key. */
  readonly key: Uint8Array;
  /** For validators: milliseconds since 1970. */
  readonly now: number;
  /** The administrator's rules, and whether they run alone. */
  readonly ruleSet?: RuleSet | undefined;
  readonly rulesOnly: boolean;
  /** Files to tell of even when nothing is found in them; undefined where no state is kept. */
  readonly watched: WatchedPlaces | undefined;
  /** The file index; undefined where no state is kept. */
  readonly index: SharedIndex | undefined;
  readonly readAgain?: ReadAgain | undefined;
  readonly walkOptionsKey: string;
  readonly shard: Shard | undefined;
  readonly apart: SharedSeparateFolders;
}

/** How much has been examined. */
export type WorkSoFar = Pick<Coverage, 'folders' | 'files' | 'unchanged' | 'bytes'>;

/** What a worker tells now and then, and last of all when it has come to its end. */
export interface WorkerReport {
  readonly found: readonly FileFindings[];
  readonly parts: readonly PartFindings[];
  /** For the file index. What was found in these files is in `found` or came before. */
  readonly records: Uint8Array<ArrayBuffer>;
  /** Folders that did not have their turn to the end. */
  readonly left: readonly UnfinishedFolder[];
  readonly soFar: WorkSoFar;
  /** Coverage so far, without the list of gaps: used if this thread never ends. */
  readonly counts: Coverage;
  /** The whole, at the end. */
  readonly final?: CoveragePart;
}
