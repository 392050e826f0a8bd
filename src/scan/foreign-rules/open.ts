/** Opens the file of rules that a run was given. */
import { TaskError } from '../../errors.ts';
import type { ForeignRules, RuleSet } from './index.ts';

export interface OpenedRules {
  readonly rules: ForeignRules;
  /** For other threads, which make rules of their own from it. */
  readonly set: RuleSet;
}

/**
 * Loads what reads and runs such rules, and does both; undefined when no file was given.
 * @param onWarning told of what is ignored in the file: one line each
 * @throws TaskError `config` that names the file, the rule, what is wrong with it and the remedy
 */
export async function openRules(
  path: string | undefined,
  areAlone: boolean,
  onWarning: (text: string) => void,
): Promise<OpenedRules | undefined> {
  if (path === undefined) {
    if (areAlone)
      throw new TaskError('config', '--rules-only: no rules are given; name their file with --rules FILE');
    return undefined;
  }
  const { readRuleSet } = await import('./read.ts');
  const { ForeignRules } = await import('./index.ts');
  const set = readRuleSet(path, onWarning);
  return { rules: new ForeignRules(set, areAlone), set };
}
