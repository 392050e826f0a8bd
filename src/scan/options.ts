/** The options of the scan. `config/` derives flags, environment variables and configuration keys from them. */
import * as z from 'zod';
import { TaskError } from '../host/exit/task-error.ts';
import { count, numeric } from '../host/task/number-schemas.ts';
import { optionGroups } from '../host/task/option-groups.ts';
import { LONGEST_PATH, boundedText } from '../host/task/text-schemas.ts';
import { containerModes } from './model/container-settings.ts';
import { severities } from './model/finding.ts';
import { atMost } from '../host/task/list-schemas.ts';
import { binaries, ruleOptions } from './rule-commands/shared-options.ts';
import { type SourceName, isSourceName, sourceNames } from './sources/selection.ts';
import { gitHistories } from './model/git-history.ts';

const path = boundedText(LONGEST_PATH, 'a path of ');

const RATE = 'expected megabytes per second from 0.1 to 100000';
const SHARD = 'expected a part such as 2/5, of at most 9999';

/** Words that stand for a list of sources. */
const ALL = 'all';
const NONE = 'none';
const SOURCES = `expected ${NONE}, ${ALL}, or a list of ${sourceNames().join(', ')}, separated by commas`;
const LONGEST_LIST = 200;

/** From a list of names to the sources. */
const Sources = boundedText(LONGEST_LIST, 'a list of ').transform((text, context): SourceName[] => {
  const names = text.split(',').map((name) => name.trim());
  if (text === ALL) return sourceNames();
  if (text === NONE) return [];
  const unknown = names.find((name) => !isSourceName(name));
  if (unknown === undefined) return names.filter(isSourceName);
  const which = unknown === '' ? 'an empty name' : JSON.stringify(unknown);
  context.addIssue(`${which} is no source; ${SOURCES}`);
  return z.NEVER;
});

export const ScanOptions = z.object({
  roots: atMost(10_000, 'roots', path).default([]).meta({
    description:
      'Files and folders to scan, or - for standard input. A symbolic link named here is followed; links below it are not',
    placeholder: 'path',
    group: 'What to scan',
    positional: true,
  }),
  staged: z
    .boolean()
    .default(false)
    .meta({
      description:
        'Scan what git is about to commit in the current repository. Secrets that the last commit already has in the same file are left out',
      group: 'What to scan',
      brief: true,
      only: ['flag'],
    }),
  commits: boundedText(4096, 'a range of ')
    .optional()
    .meta({
      description:
        'Scan what the commits of this range add, such as origin/main..HEAD. With -, read the commits from standard input, as git writes them for the hooks pre-push and pre-receive',
      placeholder: 'range',
      group: 'What to scan',
      only: ['flag'],
    }),
  pushedTo: boundedText(4096, 'a name of ')
    .optional()
    .meta({
      description: 'With --commits, leave out the commits that this remote is known to have',
      placeholder: 'remote',
      group: 'What to scan',
      only: ['flag'],
    }),
  stdinPath: path.optional().meta({
    description: 'Path to show for standard input (-) in reports, and to use for rules that depend on names',
    placeholder: 'path',
    group: 'What to scan',
    only: ['flag'],
  }),
  defaultRoots: z.boolean().default(false).meta({
    description:
      'Scan the usual places of this machine. These are the home folders of all users and the usual server folders; a scheduled run without paths scans them anyway',
    group: 'What to scan',
    brief: true,
  }),
  sources: Sources.optional().meta({
    description: `Scan these sources outside the usual folders, too. A comma-separated list of ${sourceNames().join(', ')}; or ${ALL}, or ${NONE}. By default, all of them if the usual places are scanned, and none if paths are named`,
    placeholder: 'list',
    group: 'What to scan',
    separator: ',',
  }),
  allowMissingRoots: z.boolean().default(false).meta({
    description:
      'Continue if a named path is missing or cannot be read. The path is reported as not scanned; by default, the run ends with code 66',
    group: 'What to scan',
  }),
  exclude: atMost(1000, 'globs', boundedText(4096, 'a glob of ')).default([]).meta({
    description:
      'Skip files and folders that match this glob. Without a slash, it matches a name at any depth; with one, a whole path, or a path relative to one of the paths to scan. Use slashes, also on Windows',
    placeholder: 'glob',
    group: 'What to scan',
    brief: true,
  }),
  workers: count('threads', 1, 64).optional().meta({
    description:
      'Number of threads. By default, one per processor, but at most 3; each needs about 30 MB of memory',
    placeholder: 'number',
    group: optionGroups.limits,
  }),
  maxRate: numeric(z.number(RATE).min(0.1, RATE).max(100_000, RATE)).optional().meta({
    description:
      'Read at most this many megabytes per second, all threads together. By default, as fast as the disk allows',
    placeholder: 'MB/s',
    group: optionGroups.limits,
  }),
  ...ruleOptions,
  baseline: path.optional().meta({
    description: 'Leave out the findings of this earlier report. It must be a JSON report',
    placeholder: 'file',
    group: 'Findings',
    brief: true,
  }),
  ignoreList: path.optional().meta({
    description:
      'Leave out the findings that this file lists. Each line is path:rule:line, as in .gitleaksignore, a glob such as **/fixtures/**:*, or a fingerprint; "until 2027-01-31" ends an entry',
    placeholder: 'file',
    group: 'Findings',
    brief: true,
  }),
  obeyMarkers: z.boolean().default(false).meta({
    description:
      'Leave out findings that have a comment such as gitleaks:allow on each of their lines. By default, such comments have no effect',
    group: 'Findings',
  }),
  fingerprintKey: path.optional().meta({
    description:
      'Use the 32 bytes of this file as the key of the fingerprints. With the same key, several machines give the same secret the same fingerprint; by default, each user has a separate key',
    placeholder: 'file',
    group: 'Findings',
  }),
  binaries,
  containers: z.enum(containerModes).default('auto').meta({
    description:
      'Open containers: archives, compressed files, office documents, PDF, databases and mail. "auto" leaves out formats that rarely contain text, such as static libraries; "all" opens these, too',
    placeholder: 'mode',
    group: 'What to scan',
    brief: true,
  }),
  containerDepth: count('levels', 1, 10).prefault(3).meta({
    description:
      'How deeply containers may be nested. A compressed archive such as .tar.gz counts as one level',
    placeholder: 'levels',
    group: 'What to scan',
  }),
  containerLimit: count('megabytes', 1, 1_000_000).prefault(2000).meta({
    description: 'Decode at most this many megabytes of one container. The rest is reported as not scanned',
    placeholder: 'MB',
    group: optionGroups.limits,
  }),
  gitHistory: z.enum(gitHistories).default('new').meta({
    description:
      'Scan the history of git repositories: what is new since the last run, or all of it. This includes stashes and deleted commits that git has not cleaned up yet; git itself is not run',
    placeholder: 'part',
    group: 'What to scan',
  }),
  remind: count('days', 1, 3650).optional().meta({
    description:
      'Log a finding again if it is still present after this many days. By default, each finding is logged once',
    placeholder: 'days',
    group: 'Findings',
  }),
  failOn: z.enum(severities).optional().meta({
    description:
      'End with code 10 if there is a finding of this severity or above. By default, findings do not change the exit code',
    placeholder: 'severity',
    group: 'Findings',
    brief: true,
  }),
  strict: z.boolean().default(false).meta({
    description: 'End with code 11 if anything could not be scanned',
    group: 'Findings',
    brief: true,
  }),
  full: z.boolean().default(false).meta({
    description:
      'Scan all files. By default, a run that keeps state skips files that have not changed since an earlier run',
    group: 'What to scan',
  }),
  shard: z
    .string()
    .regex(/^[1-9]\d{0,3}\/[1-9]\d{0,3}$/, SHARD)
    .transform((text) => {
      const [index = 1, of = 1] = text.split('/').map(Number);
      return { index, count: of };
    })
    .refine((part) => part.index <= part.count, SHARD)
    .optional()
    .meta({
      description:
        'Scan only one part of the files, such as 2/5. Use it to divide shared files among several machines',
      placeholder: 'i/n',
      group: 'What to scan',
    }),
});

/**
 * Refuses options that contradict each other.
 * @throws TaskError `usage` or `config` that names them
 */
export function refuseContradictions(
  options: z.output<typeof ScanOptions>,
  { dryRun }: { readonly dryRun: boolean },
): void {
  const { roots, staged, commits, defaultRoots, sources, rules, rulesOnly } = options;
  const isGit = staged || commits !== undefined;
  if (defaultRoots && (isGit || roots.length > 0)) {
    const other = staged ? '--staged' : isGit ? '--commits' : 'paths';
    throw new TaskError('usage', `--default-roots cannot be combined with ${other}; leave out one of them`);
  }
  const hasSources = sources !== undefined && sources.length > 0;
  if (dryRun && !isGit && !defaultRoots && roots.length === 0 && !hasSources) {
    throw new TaskError(
      'usage',
      'name the files or folders to scan, or give --default-roots to scan the usual places of this machine',
    );
  }
  if (rulesOnly && rules === undefined) {
    throw new TaskError('config', '--rules-only: no rules are given; name their file with --rules=FILE');
  }
}
