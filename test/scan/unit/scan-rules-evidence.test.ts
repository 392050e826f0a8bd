/** What validators of clouds and of passwords say for and against what they judge. */
import { createHmac, generateKeyPairSync } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { createDetector } from '../../../src/scan/detect/create-detector.ts';
import type { Detection } from '../../../src/scan/detect/candidate.ts';
import { TextDetection } from '../../../src/scan/detect/detection.ts';
import { cratesChecksum } from '../../../src/scan/rules/validators/platform-tokens.ts';
import { examplesOf } from '../../../fixtures/rules/fixtures.ts';
import { Dice } from '../../../fixtures/tokens.ts';

const detector = createDetector(Buffer.alloc(32), Date.UTC(2026, 0, 1));

function detect(text: string, path = ''): Detection[] {
  const length = detector.engine.memory.write(text);
  const found: Detection[] = [];
  new TextDetection(detector, { path }).next(length, true, (detection) => found.push(detection));
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
    ['cloudflare-tunnel-token', [['structure valid'], ['structure valid']]],
    [
      'supabase-service-role-key',
      [
        ['header valid', 'expires 2100-01-01'],
        ['header valid', 'expires 2100-01-01'],
      ],
    ],
    ['jsr-access-token', [['checksum valid'], ['checksum does not match']]],
    ['polar-webhook-secret', [['checksum valid']]],
    ['cratesio-token-of-trusted-publishing', [['checksum valid']]],
    ['nuget-api-key-in-the-annotated-form', [['expires 2026-12-06'], ['expired 2024-12-05']]],
    ['convex-deploy-key', [['structure valid'], ['structure valid'], ['development key']]],
    ['elasticsearch-service-account-token', [['structure valid']]],
    ['nostr-private-key', [['checksum valid']]],
    ['cardano-signing-key', [['checksum valid'], ['checksum valid']]],
    ['tezos-private-key', [['checksum valid'], ['checksum valid']]],
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

test('the checksum of crates.io agrees with the example in its source', () => {
  expect(cratesChecksum('0'.repeat(31))).toBe('w');
});

describe('passwords that programs encrypt with built-in keys', () => {
  // Made by the programs themselves, and printed where their formats are described.
  test.each([
    [
      'cisco-vpn-profile-obfuscated-password',
      'office.pcf',
      'enc_GroupPwd=',
      [
        '7F407242A6A26402FFAB80AE33EFB61988873B7DA8C930FE599AC158E5CE9B50',
        '653D081216BFFB587C38C29E02684BF5039E80D9807CC1D6',
      ],
      '',
    ],
    [
      'teamviewer-password',
      'export.reg',
      '"OptionsPasswordAES"=hex:',
      ['d6,90,a9,d0,a5,92,32,7f,', '99,bb,4c,6a,6b,6d,4c,be'],
      '',
    ],
    [
      'securecrt-password',
      'router.ini',
      'S:"Password V2"=',
      [
        '02:7b9f594a1f39bb36bbaa0d9688ee38b3d233c67b338e20e2113f2ba4d328b6fc',
        '8c804e3c02324b1eaad57a5b96ac1fc5cc1ae0ee2930e6af2e5e644a28ebe3fc',
      ],
      '',
    ],
    [
      'mcafee-site-list-password',
      'SiteList.xml',
      '<Password Encrypted="1">',
      ['jWbTyS7BL1Hj7PkO5Di/QhhYmcGj5cOo', 'Z2OkDTrFXsR/abAFPM9B3Q=='],
      '</Password>',
    ],
    [
      'sql-developer-password',
      'connections.xml',
      '<StringRefAddr addrType="password">\n<Contents>',
      ['0527C290B40C41D71139B5E7', 'A4446E94D7678359087249A463'],
      '</Contents>',
    ],
    ['navicat-password', 'a.ncx', ' Password="', ['B75D320B6211468D', '63EB3B67C9E85933'], '"'],
    ['websphere-encoded-password', 'server.xml', 'password="{xor}', ['Lz4sLCgw', 'LTtubTM='], '"'],
  ])('%s', (rule, path, before, parts, after) => {
    expect(detect(`${before}${parts.join('')}${after}`, path)).toEqual([
      expect.objectContaining({ rule, severity: 'high', confidence: 'high' }),
    ]);
  });

  test('failed decryption is part of the evidence', () => {
    expect(detect(`enc_GroupPwd=${'0123456789ABCDEF'.repeat(7)}`, 'office.pcf')).toMatchObject([
      { severity: 'low', evidence: ["cannot be decrypted with the product's built-in key"] },
    ]);
    expect(detect(`S:"Password V2"=03:${'0123456789abcdef'.repeat(8)}`, 'router.ini')).toMatchObject([
      { severity: 'low', evidence: ['encrypted'] },
    ]);
  });
});

describe('a password in a file that is known by its name', () => {
  const text = (value: string) => `spring.datasource.password=${value}`;
  const word = new Dice('known file').draw('abcdefghij', 9);

  test.each([
    ['/srv/app/application.properties', [{ severity: 'high', confidence: 'medium' }]],
    ['/srv/app/src/test/resources/application.properties', [{ severity: 'low', confidence: 'low' }]],
    ['/usr/share/doc/app/application.properties', []],
    ['/home/me/app/node_modules/app/application.properties', []],
    [
      String.raw`C:\Program Files\App\conf\application.properties`,
      [{ severity: 'high', confidence: 'medium' }],
    ],
  ])('%s', (path, found) => {
    expect(detect(text(word), path)).toMatchObject(found);
  });

  test.each([
    `ENC(${word})`,
    `{cipher}${'0a'.repeat(20)}`,
    `$2y$10$${'a1B'.repeat(17)}ab`,
    '${DB_PASSWORD}',
    '\\$DB_PASSWORD',
    'secret:db',
  ])('no plain text: %s', (value) => {
    const rules = detect(text(value), '/srv/app/application.properties').map(({ rule }) => rule);
    expect(rules).not.toContain('spring-property-password');
  });
});

describe("what is nobody's secret", () => {
  const tokenOf = (key: string) => {
    const parts = [{ alg: 'HS256', typ: 'JWT' }, { sub: 'app' }].map((part) =>
      Buffer.from(JSON.stringify(part)).toString('base64url'),
    );
    const signature = createHmac('sha256', key).update(parts.join('.')).digest('base64url');
    return [...parts, signature].join('.');
  };
  const rsaKey = (modulusLength: number) =>
    generateKeyPairSync('rsa', { modulusLength }).privateKey.export({ type: 'pkcs1', format: 'pem' });

  test.each([
    ['a token that is signed with a known key', tokenOf('secret'), 'low', 'signed with a well-known key'],
    ['a token that is signed with another', tokenOf('correct horse 7'), 'medium', 'header valid'],
    ['a key that is too short', rsaKey(512), 'low', 'RSA 512'],
    ['a key that is not', rsaKey(1024), 'high', 'RSA 1024'],
  ])('%s', (_, text, severity, evidence) => {
    expect(detect(text)).toMatchObject([{ severity, evidence: expect.arrayContaining([evidence]) }]);
  });

  test.each(['/srv/docs/hostapd.conf', '/srv/app/README.md', '/srv/app/tests/client.py'])(
    'is none in %s',
    (path) => {
      expect(detect(tokenOf('secret'), path)).toEqual([]);
      expect(detect(tokenOf('correct horse 7'), path)).toHaveLength(1);
    },
  );
});

describe('a password in a URL', () => {
  const url = (user: string, host: string, scheme = 'https') =>
    `${scheme}://${user}:${['correct', 'horse', '7'].join('')}@${host}/`;

  test.each([
    ['of a database', url('app', 'db.corp.net', 'postgres'), 'high', 'medium', ['in a postgres URL']],
    ['of a site', url('app', 'shop.io'), 'medium', 'medium', ['in a URL']],
    ['local host', url('app', '127.0.0.1:5432'), 'low', 'medium', ['in a URL', 'local host']],
    ['of documentation', url('app', 'db.example.com'), 'low', 'low', ['in a URL', 'example host']],
    [
      'that is the user too',
      url(['correct', 'horse', '7'].join(''), 'shop.io'),
      'low',
      'medium',
      ['in a URL', 'same as the user name'],
    ],
  ])('%s', (_, text, severity, confidence, evidence) => {
    expect(detect(text)).toMatchObject([{ rule: 'url-credentials', severity, confidence, evidence }]);
  });

  test('a publicly known one is reported low', () => {
    expect(detect('postgres://postgres:postgres@localhost/db')).toMatchObject([
      { severity: 'low', evidence: ['in a postgres URL', 'well-known password'] },
    ]);
  });
});
