/** The engine against the reference scanner; see `test/differential.ts`. On arm64: `test/integration/arm64.test.ts`. */
import { expect, test } from '@jest/globals';
import { comparisons } from '../differential.ts';

test('there are 100,000 texts', () => {
  expect(comparisons.reduce((sum, { share }) => sum + share, 0)).toBeGreaterThanOrEqual(100_000);
});

test.each(comparisons)('$name', ({ run, share }) => {
  const { matches, wrong } = run(share);
  expect(wrong).toBeUndefined();
  // Of the longest tokens, few are whole in a text.
  expect(matches).toBeGreaterThan(share / 20);
});
