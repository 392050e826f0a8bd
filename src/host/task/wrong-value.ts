/** Errors about values of options that only the work itself can check, such as names that depend on a file. */
import type { TaskError } from '../exit/task-error.ts';

/**
 * The error for such a value. It names the option as it was set, and ends the run with the code for mistakes in that place.
 * @param key of the option: `maxDuration`
 * @param problem what is wrong, and the remedy
 */
export type WrongValue = (key: string, problem: string) => TaskError;
