/** Texts that fit a number of columns. */
import { describe, expect, test } from '@jest/globals';
import { columnsOf, shortened, wrapped } from '../../../src/host/log/text-layout.ts';
import { lineOf } from '../../../src/host/run/progress-line.ts';

test('columns are those of a terminal: two for wide characters, none for combining ones', () => {
  expect(['abc', 'é', 'e\u0301', '文書', '🌞', ''].map(columnsOf)).toEqual([3, 1, 1, 4, 2, 0]);
});

test('a long text loses its middle', () => {
  expect(shortened('/home/anna/projects/app/.env', 28)).toBe('/home/anna/projects/app/.env');
  expect(shortened('/home/anna/projects/app/.env', 20)).toBe('/home...cts/app/.env');
  expect(shortened('/文書/文書/文書/文書/.env', 15)).toBe('/文...文書/.env');
  for (const columns of [0, 1, 2, 3, 4, 7]) {
    expect(columnsOf(shortened('/文書/🌞/e\u0301/.env', columns))).toBeLessThanOrEqual(columns);
  }
});

test('words are wrapped, and parts are not broken', () => {
  expect(wrapped('one two three', 7)).toEqual(['one two', 'three']);
  expect(wrapped(['one two', 'three'], 5)).toEqual(['one two', 'three']);
  expect(wrapped('', 5)).toEqual(['']);
});

describe('a line of progress', () => {
  const progress = { done: ['1,204 files', '45.3 MB', '3 findings'], at: '/home/anna/projects/app' };

  test('says what was done, and where the work is', () => {
    expect(lineOf(progress, 0, 77)).toBe('1,204 files  45.3 MB  3 findings  /home/anna/projects/app');
  });

  test('says how long it still takes, once that is known', () => {
    expect(lineOf({ ...progress, fraction: 0.25 }, 1000, 77)).toMatch(
      /^25% {2}1,204 files .* {2}3 findings {2}\//,
    );
    expect(lineOf({ ...progress, fraction: 0.25 }, 10_000, 77)).toContain('  about 30 s left  ');
    expect(lineOf({ ...progress, fraction: 0.5 }, 3_900_000, 77)).toContain('  about 1 h 5 min left  ');
    expect(lineOf({ ...progress, fraction: 0.01 }, 10_000, 77)).not.toContain('left');
    expect(lineOf({ ...progress, fraction: 1 }, 10_000, 77)).toContain('100%');
  });

  test('fits, whatever the width: the path is shortened first, then what is least important is left out', () => {
    expect(lineOf(progress, 0, 48)).toBe('1,204 files  45.3 MB  3 findings  /ho...ects/app');
    expect(lineOf(progress, 0, 40)).toBe('1,204 files  45.3 MB  3 findings');
    expect(lineOf(progress, 0, 25)).toBe('1,204 files  45.3 MB');
    expect(lineOf(progress, 0, 8)).toBe('1...iles');
  });
});
