/** Where the hooks of a repository, or of all repositories of a user, are: what git itself says. */
import { TaskError, describeError } from '../../host/exit/task-error.ts';
import type { Platform } from '../../host/platform/index.ts';
import { Git, GitFailed } from '../git/git.ts';
import { NAME } from '../model/name.ts';

export interface HooksFolder {
  readonly path: string;
  /** Repositories' own hooks must be run from here, because git does not look for them any more. */
  readonly isShared: boolean;
  /** Makes git look here: for a shared folder that git does not know yet. */
  readonly announce?: () => Promise<void>;
  /** Undoes that. */
  readonly retract?: () => Promise<void>;
}

interface Place {
  readonly platform: Platform;
  readonly signal: AbortSignal;
  /** For errors: `hook install`. */
  readonly command: string;
}

/**
 * The folder of the repository in the current folder.
 * @throws TaskError `config` when there is none, or when its hooks are those of all repositories
 */
export async function repositoryHooks({ platform, signal, command }: Place): Promise<HooksFolder> {
  const git = Git.findForHooks(platform, signal, command);
  const { path: paths } = platform;
  const common = await asked(
    git.text(['rev-parse', '--path-format=absolute', '--git-common-dir']),
    `${command}: git finds no repository in ${paths.resolve('.')}`,
    'run it in a repository, or give --global for all repositories',
  );
  const setting = await settingOf(git, ['--show-scope']);
  if (setting === undefined) return { path: paths.join(common, 'hooks'), isShared: false };
  const [scope = '', path = ''] = setting.split('\t');
  if (scope !== 'local' && scope !== 'worktree') {
    throw new TaskError(
      'config',
      `${command}: git runs the hooks of all repositories from ${path} (core.hooksPath), and none of this one; give --global`,
    );
  }
  const top = await git.text(['rev-parse', '--show-toplevel']).catch(() => common);
  return { path: paths.resolve(top, path), isShared: false };
}

/** The folder of all repositories of this user: the one that the user's git has, or one of this program. */
export async function userHooks({ platform, signal, command }: Place): Promise<HooksFolder> {
  const git = Git.findForHooks(platform, signal, command);
  const { path: paths, userStateHome } = platform;
  const own = paths.join(userStateHome, `${NAME}-git-hooks`);
  const set = await settingOf(git, ['--global']);
  const isOwn = set === undefined || paths.resolve(set) === own;
  if (!isOwn) return { path: paths.resolve(set), isShared: true };
  const configure = async (args: readonly string[]) => {
    const reason = `${command}: git cannot change the configuration of this user`;
    await asked(
      git.text(['config', '--global', ...args]),
      reason,
      'correct it with git config --global --edit',
    );
  };
  return {
    path: own,
    isShared: true,
    // Git for Windows understands both separators; in its configuration, a backslash begins an escape sequence.
    announce: async () => await configure(['core.hooksPath', own.replaceAll('\\', '/')]),
    ...(set !== undefined && { retract: async () => await configure(['--unset', 'core.hooksPath']) }),
  };
}

/** Undefined where it is not set. */
async function settingOf(git: Git, args: readonly string[]): Promise<string | undefined> {
  try {
    return await git.text(['config', ...args, '--type=path', '--get', 'core.hooksPath']);
  } catch (error) {
    if (error instanceof GitFailed) return undefined;
    throw error;
  }
}

async function asked(answer: Promise<string>, reason: string, remedy: string): Promise<string> {
  try {
    return await answer;
  } catch (error) {
    throw new TaskError('config', `${reason}: ${describeError(error)}; ${remedy}`);
  }
}
