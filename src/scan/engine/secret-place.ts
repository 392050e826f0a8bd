/**
 * Where in a match the group `secret` is. V8 reports this only with the flag `d`, which makes each match take four
 * times as long and as much memory, including those that turn out irrelevant. So expressions run without it, and
 * run again when the place is requested.
 */

/** Offsets in the text that was searched: of the secret's first character, and of the one after its last. */
export type Place = readonly [start: number, end: number];

const exact = new WeakMap<RegExp, RegExp>();

/**
 * @param expression the expression that matched. It captures `secret` within the match, or not at all; it may also capture
 *   `lead`, from the match's beginning to before the secret, and `others`, from after the secret to the match's end
 */
export function secretPlace(expression: RegExp, { index, input, groups, 0: text }: RegExpExecArray): Place {
  const secret = groups?.['secret'];
  if (secret === undefined) return [index, index + text.length];
  // What the expression captured before and after its secret narrows the search down. Then the secret usually occurs once, and
  // no second run is needed: compiling an expression again costs more than a thousand matches.
  const { lead = '', others = '' } = groups ?? {};
  const at = text.indexOf(secret, lead.length);
  if (at !== text.lastIndexOf(secret, text.length - others.length - secret.length)) {
    const asking =
      exact.get(expression) ?? new RegExp(expression.source, `${expression.flags.replaceAll(/[gy]/g, '')}dy`);
    exact.set(expression, asking);
    asking.lastIndex = index;
    const place = asking.exec(input)?.indices?.groups?.['secret'];
    if (place !== undefined) return place;
  }
  return [index + at, index + at + secret.length];
}
