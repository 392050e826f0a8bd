/**
 * What a rule is: a description for people, a pattern for the engine, and a validator that says how sure a match is.
 * Rules are data. They read no files and know nothing of chunks, and nothing outside this folder knows what they mean.
 */
import type { RuleDescription } from '../../task.ts';
import type { Pattern } from '../engine/index.ts';
import type { Verdict } from './validators/verdict.ts';

/**
 * One kind of credential. What `pattern` captures as `secret`, or its whole match, is the secret: the only part that is
 * fingerprinted and redacted.
 */
export interface Rule extends RuleDescription, Pattern {
  /**
   * Judges a secret offline. `secret` has one character per byte of the file (latin1); `now` is in milliseconds since
   * 1970. Must not keep the secret or repeat any of it in its evidence.
   */
  readonly validate: (secret: string, now: number) => Verdict;
}
