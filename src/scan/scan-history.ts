/** From a scan's preparation and state to the scanner of git histories. Loaded when a repository was found. */
import type { FileSystem } from '../host/platform/index.ts';
import type { Scheduler } from './files/scheduler.ts';
import type { FileFindings } from './findings/findings-by-file.ts';
import { HistoryScanner } from './git-history/repository-scan.ts';
import type { Preparation } from './preparation.ts';
import { containerSettingsOf } from './settings.ts';
import type { ScanState } from './state/scan-state.ts';

export interface HistoryScannerOptions {
  readonly scheduler: Scheduler;
  /** The one that the scheduler limits. */
  readonly fs: FileSystem;
  /** Undefined where no state is kept. */
  readonly state: ScanState | undefined;
  readonly onFile: (file: FileFindings) => void;
}

export function newHistoryScanner(
  preparation: Preparation,
  { scheduler, fs, state, onFile }: HistoryScannerOptions,
): HistoryScanner {
  const { options, opened, platform } = preparation;
  return new HistoryScanner({
    ...preparation,
    platform: { ...platform, fs },
    binaries: options.binaries,
    containers: containerSettingsOf(options),
    customRules: opened?.rules,
    scheduler,
    memory: state,
    isFull: options.gitHistory === 'all' || options.full,
    onFile,
  });
}
