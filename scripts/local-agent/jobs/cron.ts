/** Cron expressions of five fields (KEPM documentation, "Jobs definition and format"), read by croner. */
import { Cron } from 'croner';
import { describeError } from '../../../src/host/exit/task-error.ts';

/** What is wrong with an expression; undefined when nothing is. */
export function cronProblem(expression: string): string | undefined {
  try {
    parse(expression, 'UTC');
    return undefined;
  } catch (error) {
    return describeError(error);
  }
}

/** The first moment after `after` that an expression names; undefined when there is none any more. */
export function nextCronTime(expression: string, after: number, timeZone: string): number | undefined {
  return parse(expression, timeZone).nextRun(new Date(after))?.getTime();
}

function parse(expression: string, timezone: string): Cron {
  return new Cron(expression, { mode: '5-part', paused: true, timezone });
}
