/** The JSON report, as `schema.ts` documents it. Does not load zod: the compiler checks it against the schema. */
import { type ReportInput, usedRules } from './report-input.ts';
import type { JsonReport } from './schema.ts';
import { LongList, serialize } from './serialize.ts';

/** The page about the program, for readers of its reports. */
const HOMEPAGE = 'https://github.com/keeper-security/kepm-secrets-scan';

/** The object that all formats but the text are rendered from. */
export function jsonReport(input: ReportInput): JsonReport {
  const { tool, host, startedAt, endedAt, exitCode, exitMeaning, outcome } = input;
  return {
    schemaVersion: 2,
    tool: { ...tool, informationUri: HOMEPAGE },
    host,
    startedAt,
    endedAt,
    exitCode,
    exitMeaning,
    outcome: { ...outcome, rules: usedRules(outcome) },
  };
}

export function renderJson(report: JsonReport): string {
  const findings = new LongList(report.outcome.findings, (finding) => finding);
  return serialize({ ...report, outcome: { ...report.outcome, findings } });
}
