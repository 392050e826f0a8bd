/** Each rule finds its token and nothing that merely resembles it, and says what speaks for or against it. */
import { type KeyObject, generateKeyPairSync } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { createDetector } from '../../../src/scan/detect/create-detector.ts';
import type { Detection } from '../../../src/scan/detect/candidate.ts';
import { TextDetection } from '../../../src/scan/detect/detection.ts';
import { allRules } from '../../../src/scan/rules/index.ts';
import { accountOf } from '../../../src/scan/rules/validators/aws.ts';
import { examplesOf } from '../../../fixtures/rules/fixtures.ts';
import {
  Dice,
  armoured,
  plantable,
  plantableKinds,
  planted,
  routable,
  settingsOf,
} from '../../../fixtures/tokens.ts';

const detector = createDetector(Buffer.alloc(32), Date.UTC(2026, 0, 1));

function detect(text: string, path = ''): Detection[] {
  const length = detector.engine.memory.write(text);
  const found: Detection[] = [];
  new TextDetection(detector, { path }).next(length, true, (detection) => found.push(detection));
  return found;
}

/** The same, with a chunk's end after so many bytes. */
function detectInTwo(text: string, end: number): Detection[] {
  const { memory } = detector.engine;
  const bytes = Buffer.from(text);
  const found: Detection[] = [];
  const detection = new TextDetection(detector);
  bytes.copy(memory, 0, 0, end);
  const kept = detection.next(end, false, (one) => found.push(one));
  detection.next(bytes.copy(memory, 0, end - kept), true, (one) => found.push(one));
  return found;
}

const rulesIn = (text: string) => detect(text).map(({ rule }) => rule);
const verdict = (text: string) => {
  const [first] = detect(text);
  return first && { rule: first.rule, severity: first.severity, evidence: first.evidence };
};

const confidenceOf = (kind: string) => allRules.find(({ id }) => id === kind)?.confidence ?? 'high';

const ok = examplesOf('ok');
const ng = examplesOf('ng');

describe('fixtures', () => {
  test.each(ok)('$place: $title', ({ title, file, settings, make }) => {
    for (let seed = 0; seed < 10; seed += 1) {
      const { text, secret } = make(new Dice(String(seed)));
      const found = detect(text, file).filter(({ rule }) => rule === title);
      const before = text.slice(0, text.indexOf(secret)).split('\n');
      const { severity, confidence } = settings;
      expect(found).toEqual([
        expect.objectContaining({
          line: before.length,
          column: (before.at(-1)?.length ?? 0) + 1,
          ...(severity === undefined ? {} : { severity }),
          ...(confidence === undefined ? {} : { confidence }),
        }),
      ]);
    }
  });

  test.each(ng)('$place: nothing: $title', ({ family, file, make }) => {
    for (let seed = 0; seed < 10; seed += 1) {
      const found = detect(make(new Dice(String(seed))).text, file);
      // What is no vendor's may still look like a secret by its name.
      const isGeneric = ({ rule }: Detection) => rule.startsWith('generic-') && family !== 'assignments';
      expect(found.filter((one) => !isGeneric(one))).toEqual([]);
    }
  });
});

test('a secret that begins before a match of the next chunk ends does not displace it', () => {
  const before = 'nothing\n'.repeat(5000);
  const between = `\n${plantable('npm-access-token')}\n`;
  const text = `${before}${plantable('aws-access-key-id')}${between}${plantable('aws-secret-access-key')}\n${before}`;
  const whole = detect(text);
  expect(whole.map(({ rule }) => rule)).toEqual([
    'aws-access-key-id',
    'npm-access-token',
    'aws-secret-access-key-near-id',
  ]);
  for (let shift = 0; shift < 120; shift += 1) {
    expect(detectInTwo(text, before.length + detector.engine.reach + shift)).toEqual(whole);
  }
});

describe('every rule', () => {
  test('has a token to be tested with, and an id of its own', () => {
    const kinds = new Set([...plantableKinds, ...ok.map(({ title }) => title)]);
    expect(kinds).toEqual(new Set(allRules.map(({ id }) => id)));
    expect(new Set(allRules.map(({ id }) => id)).size).toBe(allRules.length);
  });

  test.each(allRules)('$id is described', (rule) => {
    expect(rule.id).toMatch(/^[a-z0-9]+(?:-[a-z0-9]+)*$/);
    expect(rule.source).toMatch(/^https:\/\//);
    expect(rule.remediation).toMatch(/\.$/);
    expect(rule.keywords.length > 0 || rule.files !== undefined).toBe(true);
  });

  test.each(allRules)('$id is bounded', ({ pattern }) => {
    // Outside of character classes and escapes, no `*`, no `+`, no open-ended count.
    const plain = pattern.source.replaceAll(/\\.|\[(?:\\.|[^\]\\])*\]/g, 'x');
    expect(plain).not.toMatch(/[*+]|\{\d+,\}/);
  });

  describe.each(plantableKinds)('%s', (kind) => {
    // One rule finds the key id that must stand beside the secret of another.
    const before = kind === 'aws-secret-access-key-near-id' ? 'aws-access-key-id' : settingsOf(kind)['with'];
    const others = before === undefined ? [] : [before];

    test.each([
      ['alone', (text: string) => text],
      ['on a line', (text: string) => `first\nTOKEN=x ${text}\nlast`],
      ['in quotes', (text: string) => `const a = '${text}';`],
      ['in brackets', (text: string) => `(${text})`],
      ['in a URL or a header', (text: string) => `a: b, ${text}; c`],
      ['with Windows line ends', (text: string) => `a\r\n${text.replaceAll('\n', '\r\n')}\r\nb`],
    ])('is found once, %s', (_, around) => {
      for (let seed = 0; seed < 20; seed += 1) {
        const text = around(planted(kind, plantable(kind, String(seed))));
        expect(rulesIn(text)).toEqual([...others, kind]);
      }
    });

    test('the place is that of the secret', () => {
      const token = plantable(kind);
      const line = planted(kind, token);
      const text = `\u{1F511}\u00e9\n\u00e9\u{1F511} ${line}\n`;
      const found = detect(text).find(({ rule }) => rule === kind);
      const before = text.slice(0, text.indexOf(token)).split('\n');
      const column = (before.at(-1)?.length ?? 0) + 1;
      const lines = token.split('\n');
      expect(found).toMatchObject({
        line: before.length,
        column,
        endLine: before.length + lines.length - 1,
        endColumn: (lines.length === 1 ? column : 1) + (lines.at(-1)?.length ?? 0),
      });
    });

    test('nothing of the secret is in what is reported', () => {
      const token = plantable(kind);
      const report = JSON.stringify(detect(planted(kind, token)));
      const size = Math.min(12, token.length);
      for (let at = 0; at + size <= token.length; at += 4)
        expect(report).not.toContain(token.slice(at, at + size));
    });
  });

  // What surrounds a secret of these says nothing of where it ends.
  const isDelimited = (kind: string) =>
    confidenceOf(kind) === 'high' &&
    settingsOf(kind)['form'] !== 'free' &&
    !['private-key', 'slack-webhook', 'keeper-configuration'].includes(kind);
  const delimited = plantableKinds.filter(isDelimited);
  // The name before it is what gives one of these away, whatever stands between.
  const isBareword = (kind: string) => !kind.startsWith('aws-secret') && kind !== 'npm-legacy-token';

  test.each(delimited)('%s is not found in a longer word, nor when it is cut short', (kind) => {
    const token = plantable(kind);
    expect(rulesIn(planted(kind, token + 'A_'.repeat(1500)))).not.toContain(kind);
    expect(rulesIn(planted(kind, token.slice(0, 12)))).not.toContain(kind);
  });

  test.each(delimited.filter(isBareword))('%s is not found at the end of a word', (kind) => {
    expect(rulesIn(`A${plantable(kind)}`)).not.toContain(kind);
  });
});

describe('evidence', () => {
  test.each(['github-classic-token', 'github-app-installation-token', 'npm-access-token'])(
    '%s: the checksum decides the severity, and never hides',
    (kind) => {
      const token = plantable(kind);
      expect(verdict(token)).toMatchObject({ evidence: ['checksum valid'] });
      const wrong = token.slice(0, -1) + (token.endsWith('a') ? 'b' : 'a');
      expect(verdict(wrong)).toEqual({ rule: kind, severity: 'low', evidence: ['checksum does not match'] });
    },
  );

  test('a checksum that GitHub computed', () => {
    // Printed in public discussions of the format, and revoked since.
    expect(verdict(['ghp', 'zQWBuTSOoRi4A9spHcVY5ncnsDkxkJ0mLq17'].join('_'))).toMatchObject({
      evidence: ['checksum valid'],
    });
  });

  test('a routable GitLab token, old and new form', () => {
    const token = routable('glpat-');
    expect(verdict(token)).toEqual({
      rule: 'gitlab-access-token',
      severity: 'critical',
      evidence: ['checksum valid'],
    });
    expect(verdict(`${token.slice(0, -1)}${token.endsWith('0') ? '1' : '0'}`)).toMatchObject({
      severity: 'low',
    });
    expect(rulesIn(['glft', 'this-is-a-list-of-words'].join('-'))).toEqual([]);
  });

  test('AWS: the account behind a key id', () => {
    expect(accountOf(['ASIA', 'Y34FZKBO', 'KMUTVV7A'].join(''))).toBe('609629065308');
    expect(accountOf(['ASIA', 'QNZGKIQY', '56JQ7WML'].join(''))).toBe('029608264753');
    expect(accountOf(['AKIA', 'IOSFODNN7', 'ABCDEFG'].join(''))).toBeUndefined();
    expect(verdict(['ASIA', 'Y34FZKBO', 'KMUTVV7A'].join(''))).toEqual({
      rule: 'aws-access-key-id',
      severity: 'medium',
      evidence: ['AWS account 609629065308', 'temporary'],
    });
  });

  test('AWS: documented samples are low, hashes and paths are nothing', () => {
    const id = ['AKIA', 'IOSFODNN7', 'EXAMPLE'].join('');
    const secret = ['wJalrXUtnFEMI/K7MDENG/', 'bPxRfiCY', 'EXAMPLEKEY'].join('');
    expect(detect(`${id}\naws_secret_access_key=${secret}`)).toMatchObject([
      { rule: 'aws-access-key-id', severity: 'low', evidence: ['documented sample'] },
      { rule: 'aws-secret-access-key', severity: 'low', evidence: ['documented sample'] },
    ]);
    expect(rulesIn(`aws_secret_access_key = ${'0123456789abcdef'.repeat(3).slice(0, 40)}`)).toEqual([]);
    expect(
      rulesIn(`aws_secret_access_key = ${'/usr/local/share/some/path/to/a/file/x'.padEnd(40, 'y')}`),
    ).toEqual([]);
  });

  test.each([
    ['aws_secret_access_key = S', 'credentials file'],
    ['AWS_SECRET_ACCESS_KEY=S', 'environment'],
    ['export AWS_SECRET_ACCESS_KEY="S"', 'shell'],
    ['"SecretAccessKey": "S",', 'JSON of STS'],
    ['<SecretAccessKey>S</SecretAccessKey>', 'XML'],
    ["secretAccessKey: 'S',", 'SDK for JavaScript'],
    [String.raw`{\"secretAccessKey\":\"S\"}`, 'JSON within a string'],
    ["'aws_secret_access_key' => 'S'", 'PHP'],
  ])('AWS: %s (%s)', (line) => {
    expect(rulesIn(line.replace(/\bS\b/, () => plantable('aws-secret-access-key')))).toEqual([
      'aws-secret-access-key',
    ]);
  });

  test('a named secret beside its id is reported once', () => {
    const text = `aws_access_key_id=${plantable('aws-access-key-id')}\naws_secret_access_key=${plantable('aws-secret-access-key')}`;
    expect(rulesIn(text)).toEqual(['aws-access-key-id', 'aws-secret-access-key']);
  });

  test('rows of one letter are not tokens; words in their place are low', () => {
    expect(rulesIn(`glpat-${'x'.repeat(20)} ghp_${'X'.repeat(36)} AIza${'0'.repeat(35)}`)).toEqual([]);
    expect(verdict(['glpat', 'YOUR_TOKEN_HERE_1234'].join('-'))).toMatchObject({
      severity: 'low',
      evidence: ['looks like a placeholder'],
    });
  });

  const signed = (payload: unknown, header: unknown = { alg: 'RS256' }) =>
    [header, payload].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.');
  const signature = new Dice('signature').draw('abcdefghij', 43);

  test.each([
    [
      'expired',
      `${signed({ exp: 1_500_000_000 })}.${signature}`,
      'low',
      ['header valid', 'expired 2017-07-14'],
    ],
    [
      'valid',
      `${signed({ exp: 1_800_000_000 })}.${signature}`,
      'medium',
      ['header valid', 'expires 2027-01-15'],
    ],
    [
      'without end',
      `${signed({ sub: 'somebody' })}.${signature}`,
      'medium',
      ['header valid', 'never expires'],
    ],
    [
      'with an absurd end',
      `${signed({ exp: 1e300 })}.${signature}`,
      'medium',
      ['header valid', 'expires after the year 9999'],
    ],
    ['unsigned', `${signed({ sub: 'somebody' })}.`, 'low', ['not signed']],
  ])('a JWT: %s', (_, token, severity, evidence) => {
    expect(verdict(token)).toEqual({ rule: 'json-web-token', severity, evidence });
  });

  test('what only looks like a JWT', () => {
    expect(rulesIn(`${signed({ sub: 'somebody' }, { alg: 'none' })}.`)).toEqual([]);
    expect(rulesIn(`${signed('no object')}.${signature}`)).toEqual([]);
    expect(rulesIn(`${signed({ sub: 'a long enough payload' }, { typ: 'JWT!' })}.${signature}`)).toEqual([]);
  });

  test('Stripe in test mode', () => {
    expect(verdict(plantable('stripe-test-key'))).toMatchObject({ severity: 'low', evidence: ['test mode'] });
  });

  test('Keeper: regions, and what is no encoding of 32 bytes', () => {
    const [, body = ''] = plantable('keeper-one-time-token').split(':');
    for (const region of ['US', 'EU', 'AU', 'GOV', 'JP', 'CA', 'IL5']) {
      expect(rulesIn(`ksm init ${region}:${body}`)).toEqual(['keeper-one-time-token']);
    }
    expect(rulesIn(`XX:${body}`)).toEqual([]);
    expect(verdict(`US:${body.slice(0, -1)}B`)).toMatchObject({ severity: 'low' });
  });

  test('Keeper: a configuration pretty-printed, escaped, in any order, and the form of the documentation', () => {
    const text = plantable('keeper-configuration');
    const value: Record<string, string> = JSON.parse(text);
    const { appKey, ...rest } = value;
    for (const form of [
      JSON.stringify(value, undefined, 2),
      JSON.stringify({ appKey, ...rest }),
      JSON.stringify({ config: text }),
    ]) {
      expect(verdict(form)).toEqual({
        rule: 'keeper-configuration',
        severity: 'critical',
        evidence: ['Keeper region US'],
      });
    }
    const documented = Object.fromEntries(Object.keys(value).map((key) => [key, 'x'.repeat(27)]));
    expect(verdict(JSON.stringify(documented))).toMatchObject({ severity: 'low' });
    expect(rulesIn(JSON.stringify({ appKey, color: 'red', size: 'big' }))).not.toContain(
      'keeper-configuration',
    );
    expect(rulesIn(Buffer.from(JSON.stringify(value, undefined, 2)).toString('base64'))).toEqual([
      'keeper-encoded-configuration',
    ]);
  });
});

describe('private keys', () => {
  const body = (length: number) => {
    const text = `MIIE${new Dice('key').draw('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdef0123456789+/', length)}`;
    return (text.match(/.{1,64}/g) ?? []).join('\n');
  };
  const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
  const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
  const exported = (key: KeyObject, type: 'pkcs1' | 'pkcs8' | 'sec1') =>
    key.export({ format: 'pem', type }).trim();
  const whole = exported(rsa, 'pkcs8');

  test.each([
    [exported(rsa, 'pkcs1'), 'RSA 2048'],
    [whole, 'RSA 2048'],
    [exported(ec, 'sec1'), 'EC prime256v1'],
    [exported(ec, 'pkcs8'), 'EC prime256v1'],
    [plantable('private-key'), 'ed25519'],
  ])('%#: kind and size', (key, kind) => {
    expect(verdict(key)).toEqual({
      rule: 'private-key',
      severity: 'high',
      evidence: [kind, 'not encrypted'],
    });
  });

  test('armour whose key does not parse is low', () => {
    expect(verdict(armoured('RSA PRIVATE KEY', body(900)))).toEqual({
      rule: 'private-key',
      severity: 'low',
      evidence: ['RSA', 'invalid structure'],
    });
  });

  test('encrypted ones are of medium severity', () => {
    const header = 'Proc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,0123456789ABCDEF0123456789ABCDEF\n\n';
    for (const text of [
      armoured('ENCRYPTED PRIVATE KEY', body(900)),
      armoured('RSA PRIVATE KEY', header + body(900)),
      armoured('OPENSSH PRIVATE KEY', openSsh('aes256-ctr')),
    ]) {
      expect(verdict(text)).toMatchObject({
        severity: 'medium',
        evidence: expect.arrayContaining(['encrypted']),
      });
    }
    expect(verdict(armoured('OPENSSH PRIVATE KEY', openSsh('none')))).toMatchObject({ severity: 'high' });
  });

  function openSsh(cipher: string): string {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(cipher.length);
    const bytes = Buffer.concat([
      Buffer.from(`openssh-key-v1\0`),
      length,
      Buffer.from(cipher),
      new Dice(cipher).bytes(200),
    ]);
    return (bytes.toString('base64').match(/.{1,70}/g) ?? []).join('\n');
  }

  test('PGP, with header lines', () => {
    const text = armoured(
      'PGP PRIVATE KEY BLOCK',
      `Version: GnuPG v2\nComment: somebody@example.com\n\n${body(900)}\n=AbCd`,
    );
    expect(verdict(text)).toEqual({
      rule: 'private-key',
      severity: 'high',
      evidence: ['PGP'],
    });
  });

  test('in JSON, in source code, indented in YAML, on one line of .env', () => {
    const key = whole;
    for (const text of [
      JSON.stringify({ type: 'service_account', private_key: `${key}\n` }),
      key
        .split('\n')
        .map((line) => `"${line}\\n"`)
        .join(' +\n    '),
      `key: |\n${key.replaceAll(/^/gm, '    ')}\nnext: 1`,
      `KEY="${key.replaceAll('\n', ' ')}"`,
    ]) {
      expect(verdict(text)).toEqual({
        rule: 'private-key',
        severity: 'high',
        evidence: ['RSA 2048', 'not encrypted'],
      });
      expect(detect(text)).toHaveLength(1);
    }
  });

  test('a key file that was cut off still counts; armour around nothing, or in prose, does not', () => {
    const key = armoured('RSA PRIVATE KEY', body(900));
    expect(verdict(key.slice(0, 500))).toMatchObject({
      evidence: ['RSA', 'no END line', 'not encrypted'],
    });
    for (const text of [
      armoured('RSA PRIVATE KEY', '...'),
      armoured('RSA PRIVATE KEY', 'A'.repeat(640)),
      armoured('RSA PRIVATE KEY', 'your key goes here, between the two lines of the armour'),
      `if (text.startsWith("${key.slice(0, 31)}")) return parseThePrivateKeyThatFollowsTheArmour(text)`,
      armoured('PUBLIC KEY', body(300)),
      armoured('CERTIFICATE', body(300)),
    ]) {
      expect(rulesIn(text)).toEqual([]);
    }
  });

  test('several in one file are one finding each', () => {
    const key = armoured('PRIVATE KEY', body(900));
    expect(detect(`${key}\n${armoured('CERTIFICATE', body(300))}\n${key}`)).toMatchObject([
      { line: 1, column: 1, endLine: 17 },
      { line: 25, column: 1 },
    ]);
  });
});
