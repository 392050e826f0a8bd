import type { Platform } from '../../host/platform/index.ts';

/** Files and folders that a scan reads as roots. */
export interface FileSource {
  /** Absolute paths, of which some may not exist. Reads nothing that other users can write. */
  roots(platform: Platform): readonly string[];
  /** Globs of absolute paths below them that have no configuration. */
  readonly excludes?: readonly string[];
}
