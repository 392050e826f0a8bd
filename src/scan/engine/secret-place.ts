/**
 * Where in a match the group `secret` is. V8 tells only under the flag `d`, with which each match takes four times as long
 * and as much memory, also those that mean nothing. So expressions run without it, and one that is asked runs again.
 */

/** Offsets in the text that was searched: of the secret's first character, and of the one after its last. */
export type Place = readonly [start: number, end: number];

const exact = new WeakMap<RegExp, RegExp>();

/** @param expression what has matched; it captures `secret` within the match, or not at all */
export function secretPlace(expression: RegExp, { index, input, groups, 0: text }: RegExpExecArray): Place {
  const secret = groups?.['secret'];
  if (secret === undefined) return [index, index + text.length];
  const at = text.indexOf(secret);
  // As a rule it stands there once, and nobody need ask.
  if (at !== text.lastIndexOf(secret)) {
    const asking =
      exact.get(expression) ?? new RegExp(expression.source, `${expression.flags.replaceAll(/[gy]/g, '')}dy`);
    exact.set(expression, asking);
    asking.lastIndex = index;
    const place = asking.exec(input)?.indices?.groups?.['secret'];
    if (place !== undefined) return place;
  }
  return [index + at, index + at + secret.length];
}
