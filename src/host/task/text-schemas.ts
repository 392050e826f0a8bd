/** Schemas of texts that are not empty, for whatever is read from outside. */
import * as z from 'zod';
import { grouped } from '../log/grouped.ts';

/** The most characters of a path: what Windows allows, and eight times what Linux does. */
export const LONGEST_PATH = 32_767;

/**
 * Any text but the empty one. An expression instead of `min(1)`, which zod applies to whatever has a `length`: one that cannot be
 * made a number, as in `{"length": {"toString": 1}}`, makes zod throw a TypeError where a result is expected.
 */
export function someText(): z.ZodString {
  return z.string().regex(/[^]/, 'expected a text that is not empty');
}

/**
 * A text of at most so many characters.
 * @param what it is, for the error: `a path of `
 */
export function boundedText(most: number, what = ''): z.ZodString {
  const error = `expected ${what}1 to ${grouped(most)} characters`;
  return z.string(error).regex(new RegExp(`^[^]{1,${most}}$`), error);
}
