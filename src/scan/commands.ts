/** The scanner's commands besides the scan. What they do is loaded when one of them runs. */
import type { TaskCommand } from '../host/task/task-command.ts';
import { updateBaseline } from './baseline/command.ts';
import { ruleDescriptions } from './files/detector-module.ts';
import { installHook, uninstallHook } from './hooks/commands.ts';
import { convertReport } from './report/convert.ts';
import { mergeReports } from './report/fleet/merge-command.ts';
import { ListOptions, ShowOptions, TestOptions } from './rules-options.ts';

const listRules: TaskCommand<typeof ListOptions> = {
  description: 'List the rules, or those that fit a filter',
  options: ListOptions,
  examples: [
    { arguments: '--severity=critical', meaning: 'the most severe ones' },
    { arguments: 'github token', meaning: 'those about tokens of GitHub' },
  ],
  run: async (context) => (await import('./rules-command.ts')).listRules(context),
};

const showRule: TaskCommand<typeof ShowOptions> = {
  description: 'Explain one rule, and what to do about its findings',
  options: ShowOptions,
  usage: ['[options] <id>'],
  run: async (context) => (await import('./rules-command.ts')).showRule(context),
};

const testFile: TaskCommand<typeof TestOptions> = {
  description: 'Scan one file, and say which rules matched and which were tried',
  options: TestOptions,
  usage: ['[options] <file>'],
  run: async (context) => (await import('./rules-test.ts')).testFile(context),
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
