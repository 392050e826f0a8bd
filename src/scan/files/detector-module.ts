/**
 * The part of the scan that depends on the rules, as one module: it scans files and redacts names. It takes several
 * times as long to load as everything that a walk over unchanged files needs. In the executable it is a separate
 * source text, which each thread compiles on first use: the bundler substitutes `detector-module-on-demand.ts` for
 * it.
 */
import { TaskError } from '../../host/exit/task-error.ts';
import type { ReadInput } from '../../host/platform/index.ts';
import type { RuleDescription } from '../model/finding.ts';
import { BlobExaminer, type BlobExaminerOptions, type BlobToken } from './blob-examiner.ts';
import { StreamExaminer, type StreamExaminerOptions } from './stream-examiner.ts';
import { FileExaminer, type FileExaminerOptions } from './file-examiner.ts';
import type { CustomRules, OpenedRules, RuleSet } from '../rules/custom/index.ts';
import { allRules, encodings, familiesOfRules } from '../rules/index.ts';

export { ruleCatalogue, rulesWithoutMatch } from '../detect/rule-catalogue.ts';
export { redactSecrets } from '../detect/redaction.ts';

export function newFileExaminer(options: FileExaminerOptions): FileExaminer {
  return new FileExaminer(options);
}

export function newStreamExaminer(options: StreamExaminerOptions): StreamExaminer {
  return new StreamExaminer(options);
}

export function newBlobExaminer<Token extends BlobToken>(
  options: BlobExaminerOptions<Token>,
): BlobExaminer<Token> {
  return new BlobExaminer(options);
}

/**
 * Reads the administrator's rules.
 * @param onWarning called with one line for each thing in the file that is ignored
 * @throws TaskError `config` that names the file, the rule, what is wrong with it and the remedy
 */
export async function openRules(
  path: string,
  areAlone: boolean,
  readInput: ReadInput,
  onWarning: (text: string) => void,
): Promise<OpenedRules> {
  const { readRuleSet } = await import('../rules/custom/read.ts');
  const builtIn = new Set(allRules.map(({ id }) => id));
  const set = await readRuleSet(path, builtIn, readInput, onWarning);
  if (areAlone && set.rules.length === 0) {
    throw new TaskError('config', `--rules-only: ${path} contains no rules; add [[rules]] to it`);
  }
  return { rules: await customRulesOf(set, areAlone), set };
}

/** The rules that another thread has read. */
export async function customRulesOf(set: RuleSet, areAlone: boolean): Promise<CustomRules> {
  const custom = await import('../rules/custom/index.ts');
  return new custom.CustomRules(set, areAlone);
}

/** The active rules of a run. A custom rule that has the id of a built-in one is logged once. */
export function ruleDescriptions(customRules: CustomRules | undefined): RuleDescription[] {
  const families = familiesOfRules();
  const builtIn =
    customRules?.areAlone === true ? [] : allRules.map((rule) => describe(rule, families.get(rule.id)));
  const known = new Set(builtIn.map(({ id }) => id));
  const own = (customRules?.descriptions ?? []).filter(({ id }) => !known.has(id));
  return [...builtIn, ...own.map((rule) => describe(rule, 'custom'))];
}

function describe(rule: RuleDescription, family = ''): RuleDescription {
  const { id, title, severity, remediation, source } = rule;
  return { id, title, severity, family, remediation, source };
}

/**
 * Identifies a set of rules. Includes the text of patterns and validators; what validators call changes with
 * the version.
 */
export function codeIdentity(): string {
  return JSON.stringify([allRules, encodings], (_, value: unknown) =>
    value instanceof RegExp || typeof value === 'function' ? String(value) : value,
  );
}
