/** What a task contributes to `doctor`: checks of its own inputs, besides those of the link to the agent. */
import type { Platform, ReadInput } from '../platform/index.ts';

/** `warning`: the run works, but not as it should. `failed`: it ends with an error. `skipped`: could not be checked. */
export type CheckResult = 'ok' | 'warning' | 'failed' | 'skipped';

/** The outcome of one check. All texts are for people. */
export interface CheckOutcome {
  readonly result: CheckResult;
  /** What was found: a fact, without a conclusion. */
  readonly saw: string;
  /** What follows from it for a run. */
  readonly means?: string;
  /** What to do about it. */
  readonly change?: string;
  /** Of a failed check: the name of the row in the table of exit codes. Default `config`. */
  readonly exit?: string;
}

/** A check of a task and its outcome. */
export interface Check extends CheckOutcome {
  /** kebab-case, unique in the task. */
  readonly id: string;
  /** What is checked, as a noun: `Roots`. */
  readonly title: string;
}

/** What the checks of a task receive. They change nothing, and they end soon after `signal` is aborted. */
export interface CheckContext<Options> {
  readonly options: Options;
  readonly platform: Platform;
  /** As in `TaskContext`. */
  readonly readInput: ReadInput;
  readonly signal: AbortSignal;
}
