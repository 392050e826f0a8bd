/**
 * The input of every report format: a finished run and the outcome of its scan. It has no field for a secret's
 * value, so no report can print one.
 */
import type { FinishedRun } from '../../host/task/task.ts';
import { type RuleDescription, type ScanOutcome, severities } from '../model/finding.ts';

export interface ReportInput extends FinishedRun {
  readonly outcome: ScanOutcome;
}

/** The rules of the listed findings. */
export function usedRules(outcome: Pick<ScanOutcome, 'rules' | 'findings'>): readonly RuleDescription[] {
  const used = new Set(outcome.findings.map(({ rule }) => rule));
  // Loading all rules costs as much as scanning an empty folder.
  return used.size === 0 ? [] : outcome.rules.filter(({ id }) => used.has(id));
}

/** The number of all findings, including those that the outcome does not list. */
export function totalFindings(outcome: Pick<ScanOutcome, 'findingCount' | 'shipped'>): number {
  return countedFindings(outcome) + outcome.shipped;
}

/** The same without those in unmodified files of packages. */
export function countedFindings({ findingCount }: Pick<ScanOutcome, 'findingCount'>): number {
  return severities.reduce((sum, severity) => sum + findingCount[severity], 0);
}
