/** The JSON report, as `schema.ts` documents it. Does not load zod: the compiler checks it against the schema. */
import type { ReportInput } from './report-input.ts';
import type { JsonReport } from './schema.ts';

export function jsonReport(input: ReportInput): JsonReport {
  const { tool, host, startedAt, endedAt, exitCode, exitMeaning, outcome } = input;
  return { schemaVersion: 2, tool, host, startedAt, endedAt, exitCode, exitMeaning, outcome };
}
