/** Caseless groups, written out, match what they matched. */
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from '@jest/globals';
import { explicitCase } from '../../../src/scan/rules/authoring/explicit-case.ts';
import { allRules } from '../../../src/scan/rules/index.ts';
import { ALPHANUMERIC, Dice } from '../../../fixtures/dice.ts';

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

  test("nor do the expressions between vendors' names and values", () => {
    const short = fileURLToPath(new URL('../../../src/scan/detect/short-text.ts', import.meta.url));
    const value = new Dice('between').mixed(ALPHANUMERIC, 32);
    const script = `import { contextualMatchesIn } from ${JSON.stringify(short)};
      const found = ['# zulip\\nAPI_KEY=', '# zulip\\nSECRET=', '# zulip\\npass='].map((before) =>
        contextualMatchesIn(before + ${JSON.stringify(value)}).map(({ rule }) => rule.id));
      process.stdout.write(JSON.stringify(found));`;
    // As V8 compiles once there are many expressions.
    const flags = ['--no-regexp-optimization', '--input-type=module', '--eval', script];
    const found: unknown = JSON.parse(execFileSync(process.execPath, flags, { encoding: 'utf8' }));
    expect(found).toEqual([['zulip-api-key'], ['zulip-api-key'], ['zulip-api-key']]);
  });
});
