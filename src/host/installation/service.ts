/**
 * The agent's program, as the system's service manager knows it. Linux: the unit `keeper-privilege-manager`, its files and its running
 * processes. macOS: property lists of launchd with Keeper's name. Windows keeps services in the registry, which Node cannot read.
 */
import { readdirSync, readlinkSync } from 'node:fs';
import { join, posix } from 'node:path';
import type { Os } from '../platform/index.ts';
import { smallFile } from './small-file.ts';

const UNIT = 'keeper-privilege-manager.service';
/** systemd.unit(5), "Unit File Load Path", most specific first. */
const unitFolders = [
  '/etc/systemd/system',
  '/run/systemd/system',
  '/usr/lib/systemd/system',
  '/lib/systemd/system',
];
/** The unit's processes; the second place is that of cgroup v1. */
const processLists = [
  `/sys/fs/cgroup/system.slice/${UNIT}/cgroup.procs`,
  `/sys/fs/cgroup/systemd/system.slice/${UNIT}/cgroup.procs`,
];
const DAEMONS = '/Library/LaunchDaemons';

/** Units and property lists have a few kilobytes. */
const MAX_BYTES = 64 * 1024;
/** Processes of the service that are looked at; the first one is the service itself. */
const MAX_PROCESSES = 8;
/** Property lists that are looked at. */
const MAX_DAEMONS = 8;

/**
 * Absolute paths of programs that the service starts, most likely first.
 * @param top the folder in which the system's files are
 */
export function servicePrograms(os: Os, top = '/'): readonly string[] {
  const programs = os === 'linux' ? linuxPrograms(top) : os === 'macOS' ? macPrograms(top) : [];
  return [...new Set(programs)].filter((program) => posix.isAbsolute(program));
}

function linuxPrograms(top: string): string[] {
  const fromUnits = unitFolders.flatMap((folder) =>
    unitProgram(smallFile(join(top, folder, UNIT), MAX_BYTES)),
  );
  const processes = processLists
    .flatMap((path) => smallFile(join(top, path), MAX_BYTES)?.split('\n') ?? [])
    .filter((line) => /^\d+$/.test(line))
    .slice(0, MAX_PROCESSES);
  return [...fromUnits, ...processes.flatMap((pid) => linkTarget(join(top, 'proc', pid, 'exe')))];
}

/** `ExecStart=` may start with special characters (systemd.service(5)); its first word may be quoted. */
function unitProgram(unit = ''): string[] {
  const [, quoted, plain] = /^ExecStart=[-@:+!|]*(?:"([^"\n]+)"|([^\s"]+))/m.exec(unit) ?? [];
  return [quoted ?? plain].filter((program) => program !== undefined);
}

/** Only root may read the link of another user's process. */
function linkTarget(path: string): string[] {
  try {
    return [readlinkSync(path)];
  } catch {
    return [];
  }
}

function macPrograms(top: string): string[] {
  const folder = join(top, DAEMONS);
  return namesIn(folder)
    .filter((name) => /keeper/i.test(name) && name.endsWith('.plist'))
    .slice(0, MAX_DAEMONS)
    .flatMap((name) => plistProgram(smallFile(join(folder, name), MAX_BYTES)));
}

/** `Program`, or the first of `ProgramArguments` (launchd.plist(5)), of an XML property list. */
function plistProgram(plist = ''): string[] {
  const [, program] =
    /<key>Program(?:Arguments)?<\/key>\s*(?:<array>\s*)?<string>([^<]+)<\/string>/.exec(plist) ?? [];
  return program === undefined ? [] : [program];
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder).toSorted();
  } catch {
    return [];
  }
}
