import type { MountTable, Platform } from '../../host/platform/index.ts';
import type { CoverageRecorder } from '../model/coverage.ts';
import type { Excludes } from './excludes.ts';
import type { WalkMemory } from './file-index/walk-memory.ts';
import type { Shard } from './shard.ts';
import type { FoundRepository, UnfinishedFolder } from './work.ts';

export interface WalkOptions {
  readonly platform: Platform;
  readonly mounts: MountTable;
  readonly excludes: Excludes;
  readonly coverage: CoverageRecorder;
  /** Checked between files; when it returns true, the remaining work becomes gaps. */
  readonly isCancelled: () => boolean;
  readonly shard: Shard | undefined;
  /** Set where state is kept. */
  readonly memory: WalkMemory | undefined;
  /** Folders that are visited separately: the walk does not enter them from above. */
  readonly visitedSeparately: Pick<ReadonlySet<string>, 'has'>;
  /** Called for each git repository, if its history is scanned. */
  readonly onRepository?: ((repository: FoundRepository) => void) | undefined;
  /** Called for each folder that was not walked to its end. */
  readonly onUnfinished: (folder: UnfinishedFolder) => void;
}
