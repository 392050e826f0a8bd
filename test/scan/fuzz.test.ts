/**
 * About a minute of fuzzing with the same inputs each time, so that it fails for a change and not by chance, and the seeds that
 * failed once. New inputs, for hours: `npm run fuzz`.
 */
import { afterAll, describe, expect, test } from '@jest/globals';
import { cleanUpHostile } from '../../scripts/local-agent/hostile-agent.ts';
import { properties, seeds } from '../../scripts/fuzz/all.ts';
import { run } from '../../scripts/fuzz/property.ts';

afterAll(cleanUpHostile);

const SEED = 1;
/** Milliseconds for each property: a slow machine tries fewer inputs. */
const LIMIT = 8000;

describe('for random inputs', () => {
  test.each(properties.map((one) => [one.name, one] as const))('%s', async (_, property) => {
    // Its error shows the smallest input that fails, the seed and the path.
    expect(await run(property, { runs: property.runs, seed: SEED, limit: LIMIT })).toBe('holds');
  });
});

test('seeds that once failed now pass', async () => {
  for (const { property: name, seed, path } of seeds) {
    const property = properties.find((one) => one.name === name);
    if (property === undefined) throw new Error(`scripts/fuzz/seeds.json: no property "${name}"`);
    expect(await run(property, { seed, path })).toBe('holds');
  }
});
