/** Durations as options have them: `90s`, `15m`, `2h`. */
import * as z from 'zod';

const milliseconds: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000 };

/** To milliseconds. */
function toMilliseconds(text: string): number {
  return Number.parseInt(text, 10) * (milliseconds[text.at(-1) ?? ''] ?? Number.NaN);
}

/**
 * `90s`, `15m`, `2h`: to milliseconds.
 * @param longest in the same form; for timers, far below 2^31 - 1 ms (596 h), beyond which Node's fire at once
 */
export function duration(longest: string) {
  const error = `expected a duration such as 90s, 15m or 2h, at most ${longest}`;
  return z
    .string()
    .regex(/^[1-9]\d{0,5}[smh]$/, error)
    .refine((text) => toMilliseconds(text) <= toMilliseconds(longest), error)
    .transform(toMilliseconds);
}

/** As `duration`; `never` and `0` become undefined. */
export function durationOrNever(longest: string) {
  const error = `expected a duration such as 90s, 15m or 2h, at most ${longest}, or never`;
  return z
    .string()
    .regex(/^(?:[1-9]\d{0,5}[smh]|never|0)$/, error)
    .refine((text) => !/[smh]$/.test(text) || toMilliseconds(text) <= toMilliseconds(longest), error)
    .transform((text) => (/[smh]$/.test(text) ? toMilliseconds(text) : undefined));
}
