/** Walks the chain: the steps of the host, then the checks of the task. */
import { describeError } from '../../exit/task-error.ts';
import type { Examination } from './steps/examination.ts';
import { doctorEvents, inTime, publishRecord } from './steps/records.ts';
import { steps } from './steps/index.ts';
import { type StepReport, finished, outcomeOf, skipped, take } from './steps/step.ts';

/**
 * Takes every step, and yields each outcome as soon as it is known.
 * @param last id of the last step; by default, all steps are taken, and then the task's own checks
 */
export async function* examine(examination: Examination, last?: string): AsyncGenerator<StepReport> {
  const reports: StepReport[] = [];
  for (const step of steps) {
    const report = await take(step, reports, examination);
    reports.push(report);
    yield report;
    if (step.id === last) return;
  }
  yield* taskChecks(examination);
}

/** The task's own checks. An error that one of them throws is an outcome, too. */
async function* taskChecks(examination: Examination): AsyncGenerator<StepReport> {
  const { task, exits, show, platform, readInput, signal } = examination;
  if (task.checks === undefined || !examination.hasConfig) return;
  const report = { id: 'task', title: `Checks of ${task.name}` };
  const context = { options: examination.config.task, platform, readInput, signal };
  const checks = task.checks(context)[Symbol.asyncIterator]();
  try {
    for (;;) {
      const { done = false, value } = await inTime(checks.next(), signal);
      if (done) return;
      yield finished({ ...value, id: `task.${value.id}` }, exits, show);
    }
  } catch (error) {
    const outcome = signal.aborted
      ? skipped('not finished: the command had to end')
      : outcomeOf(error, exits);
    yield finished({ ...report, ...outcome }, exits, show);
  }
}

/**
 * Publishes one record for each step that is not in order, and closes the connection. Does nothing if the broker was not
 * reached.
 * @returns why records were not published, if so
 */
export async function publishSummary(
  reports: readonly StepReport[],
  examination: Examination,
): Promise<string | undefined> {
  const { connection } = examination;
  if (connection === undefined) return undefined;
  const notable = reports.filter(({ result }) => result === 'failed' || result === 'warning');
  let problem: string | undefined;
  try {
    for (const { id, title, result, saw, change } of notable) {
      const event = result === 'failed' ? doctorEvents.failed : doctorEvents.warning;
      await publishRecord(examination, event, {
        step: id,
        title,
        saw,
        ...(change !== undefined && { change }),
      });
    }
  } catch (error) {
    problem = describeError(error);
  }
  await connection.close({ acknowledged: problem === undefined, timeout: CLOSE_MS });
  return problem;
}

/** Milliseconds for the end of the connection. */
const CLOSE_MS = 2000;
