/** Caseless groups, written out, match what they matched. */
import { describe, expect, test } from '@jest/globals';
import { explicitCase } from '../../src/scan/rules/explicit-case.ts';
import { allRules } from '../../src/scan/rules/index.ts';

describe('explicitCase', () => {
  test.each([
    [String.raw`(?i:key|token)=[a-f]`, ['KEY=a', 'Token=f'], ['KEY=A', 'k=a']],
    [String.raw`(?i:a(?<n>b)?(?:c|[d-f]))x`, ['ABCx', 'aEx'], ['abcX', 'gx']],
    [String.raw`(?i:\x6bey\.\d)z`, ['KEY.1z'], ['KEYx1z', 'key.1Z']],
    [String.raw`a(?=(?i:b))[\])]?(?<=a)`, ['aB', 'ab'], ['Ab']],
    [String.raw`[(?i:]x`, ['ix', ':x'], ['Ix']],
  ])('%s', (source, matches, others) => {
    const explicit = explicitCase(source);
    for (const text of [...matches, ...others]) {
      expect([text, new RegExp(`^(?:${explicit})`).test(text)]).toEqual([text, matches.includes(text)]);
    }
  });

  test.each(allRules)('$id has no caseless group', ({ pattern }) => {
    expect(pattern.source).not.toContain('(?i:');
  });
});
