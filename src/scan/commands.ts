/** The scanner's commands besides the scan. What they do is loaded when one of them runs. */
import { TaskError } from '../host/exit/task-error.ts';
import type { TaskCommand } from '../host/task/task-command.ts';
import { updateBaseline } from './baseline/command.ts';
import { ruleDescriptions } from './files/detector-module.ts';
import { installHook, uninstallHook } from './hooks/commands.ts';
import { convertReport } from './report/convert.ts';
import { mergeReports } from './report/fleet/merge-command.ts';
import { ScanOptions } from './options.ts';
import { ListOptions, ShowOptions, TestOptions } from './rule-commands/options.ts';
import type { ScanFile } from './rule-commands/test.ts';

const listRules: TaskCommand<typeof ListOptions> = {
  description: 'List the rules, or those that fit a filter',
  options: ListOptions,
  examples: [
    { arguments: '--severity=critical', meaning: 'the most severe ones' },
    { arguments: 'github token', meaning: 'those about tokens of GitHub' },
  ],
  run: async (context) => (await import('./rule-commands/list-and-show.ts')).listRules(context),
};

const showRule: TaskCommand<typeof ShowOptions> = {
  description: 'Explain one rule, and what to do about its findings',
  options: ShowOptions,
  usage: ['[options] <id>'],
  run: async (context) => (await import('./rule-commands/list-and-show.ts')).showRule(context),
};

const scanFile: ScanFile = async (path, context) => {
  const { scan } = await import('./scan.ts');
  return await scan({
    ...context,
    options: ScanOptions.parse({ ...context.options, roots: [path] }),
    log: () => undefined,
    announce: () => true,
    state: undefined,
    // No fingerprint is shown: a key for this run alone will do.
    stateDirectory: () => Promise.reject(new TaskError('cannot-write', 'no state is kept')),
    progress: () => undefined,
    stream: undefined,
    retell: false,
  });
};

const testFile: TaskCommand<typeof TestOptions> = {
  description: 'Scan one file, and say which rules matched and which were tried',
  options: TestOptions,
  usage: ['[options] <file>'],
  run: async (context) => (await import('./rule-commands/test.ts')).testFile(context, scanFile),
};

export const scanCommands = {
  'rules list': listRules,
  'rules show': showRule,
  'rules test': testFile,
  'report convert': convertReport,
  'report merge': mergeReports(() => ruleDescriptions(undefined)),
  'baseline update': updateBaseline,
  'hook install': installHook,
  'hook uninstall': uninstallHook,
};
