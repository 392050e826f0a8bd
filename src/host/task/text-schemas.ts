/** Schemas of non-empty texts, for input from outside. */
import * as z from 'zod';
import { grouped } from '../log/grouped.ts';

/** Characters of the longest path: the limit of Windows, and eight times that of Linux. */
export const LONGEST_PATH = 32_767;

/**
 * Any non-empty text. An expression instead of `min(1)`, which zod applies to everything that has a `length`: a length that cannot
 * be converted to a number, as in `{"length": {"toString": 1}}`, makes zod throw a TypeError instead of returning a result.
 */
export function someText(): z.ZodString {
  return z.string().regex(/[^]/, 'expected a non-empty text');
}

/**
 * A text of limited length.
 * @param most characters
 * @param what the text is, for the error: `a path of `
 */
export function boundedText(most: number, what = ''): z.ZodString {
  const error = `expected ${what}1 to ${grouped(most)} characters`;
  return z.string(error).regex(new RegExp(`^[^]{1,${most}}$`), error);
}
