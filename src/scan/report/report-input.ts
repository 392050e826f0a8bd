/**
 * What every kind of report is made from: one finished run. Owns the shape; renders nothing. It has no field for a
 * secret's value, so no report can print one.
 */
import { exitCodes } from '../../host/exit/exit-table.ts';
import type { Os } from '../../host/platform/index.ts';
import { type Outcome, severities } from '../../host/task/task.ts';

export interface ReportInput {
  readonly tool: {
    readonly name: string;
    readonly version: string;
    /** Where people read about the tool; an `https` URL. */
    readonly informationUri?: string | undefined;
  };
  /** The machine that the paths of the outcome belong to. `os` decides how they are read. */
  readonly host: { readonly name: string; readonly os: Os };
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  readonly endedAt: string;
  /** A code of `exit-codes.ts`. */
  readonly exitCode: number;
  readonly outcome: Outcome;
}

/** What the table of exit codes says of a code. */
export function exitMeaning(code: number): string {
  return exitCodes.find((row) => row.code === code)?.meaning ?? 'not in the table of exit codes';
}

/** All that was found, those that the outcome did not keep included. */
export function totalFindings({ findingCount }: Outcome): number {
  return severities.reduce((sum, severity) => sum + findingCount[severity], 0);
}
