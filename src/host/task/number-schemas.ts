/**
 * Schemas of options that are numbers. Flags and variables give them as text. `--help` shows a default that is set with `prefault`.
 */
import * as z from 'zod';

/** A number, or a text that is one in decimal; other texts are refused. */
export const numeric = <Schema extends z.ZodNumber>(schema: Schema) =>
  z.preprocess((value) => {
    if (typeof value !== 'string') return value;
    return /^\d{1,15}(?:\.\d{1,15})?$/.test(value) ? Number(value) : Number.NaN;
  }, schema);

/**
 * A whole number within bounds, both included.
 * @param of what is counted, for the error: `threads`
 */
export function count(of: string, least: number, most: number) {
  const error = `expected a number of ${of} from ${least} to ${most}`;
  return numeric(z.int(error).min(least, error).max(most, error));
}
