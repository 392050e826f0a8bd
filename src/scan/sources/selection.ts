/** The sources: their names, the systems that have them, and which of them a run reads. */
import type { Os, Platform } from '../../host/platform/index.ts';

/** By name, with the systems that have it and what it is, for the help. */
export const sources = {
  processes: { systems: ['linux'], title: 'environments and command lines of running processes' },
  crontabs: { systems: ['linux', 'macOS'], title: "cron tables and at's jobs" },
  systemd: { systems: ['linux'], title: 'units, their environment files and credentials' },
  docker: { systems: ['linux'], title: 'configurations of containers, also of Podman' },
  launchd: { systems: ['macOS'], title: 'property lists of daemons and agents' },
  'scheduled-tasks': { systems: ['windows'], title: 'tasks of the Task Scheduler' },
  registry: {
    systems: ['windows'],
    title: 'automatic logon, environments, and passwords of PuTTY, WinSCP, VNC and the like',
  },
} as const satisfies Record<string, { systems: readonly Os[]; title: string }>;

export type SourceName = keyof typeof sources;

export function isSourceName(text: string): text is SourceName {
  return Object.hasOwn(sources, text);
}

export function sourceNames(): SourceName[] {
  return Object.keys(sources).filter(isSourceName);
}

/** Whether this system has a source. */
function isOn(name: SourceName, { os }: Pick<Platform, 'os'>): boolean {
  const systems: readonly Os[] = sources[name].systems;
  return systems.includes(os);
}

/** The options that select what is scanned. */
interface Selection {
  readonly roots: readonly string[];
  readonly defaultRoots: boolean;
  readonly sources?: readonly SourceName[] | undefined;
}

/** What a run reads besides its roots. */
export interface SelectedSources {
  readonly names: readonly SourceName[];
  /** How many were asked for that this system does not have. */
  readonly unavailable: number;
  /** Neither paths nor the usual places are scanned. */
  readonly areAlone: boolean;
}

/** @param isScheduled without paths, the run scans the usual places */
export function selectSources(
  { roots, defaultRoots, sources: asked }: Selection,
  platform: Pick<Platform, 'os'>,
  isScheduled: boolean,
): SelectedSources {
  const wanted = asked ?? (roots.length === 0 ? sourceNames() : []);
  const names = wanted.filter((name) => isOn(name, platform));
  const areAll = wanted.length === sourceNames().length;
  return {
    names,
    unavailable: areAll ? 0 : wanted.length - names.length,
    areAlone: asked !== undefined && asked.length > 0 && roots.length === 0 && !defaultRoots && !isScheduled,
  };
}
