/** Sources that are files: places outside the usual folders where system services keep credentials. They are roots like any other. */
import { type Platform, statusIfKnown } from '../../host/platform/index.ts';
import { crontabs } from './crontabs.ts';
import { docker } from './docker.ts';
import type { FileSource } from './file-source.ts';
import { launchd } from './launchd.ts';
import { scheduledTasks } from './scheduled-tasks.ts';
import type { SourceName } from './selection.ts';
import { systemd } from './systemd.ts';

const fileSources: Partial<Record<SourceName, FileSource>> = {
  crontabs,
  systemd,
  launchd,
  'scheduled-tasks': scheduledTasks,
  docker,
};

/** The files and folders of these sources; some may not exist. */
export function rootsOfSources(names: readonly SourceName[], platform: Platform): string[] {
  return names.flatMap((name) => fileSources[name]?.roots(platform) ?? []);
}

/** Globs of what is left out of them. None for a source that this machine does not use: its index of files stays valid. */
export function excludesOfSources(names: readonly SourceName[], platform: Platform): string[] {
  return names.flatMap((name) => {
    const source = fileSources[name];
    const isUsed =
      source?.excludes !== undefined &&
      source.roots(platform).some((path) => statusIfKnown(platform.fs, path) !== undefined);
    return isUsed ? (source.excludes ?? []) : [];
  });
}
