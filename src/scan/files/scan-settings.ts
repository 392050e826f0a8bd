/** The settings of all threads of a scan: data that can be cloned, and no secret except the fingerprint key. */
import type { SuppressionTable } from '../findings/suppression.ts';
import type { WatchedPlaces } from '../model/watched-places.ts';
import type { RuleSet } from '../rules/custom/index.ts';
import type { SharedIndex } from '../walk/file-index/index-reader.ts';
import type { ReadAgain } from '../walk/file-index/walk-memory.ts';
import type { Shard, SharedSeparateFolders } from '../walk/index.ts';
import type { ContainerSettings } from '../model/container-settings.ts';
import type { GitHistory } from '../model/git-history.ts';
import type { SharedRate } from './rate-limit.ts';

export interface ScanSettings {
  /** Globs. */
  readonly exclude: readonly string[];
  readonly binaries: boolean;
  readonly containers: ContainerSettings;
  readonly gitHistory: GitHistory;
  readonly shard: Shard | undefined;
  /** How fast all threads may read together; undefined for no limit. */
  readonly rate: SharedRate | undefined;
  /** The key of the fingerprints. */
  readonly key: Uint8Array;
  /** The run's start, for validators: milliseconds since 1970. */
  readonly now: number;
  /** The custom rules, and whether they run alone. */
  readonly ruleSet: RuleSet | undefined;
  readonly rulesOnly: boolean;
  /** Ids of rules that find nothing. */
  readonly disabledRules: ReadonlySet<string>;
  /** What the administrator suppresses. */
  readonly suppressions: SuppressionTable;
  /** A string that differs when other entries of a folder count. */
  readonly walkOptionsKey: string;
  /** Folders that are visited separately. */
  readonly visitedSeparately: SharedSeparateFolders;
  /**
   * Files to report even when nothing is found in them. This and the following fields are undefined where no
   * state is kept.
   */
  readonly watched: WatchedPlaces | undefined;
  readonly index: SharedIndex | undefined;
  readonly readAgain: ReadAgain | undefined;
}
