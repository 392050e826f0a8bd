/** Cron expressions of five fields (KEPM documentation, "Jobs definition and format"), read by croner. */
import { Cron } from 'croner';
import { describeError } from '../../../src/host/exit/task-error.ts';

/** The problem of an expression, if any. */
export function cronProblem(expression: string): string | undefined {
  try {
    parse(expression, 'UTC');
    return undefined;
  } catch (error) {
    return describeError(error);
  }
}

/** The first match of an expression after `after`; undefined if there is none. */
export function nextCronTime(expression: string, after: number, timeZone: string): number | undefined {
  return parse(expression, timeZone).nextRun(new Date(after))?.getTime();
}

function parse(expression: string, timezone: string): Cron {
  return new Cron(expression, { mode: '5-part', paused: true, timezone });
}
