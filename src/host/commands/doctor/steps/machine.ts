/** This machine: the signature of the executable, the state directory, plugins with the same executable. */
import { existsSync, statfsSync } from 'node:fs';
import { join } from 'node:path';
import { defaultStateDirectory, openStateDirectory, requireAnswer } from '../../../platform/index.ts';
import { rootOf } from './job-document.ts';
import { valueOf } from '../../../platform/untrusted-json.ts';
import { documentsIn, programOf } from './job-files.ts';
import { lockHolder } from './run-lock-check.ts';
import { type Step, failed, ok, skipped, warning } from './step.ts';

/** Bytes that should be free for the state: the spool alone may take 16 MiB. */
const ENOUGH_BYTES = 64 * 1024 * 1024;

export const stateDirectory: Step = {
  id: 'state-directory',
  title: 'State directory',
  needs: ['configuration'],
  look: async (examination) => {
    const { config, platform, task, signal } = examination;
    const path = config.stateDir ?? defaultStateDirectory(platform, `kepm-${task.name}`);
    const remedy = 'choose a local one with --state-dir';
    await requireAnswer({ path, what: 'the state directory', kind: 'cannot-write', remedy, signal });
    if (!existsSync(path)) return ok(`${path} does not exist yet; the first run will create it`);
    // An existing directory is checked; on Windows, an empty one that is open to others is replaced.
    const directory = await openStateDirectory(platform, path, signal);
    const free = freeBytes(directory);
    const room = `${Math.floor(free / 1024 ** 2)} MiB free`;
    if (free === 0) {
      return failed('cannot-write', `${directory}: ${room}`, {
        means: 'State and records cannot be stored.',
        change: 'Free up space on this file system, or choose another directory with --state-dir.',
      });
    }
    const holder = await lockHolder(directory);
    if (holder !== undefined) {
      return warning(`${directory}: ${room}; locked: ${holder}`, {
        means: 'A run is in progress. Another run would end with exit code 75.',
        change: 'Wait until it ends. If it hangs, end that process.',
      });
    }
    if (free >= ENOUGH_BYTES) return ok(`${directory}: private, not locked, ${room}`);
    return warning(`${directory}: ${room}`, {
      means: 'There may not be enough space for the state and for undelivered records.',
      change: 'Free up space on this file system, or choose another directory with --state-dir.',
    });
  },
};

function freeBytes(folder: string): number {
  const { bavail, bsize } = statfsSync(folder);
  return bavail * bsize;
}

export const plugins: Step = {
  id: 'plugins',
  title: 'Plugins with the same executable',
  needs: ['install-root'],
  look: async (examination) => {
    const { platform, readInput, task } = examination;
    const root = rootOf(examination)?.root;
    if (root === undefined) return skipped("not checked: the agent's root was not found");
    if (!existsSync(join(root, 'Plugins'))) return ok(`none: ${root} has no folder Plugins`);
    const { found, problems } = await documentsIn('Plugins', root, platform.os, readInput);
    const own = new Set([task.name.toLowerCase(), programOf(process.execPath)]);
    // When the sources are run, the executable is Node, which a plugin may use.
    own.delete('node');
    const same = found.filter(({ value }) => own.has(programOf(valueOf(value, 'executablePath'))));
    if (same.length > 0) {
      return warning(`registered as a plugin by ${same.map(({ path }) => path).join(', ')}`, {
        means:
          'The agent identifies jobs and plugins by client id. With both, ids may collide and records may be denied.',
        change:
          'Remove the plugin document, or let the plugin use a copy of the executable with another name.',
      });
    }
    if (found.length === 0 && problems.length > 0) return skipped(`not checked: ${problems[0]}`);
    return ok(`none among ${found.length} in ${join(root, 'Plugins')}`);
  },
};
