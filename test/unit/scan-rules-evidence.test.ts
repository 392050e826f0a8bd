/** What validators of clouds and of passwords say for and against what they judge. */
import { describe, expect, test } from '@jest/globals';
import { createDetector } from '../../src/scan/detector.ts';
import { type Detection, TextDetection } from '../../src/scan/detection.ts';
import { examplesOf } from '../rules/fixtures.ts';
import { Dice } from '../tokens.ts';

const detector = createDetector(Buffer.alloc(32), Date.UTC(2026, 0, 1));

function detect(text: string): Detection[] {
  const length = detector.engine.memory.write(text);
  const found: Detection[] = [];
  new TextDetection(detector).next(length, true, (detection) => found.push(detection));
  return found;
}

/** The evidence of each example of a rule, in the order of its fixtures. */
function evidenceOf(rule: string): (readonly string[])[] {
  return examplesOf('ok')
    .filter(({ title }) => title === rule)
    .map(({ make }) => detect(make(new Dice('1')).text).find((found) => found.rule === rule)?.evidence ?? []);
}

describe('evidence', () => {
  test.each([
    [
      'azure-shared-access-signature',
      [['expires 2099-01-01'], ['expired 2020-02-01'], ['expires 2100-01-01']],
    ],
    ['azure-devops-token', [['Azure DevOps'], ['Azure DevOps']]],
    ['azure-annotated-key', [['Azure AI services'], ['Azure AI services']]],
    ['aws-bedrock-short-term-key', [['lives for 12 hours'], ['lives for 12 hours']]],
    ['cloudflare-tunnel-token', [['structure parses'], ['structure parses']]],
    [
      'supabase-service-role-key',
      [
        ['header valid', 'expires 2100-01-01'],
        ['header valid', 'expires 2100-01-01'],
      ],
    ],
  ])('%s', (rule, evidence) => {
    expect(evidenceOf(rule)).toEqual(evidence);
  });

  test('the project of a Google service account', () => {
    expect(evidenceOf('google-service-account-key')).toEqual([
      ['Google Cloud project shop', 'ed25519', 'not encrypted'],
      ['Google Cloud project shop-prod-1', 'ed25519', 'not encrypted'],
    ]);
  });
});

describe('a password in a URL', () => {
  const url = (user: string, host: string, scheme = 'https') =>
    `${scheme}://${user}:${['correct', 'horse', '7'].join('')}@${host}/`;

  test.each([
    ['of a database', url('app', 'db.corp.net', 'postgres'), 'high', 'medium', ['in a URL of postgres']],
    ['of a site', url('app', 'shop.io'), 'medium', 'medium', ['in a URL']],
    ['on this machine', url('app', '127.0.0.1:5432'), 'low', 'medium', ['in a URL', 'on this machine']],
    ['of documentation', url('app', 'db.example.com'), 'low', 'low', ['in a URL', 'host of documentation']],
    [
      'that is the user too',
      url(['correct', 'horse', '7'].join(''), 'shop.io'),
      'low',
      'medium',
      ['in a URL', 'the same as the user'],
    ],
  ])('%s', (_, text, severity, confidence, evidence) => {
    expect(detect(text)).toMatchObject([{ rule: 'url-credentials', severity, confidence, evidence }]);
  });

  test('one that everybody knows is reported low', () => {
    expect(detect('postgres://postgres:postgres@localhost/db')).toMatchObject([
      { severity: 'low', evidence: ['in a URL of postgres', 'a password that everybody knows'] },
    ]);
  });
});
