/** The texts of the hooks that are installed: scripts for the shell that git brings on every system. */
import type { Severity } from '../model/finding.ts';
import { NAME } from '../model/name.ts';

/** The hooks that scan (githooks(5)). */
export const hookTypes = ['pre-commit', 'pre-push', 'pre-receive'] as const;
export type HookType = (typeof hookTypes)[number];

/**
 * All other hooks that a repository may have of its own, except those that git runs for each change of a branch or of the index, and those
 * whose mere presence changes what git does.
 */
export const forwardedHooks = [
  'applypatch-msg',
  'commit-msg',
  'post-applypatch',
  'post-checkout',
  'post-commit',
  'post-merge',
  'post-receive',
  'post-rewrite',
  'post-update',
  'pre-applypatch',
  'pre-auto-gc',
  'pre-merge-commit',
  'pre-rebase',
  'prepare-commit-msg',
  'sendemail-validate',
  'update',
] as const;

export interface HookOptions {
  readonly failOn: Severity;
  readonly ignoreList: string | undefined;
}

/** What each hook runs. Git gives the name of the remote to `pre-push`. */
const inputs: Readonly<Record<HookType, string>> = {
  'pre-commit': '--staged',
  'pre-push': '--commits=- --pushed-to="$1"',
  'pre-receive': '--commits=-',
};

const MARKER = `# Installed by "${NAME} hook install"`;
const HEAD = `#!/bin/sh\n${MARKER}; "${NAME} hook uninstall" removes it.\n`;

const REQUIRE_PROGRAM = `\
command -v ${NAME} > /dev/null || {
  echo '${NAME} is in no folder of PATH: install it, or remove this hook' "($0)" >&2
  exit 1
}
`;

/** The hook of the same name in the repository itself, which git does not run when its hooks are elsewhere. */
const OWN_HOOK = 'own="$(git rev-parse --git-common-dir 2> /dev/null)/hooks/${0##*/}"\n';

/** Whether a file was written by this program. */
export function isOurs(text: string): boolean {
  return text.includes(`\n${MARKER}`);
}

/** The command line of a hook. */
export function commandOf(type: HookType, { failOn, ignoreList }: HookOptions): string {
  const list = ignoreList === undefined ? '' : ` --ignore-list=${quoted(ignoreList)}`;
  return `${NAME} ${inputs[type]} --fail-on=${failOn}${list}`;
}

/** The hook of one repository. */
export function hookScript(type: HookType, options: HookOptions): string {
  return `${HEAD}${REQUIRE_PROGRAM}exec ${commandOf(type, options)}\n`;
}

/** The hook of all repositories of a user: the repository's own hook runs after it. */
export function sharedHookScript(type: HookType, options: HookOptions): string {
  const command = commandOf(type, options);
  if (type === 'pre-commit') return `${HEAD}${REQUIRE_PROGRAM}${command} || exit\n${FORWARD}`;
  // Both read the same lines. The full stop keeps the line feed at their end.
  return `${HEAD}${REQUIRE_PROGRAM}\
updates=$(cat; echo .)
updates=\${updates%.}
printf %s "$updates" | ${command} || exit
${OWN_HOOK}\
[ ! -x "$own" ] || printf %s "$updates" | "$own" "$@"
`;
}

const FORWARD = `${OWN_HOOK}[ ! -x "$own" ] || exec "$own" "$@"\n`;

/** Runs the repository's own hook, and nothing else. */
export const forwardingScript = `${HEAD}${FORWARD}`;

/** A word for the shell. */
function quoted(text: string): string {
  return /^[\w./-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
