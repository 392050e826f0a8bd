/** Schemas of lists in options. */
import * as z from 'zod';
import { grouped } from '../log/grouped.ts';

/** A list with a maximum length. `refine` instead of `max`, for the reason in `text-schemas.ts`. */
export function atMost<Item extends z.ZodType>(most: number, what: string, item: Item) {
  return z.array(item).refine(({ length }) => length <= most, `expected at most ${grouped(most)} ${what}`);
}
