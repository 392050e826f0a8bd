/** Findings counted by severity. */
import { type Severity, severities } from './finding.ts';

export type SeverityCounts = Record<Severity, number>;

/** All zero. */
export function noCounts(): SeverityCounts {
  return { low: 0, medium: 0, high: 0, critical: 0 };
}

export function sumOf(counts: Readonly<SeverityCounts>): number {
  return severities.reduce((sum, severity) => sum + counts[severity], 0);
}

/** Adds the second to the first. */
export function addSeverityCounts(sum: SeverityCounts, counts: Readonly<SeverityCounts>): void {
  for (const severity of severities) sum[severity] += counts[severity];
}
