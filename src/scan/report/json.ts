/** The JSON report, as `schema.ts` documents it. Loads no zod: the compiler holds it against the schema. */
import { type ReportInput, exitMeaning } from './report-input.ts';
import type { JsonReport } from './schema.ts';

export function jsonReport({ tool, host, startedAt, endedAt, exitCode, outcome }: ReportInput): JsonReport {
  return {
    schemaVersion: 1,
    tool,
    host,
    startedAt,
    endedAt,
    exitCode,
    exitMeaning: exitMeaning(exitCode),
    outcome,
  };
}
