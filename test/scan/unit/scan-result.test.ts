import { describe, expect, test } from '@jest/globals';
import { scanResult } from '../../../src/scan/report/index.ts';
import { example } from '../../../fixtures/report-example.ts';

const { outcome } = example;
const nothing = {
  ...outcome,
  findings: [],
  findingCount: { low: 0, medium: 0, high: 0, critical: 0 },
  coverage: { ...outcome.coverage, unexamined: {} },
};
const medium = { ...nothing, findingCount: { ...nothing.findingCount, medium: 1 } };
const incomplete = { ...nothing, coverage: { ...nothing.coverage, unexamined: { 'stopped-early': 1 } } };

describe('the verdict of a scan', () => {
  test.each([
    ['low', ['findings']],
    ['medium', ['findings']],
    ['high', []],
  ] as const)('--fail-on=%s with a medium finding is %j', (failOn, exits) => {
    expect(scanResult(medium, { failOn, strict: false }).exits).toEqual(exits);
  });

  test('an incomplete scan is one only with --strict', () => {
    expect(scanResult(incomplete, { strict: false }).exits).toEqual([]);
    expect(scanResult(incomplete, { strict: true }).exits).toEqual(['incomplete']);
  });
});

test('findings in files of packages are counted, and are no reason to alert', () => {
  const { summary, exits, needsAttention } = scanResult(
    { ...nothing, shipped: 7 },
    { failOn: 'low', strict: false },
  );
  expect(summary).toMatchObject({ findings: nothing.findingCount, shipped: 7 });
  expect({ exits, needsAttention }).toEqual({ exits: [], needsAttention: false });
});

describe('the summary needs attention', () => {
  const needsAttention = (input: Parameters<typeof scanResult>[0]) =>
    scanResult(input, { strict: false }).needsAttention;

  test('for findings, without state', () => {
    expect(needsAttention(medium)).toBe(true);
    expect(needsAttention(nothing)).toBe(false);
  });

  test('for new findings alone, with state', () => {
    const known = { new: 0, persisting: 1, moved: 0, resolved: 0 };
    expect(needsAttention({ ...medium, lifecycle: known })).toBe(false);
    expect(needsAttention({ ...medium, lifecycle: { ...known, new: 1 } })).toBe(true);
  });

  test('for an incomplete scan', () => {
    expect(needsAttention(incomplete)).toBe(true);
  });
});
