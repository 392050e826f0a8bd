/** The engine against the reference scanner; see `scripts/differential/comparisons.ts`. On arm64: `test/scan/integration/arm64.test.ts`. */
import { expect, test } from '@jest/globals';
import { comparisons } from '../../../scripts/differential/comparisons.ts';

const TEXTS = 100_000;
const withoutMatch: string[] = [];

test('there are 100,000 texts', () => {
  expect(comparisons.reduce((sum, { countOf }) => sum + countOf(TEXTS), 0)).toBeGreaterThanOrEqual(TEXTS);
});

test.each(comparisons)('$name', ({ name, run, countOf }) => {
  const { matches, wrong } = run(countOf(TEXTS));
  expect(wrong).toBeUndefined();
  if (matches === 0) withoutMatch.push(name);
});

// Of the longest tokens, hardly any is whole in a text.
test('nearly every comparison has matches', () => {
  expect(withoutMatch.length).toBeLessThan(comparisons.length / 100);
});
