/** The JSON report, as `schema.ts` documents it. Does not load zod: the compiler checks it against the schema. */
import { printableLines } from '../../host/log/index.ts';
import { type ReportInput, usedRules } from './report-input.ts';
import type { JsonReport } from './schema.ts';

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
  return serialize(report);
}

/** JSON for programs; names in it are also safe to print on a terminal. */
export function serialize(value: unknown): string {
  return `${printableLines(JSON.stringify(value, null, 2))}\n`;
}
