/** One step of `doctor`: what it looks at, and what it needs to know first. */
import { describeError, errorKind } from '../../../exit/task-error.ts';
import type { ExitTable } from '../../../exit/exit-table.ts';
import type { CheckOutcome } from '../../../task/check.ts';
import type { Examination } from './examination.ts';

export interface Step {
  /** kebab-case, unique. */
  readonly id: string;
  readonly title: string;
  /** Ids of earlier steps. If one of them failed or was skipped, this step is skipped. */
  readonly needs?: readonly string[];
  /** An error that it throws is a failure with the error's row of the exit table. */
  look(examination: Examination): CheckOutcome | Promise<CheckOutcome>;
}

/** The outcome of a step, as it is reported. */
export interface StepReport extends CheckOutcome {
  readonly id: string;
  readonly title: string;
  /** The code of `exit`; only of a failed step. */
  readonly exitCode?: number;
  /** Of a step that was skipped for that reason: the id of the earlier step that failed or could not be checked. */
  readonly blockedBy?: string;
}

/** What a person is told besides what was seen. */
interface Advice {
  readonly means: string;
  readonly change?: string;
}

export const ok = (saw: string): CheckOutcome => ({ result: 'ok', saw });
export const skipped = (saw: string): CheckOutcome => ({ result: 'skipped', saw });
export const warning = (saw: string, advice: Advice): CheckOutcome => ({ result: 'warning', saw, ...advice });
/** @param exit name of a row of the exit table */
export const failed = (exit: string, saw: string, advice: Advice): CheckOutcome => ({
  result: 'failed',
  exit,
  saw,
  ...advice,
});

/** Takes a step, unless one of its prerequisites is missing. */
export async function take(
  step: Step,
  earlier: readonly StepReport[],
  examination: Examination,
): Promise<StepReport> {
  const { id, title, needs = [] } = step;
  const report = (outcome: CheckOutcome) =>
    finished({ id, title, ...outcome }, examination.exits, examination.show);
  const missing = earlier.find(
    (other) => needs.includes(other.id) && (other.result === 'failed' || other.result === 'skipped'),
  );
  if (missing !== undefined) {
    const cause = earlier.find((other) => other.id === missing.blockedBy) ?? missing;
    const how = cause.result === 'failed' ? 'failed' : 'was skipped';
    return { ...report(skipped(`not checked: "${cause.title}" ${how}`)), blockedBy: cause.id };
  }
  if (examination.signal.aborted) return report(skipped('not checked: the command had to end'));
  try {
    return report(await step.look(examination));
  } catch (error) {
    return report(outcomeOf(error, examination.exits));
  }
}

/** A thrown error as an outcome. */
export function outcomeOf(error: unknown, exits: ExitTable): CheckOutcome {
  const isKnown = errorKind(error) !== 'internal';
  return failed(exits.exitFor(error), describeError(error), {
    means: isKnown
      ? 'A run would end with the same error.'
      : 'This is a bug in the program; please report it.',
  });
}

/** Adds the exit code; the texts may contain names that others chose, so they are made safe to display. */
export function finished(
  { exit = 'config', saw, means, change, ...rest }: StepReport,
  exits: ExitTable,
  show: (text: string) => string,
): StepReport {
  return {
    ...rest,
    saw: show(saw),
    ...(means !== undefined && { means: show(means) }),
    ...(change !== undefined && { change: show(change) }),
    ...(rest.result === 'failed' && { exit, exitCode: exits.codeOf(exit) }),
  };
}
