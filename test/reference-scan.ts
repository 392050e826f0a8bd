/**
 * The obviously right scanner: each expression, alone, over the whole text. No keywords, no windows, no chunks. Slow; the
 * engine must find the same.
 */
import type { Pattern } from '../src/scan/engine/index.ts';

export interface ReferenceMatch {
  readonly pattern: number;
  readonly start: number;
  readonly end: number;
}

/** The secrets of all patterns, by pattern and then by place. */
export function referenceScan(patterns: readonly Pattern[], bytes: Buffer): ReferenceMatch[] {
  const text = bytes.toString('latin1');
  return patterns.flatMap(({ pattern: { source, flags } }, index) =>
    Array.from(text.matchAll(new RegExp(source, `${flags}dg`)), (match) => {
      const [start, end] = match.indices?.groups?.['secret'] ?? [match.index, match.index + match[0].length];
      return { pattern: index, start, end };
    }),
  );
}

/** The patterns that an engine must be asked for. */
export function withoutKeywords(patterns: readonly Pattern[]): number[] {
  return patterns.flatMap(({ keywords }, index) => (keywords.length === 0 ? [index] : []));
}
