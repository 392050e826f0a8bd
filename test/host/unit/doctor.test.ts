/** The parts of `doctor` that judge what other programs say. */
import { describe, expect, test } from '@jest/globals';
import { stepText } from '../../../src/host/commands/doctor/report.ts';
import { placeOf } from '../../../src/host/commands/doctor/steps/settings-shape.ts';
import { appleSignature, authenticode } from '../../../src/host/commands/doctor/steps/signature.ts';

describe('where a setting is in a reply', () => {
  test.each<readonly [string, unknown, string | undefined]>([
    ['flat', { 'broker.host': '127.0.0.1' }, 'broker.host'],
    ['nested, in capitals', { Broker: { Host: '127.0.0.1' } }, 'Broker > Host'],
    ['wrapped', { data: { settings: { 'Broker:Host': 'x' } } }, 'data > settings > Broker:Host'],
    [
      'a list of pairs',
      { Settings: [{ SettingName: 'a' }, { SettingName: 'Broker.Host', SettingValue: 'x' }] },
      'Settings > [] > Broker.Host',
    ],
    ['an object with a value', { 'broker.host': { value: 'x', source: 'y' } }, 'broker.host > value'],
    ['missing', { broker: { port: 1 } }, undefined],
    ['not an object', 'broker.host', undefined],
  ])('%s', (_, reply, place) => {
    expect(placeOf(reply, 'broker.host')).toBe(place);
  });

  test('a reply that is nested without end is given up', () => {
    let reply: unknown = { 'broker.host': 'x' };
    for (let depth = 0; depth < 100; depth += 1) reply = { a: reply };
    expect(placeOf(reply, 'broker.host')).toBeUndefined();
  });
});

describe('the signature of the executable', () => {
  const said = (stdout: string, code: number | string = 0, stderr = '') => ({ code, stdout, stderr });
  const answer = (status: string, thumbprint = '') =>
    said(JSON.stringify({ status, subject: thumbprint === '' ? '' : 'CN=Publisher', thumbprint }));

  test.each([
    ['valid', answer('Valid', 'ABCD'), 'ok', /Valid, signed by CN=Publisher, thumbprint ABCD/],
    ['absent', answer('NotSigned'), 'warning', /NotSigned/],
    ['not trusted', answer('UnknownError', 'ABCD'), 'warning', /thumbprint ABCD/],
    ['not known in time', said('', 'timeout'), 'skipped', /ended with timeout/],
    ['not JSON', said('oops'), 'skipped', /not checked/],
  ] as const)('Windows: %s', (_, result, expected, saw) => {
    expect(authenticode('x.exe', result)).toMatchObject({
      result: expected,
      saw: expect.stringMatching(saw),
    });
  });

  test('Windows: the thumbprint to allow is named where there is one', () => {
    expect(authenticode('x.exe', answer('UnknownError', 'ABCD')).change).toContain(
      'add ABCD to Settings:AlternativeSignatures',
    );
  });

  test.each([
    ['valid', said('', 0, 'x: valid on disk'), 'ok', /valid on disk/],
    [
      'absent',
      said('', 1, 'x: code object is not signed at all\nIn architecture: arm64'),
      'warning',
      /not signed at all$/,
    ],
    ['no tool', said('', 'ENOENT'), 'skipped', /ENOENT/],
  ] as const)('macOS: %s', (_, result, expected, saw) => {
    expect(appleSignature('x', result)).toMatchObject({ result: expected, saw: expect.stringMatching(saw) });
  });
});

test('a step is coloured only where that was asked for', () => {
  const step = {
    id: 'a',
    title: 'A',
    result: 'failed',
    saw: 'nothing',
    means: 'much',
    change: 'this',
  } as const;
  expect(stepText(step, { colour: true })).toContain('\u001b[31mFAILED');
  expect(stepText(step, { colour: false })).toMatch(
    /^FAILED {3}A +nothing\n {9}means: {2}much\n {9}change: this\n$/,
  );
});
