/** The engine against the reference scanner; see `scripts/differential/comparisons.ts`. On arm64: `test/scan/integration/arm64.test.ts`. */
import { expect, test } from '@jest/globals';
import { comparisons } from '../../../scripts/differential/comparisons.ts';

const TEXTS = 100_000;

test('there are 100,000 texts', () => {
  expect(comparisons.reduce((sum, { countOf }) => sum + countOf(TEXTS), 0)).toBeGreaterThanOrEqual(TEXTS);
});

test.each(comparisons)('$name', ({ run, countOf }) => {
  const count = countOf(TEXTS);
  const { matches, wrong } = run(count);
  expect(wrong).toBeUndefined();
  // Of the longest tokens, hardly any is whole in a text.
  expect(matches).toBeGreaterThan(0);
});
