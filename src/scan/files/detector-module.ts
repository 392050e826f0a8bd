/**
 * The part of the scan that knows the rules, as one module: what a thread examines files with, and what it redacts names with.
 * It takes several times as long to load as all that a walk over unchanged files needs. In the executable it is a text of its
 * own, which each thread compiles when it first needs any of this: the bundler puts `examining-on-demand.ts` in its place.
 */
import type { ReadInput } from '../../host/platform/index.ts';
import type { RuleDescription } from '../model/finding.ts';
import { Examiner, type ExaminerOptions } from './file-examiner.ts';
import type { ForeignRules, OpenedRules, RuleSet } from '../rules/custom/index.ts';
import { allRules, layers } from '../rules/index.ts';

export { redactSecrets } from '../detect/redaction.ts';

export function newExaminer(options: ExaminerOptions): Examiner {
  return new Examiner(options);
}

/**
 * Reads the administrator's rules.
 * @param onWarning told of what is ignored in the file: one line each
 * @throws TaskError `config` that names the file, the rule, what is wrong with it and the remedy
 */
export async function openRules(
  path: string,
  areAlone: boolean,
  readInput: ReadInput,
  onWarning: (text: string) => void,
): Promise<OpenedRules> {
  const { readRuleSet } = await import('../rules/custom/read.ts');
  const set = await readRuleSet(path, readInput, onWarning);
  return { rules: await foreignRulesOf(set, areAlone), set };
}

/** The rules that another thread has read. */
export async function foreignRulesOf(set: RuleSet, areAlone: boolean): Promise<ForeignRules> {
  const foreign = await import('../rules/custom/index.ts');
  return new foreign.ForeignRules(set, areAlone);
}

/** What the rules of a run look for. A rule of the administrator's that has the id of a built-in one is told once. */
export function ruleDescriptions(foreign: ForeignRules | undefined): RuleDescription[] {
  const builtIn = foreign?.areAlone === true ? [] : allRules.map(describe);
  const known = new Set(builtIn.map(({ id }) => id));
  return [...builtIn, ...(foreign?.descriptions ?? []).filter(({ id }) => !known.has(id))];
}

function describe({ id, title, severity, remediation, source }: RuleDescription): RuleDescription {
  return { id, title, severity, remediation, source };
}

/** Tells one set of rules from another. Patterns and validators count with their text; what they call changes with the version. */
export function codeIdentity(): string {
  return JSON.stringify([allRules, layers], (_, value: unknown) =>
    value instanceof RegExp || typeof value === 'function' ? String(value) : value,
  );
}
