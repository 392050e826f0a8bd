/** The schema of a text that is not empty, for whatever is read from outside. */
import * as z from 'zod';

/**
 * Instead of `min(1)`, which zod applies to whatever has a `length`: one that cannot be made a number, as in
 * `{"length": {"toString": 1}}`, makes it throw a TypeError in place of a result.
 */
export function someText(): z.ZodString {
  return z.string().regex(/[^]/, 'expected a text that is not empty');
}
