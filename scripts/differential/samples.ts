/**
 * Texts that an expression matches, made from the expression itself: each alternative, and each quantifier with different counts. They
 * show where a keyword, a window or a byte check of a pattern excludes what its expression allows.
 */
import { RegExpParser, visitRegExpAST } from '@eslint-community/regexpp';
import { sample, stringMatching } from 'fast-check';

/** Random samples; the same ones for the same seed. Some do not match, since they ignore assertions and backreferences. */
export function samplesOf({ source, flags }: RegExp, count: number, seed: number): string[] {
  const expression = new RegExp(simplified(source), flags.replace(/[dgy]/g, ''));
  return sample(stringMatching(expression), { numRuns: count, seed });
}

/** Nothing, in a form that samples can be made of. */
const NOTHING = 'x{0}';
/** In the patterns, a backreference repeats a quote. */
const QUOTE = '["\'`]';

/** Without what no samples can be made of: assertions, backreferences, empty groups, and names that two alternatives share. */
function simplified(source: string): string {
  const replaced: { start: number; end: number; by: string }[] = [];
  const pattern = new RegExpParser().parsePattern(source);
  visitRegExpAST(pattern, {
    onAssertionEnter: ({ start, end, parent }) => {
      replaced.push({ start, end: parent.type === 'Quantifier' ? parent.end : end, by: NOTHING });
    },
    onBackreferenceEnter: ({ start, end }) => {
      replaced.push({ start, end, by: QUOTE });
    },
    onGroupEnter: ({ start, end, raw }) => {
      if (raw === '(?:)') replaced.push({ start, end, by: NOTHING });
    },
    onCapturingGroupEnter: ({ start, end, name, raw }) => {
      const opening = `(?<${name}>`;
      if (raw === `${opening})`) replaced.push({ start, end, by: NOTHING });
      else if (name !== null) replaced.push({ start, end: start + opening.length, by: '(' });
    },
  });
  let rest = '';
  let at = 0;
  for (const { start, end, by } of replaced.toSorted((one, other) => one.start - other.start)) {
    // Within an assertion that is replaced as a whole.
    if (start < at) continue;
    rest += source.slice(at, start) + by;
    at = end;
  }
  return rest + source.slice(at);
}
