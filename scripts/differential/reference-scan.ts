/**
 * The obviously correct scanner: each expression, alone, over the whole text. No keywords, no windows, no chunks.
 * Slow; the engine must find the same.
 */
import type { Pattern } from '../../src/scan/task-build.ts';

export interface ReferenceMatch {
  readonly pattern: number;
  readonly start: number;
  readonly end: number;
}

/** The secrets of all patterns, by pattern and then by position. */
export function referenceScan(patterns: readonly Pattern[], bytes: Buffer): ReferenceMatch[] {
  const text = bytes.toString('latin1');
  const found: ReferenceMatch[] = [];
  for (const [index, { pattern }] of patterns.entries()) {
    const expression = globalOf(pattern);
    expression.lastIndex = 0;
    for (let match = expression.exec(text); match !== null; match = expression.exec(text)) {
      const [start, end] = match.indices?.groups?.['secret'] ?? [match.index, expression.lastIndex];
      found.push({ pattern: index, start, end });
      if (match[0] === '') expression.lastIndex += 1;
    }
  }
  return found;
}

const expressions = new WeakMap<RegExp, RegExp>();

/** Creating a new one for each text takes longer than running it. */
function globalOf(pattern: RegExp): RegExp {
  const known = expressions.get(pattern);
  if (known !== undefined) return known;
  const made = new RegExp(pattern.source, `${pattern.flags}dg`);
  expressions.set(pattern, made);
  return made;
}

/** The patterns that must be requested from an engine. */
export function withoutKeywords(patterns: readonly Pattern[]): number[] {
  return patterns.flatMap(({ keywords }, index) => (keywords.length === 0 ? [index] : []));
}
