/** `hook install` and `hook uninstall`: git then runs the scan before a commit, before a push, or when it receives one. */
import * as z from 'zod';
import { TaskError, describeError } from '../../host/exit/task-error.ts';
import { printable } from '../../host/log/index.ts';
import { type Platform, findProgram } from '../../host/platform/index.ts';
import type { TaskCommand } from '../../host/task/task-command.ts';
import { LONGEST_PATH, boundedText } from '../../host/task/text-schemas.ts';
import { severities } from '../model/finding.ts';
import { NAME } from '../model/name.ts';
import { hookTypes } from './hook-scripts.ts';

const types = z.array(z.enum(hookTypes, `expected ${hookTypes.join(', ')}`));
const global = z.boolean().default(false).meta({
  description: "For all repositories of this user, with core.hooksPath in the user's git configuration",
});

const InstallOptions = z.object({
  hooks: types.default([]).meta({
    description: 'The hooks to install: pre-commit (by default), pre-push, pre-receive',
    placeholder: 'hook',
    positional: true,
  }),
  global,
  failOn: z.enum(severities).default('low').meta({
    description: 'Block on findings this severe or worse',
    placeholder: 'severity',
  }),
  ignoreList: boundedText(LONGEST_PATH, 'a path of ').optional().meta({
    description:
      'Leave out the findings that this file lists. A relative path begins at the top of the repository',
    placeholder: 'file',
  }),
});

const UninstallOptions = z.object({
  hooks: types.default([]).meta({
    description: 'The hooks to remove; by default, all that were installed',
    placeholder: 'hook',
    positional: true,
  }),
  global,
});

export const installHook: TaskCommand<typeof InstallOptions> = {
  description: 'Let git scan what is committed, pushed or received',
  options: InstallOptions,
  usage: ['[options] [pre-commit] [pre-push] [pre-receive]'],
  examples: [
    { arguments: '', meaning: 'scan before each commit in this repository' },
    { arguments: 'pre-commit pre-push --global', meaning: 'in all repositories of this user' },
  ],
  run: async (context) => {
    const { options, platform, signal, stdout } = context;
    const { hooks, global: isGlobal, failOn, ignoreList } = options;
    requireOnPath(platform);
    const { repositoryHooks, userHooks } = await import('./hooks-folder.ts');
    const { installHooks } = await import('./hook-files.ts');
    const folder = await (isGlobal ? userHooks : repositoryHooks)({
      platform,
      signal,
      command: 'hook install',
    });
    const named = hooks.length === 0 ? (['pre-commit'] as const) : [...new Set(hooks)];
    for (const path of await installHooks(named, folder, { failOn, ignoreList }, context))
      stdout.write(`Installed ${printable(path)}\n`);
    return [];
  },
};

export const uninstallHook: TaskCommand<typeof UninstallOptions> = {
  description: 'Remove the hooks that "hook install" has installed',
  options: UninstallOptions,
  usage: ['[options] [pre-commit] [pre-push] [pre-receive]'],
  run: async (context) => {
    const { options, platform, signal, stdout } = context;
    const { hooks, global: isGlobal } = options;
    const { repositoryHooks, userHooks } = await import('./hooks-folder.ts');
    const { uninstallHooks } = await import('./hook-files.ts');
    const folder = await (isGlobal ? userHooks : repositoryHooks)({
      platform,
      signal,
      command: 'hook uninstall',
    });
    const { removed, foreign } = await uninstallHooks(
      hooks.length === 0 ? hookTypes : hooks,
      folder,
      context,
    );
    for (const path of removed) stdout.write(`Removed ${printable(path)}\n`);
    for (const path of foreign)
      stdout.write(`Left as it is, because it is another hook: ${printable(path)}\n`);
    if (removed.length === 0) stdout.write(`No hook of ${NAME} is in ${printable(folder.path)}\n`);
    return [];
  },
};

/** Otherwise, the hook would block every commit. */
function requireOnPath(platform: Platform): void {
  let found: string | undefined;
  try {
    found = findProgram(platform, NAME);
  } catch (error) {
    throw new TaskError('config', `hook install: git would not run ${NAME} safely: ${describeError(error)}`);
  }
  if (found !== undefined) return;
  throw new TaskError(
    'config',
    `hook install: git would not find ${NAME}, because it is in no folder of PATH; add its folder to PATH, or put a link to it there`,
  );
}
