/** Positions, kinds of content, and redaction. */
import { describe, expect, test } from '@jest/globals';
import { countBytes } from '../../../src/scan/engine/byte-counter.ts';
import { PositionCounter } from '../../../src/scan/detect/position.ts';
import { redactSecrets } from '../../../src/scan/detect/redaction.ts';
import { contentKind } from '../../../src/scan/files/content-kind.ts';
import { plantable, plantableKinds, planted } from '../../../fixtures/tokens.ts';

describe('positions', () => {
  test('are what an editor says, in steps and in one go', () => {
    const text = 'a\u00e9\u20ac\u{1F511}b\r\n\n\u{1F511}\u{1F511}z\nlast';
    const bytes = Buffer.from(text);
    const steps = new PositionCounter();
    for (let index = 0; index <= text.length; index += 1) {
      if (/[\uDC00-\uDFFF]/.test(text.charAt(index))) continue;
      const offset = Buffer.byteLength(text.slice(0, index));
      const lines = text.slice(0, index).split('\n');
      const expected = { line: lines.length, column: (lines.at(-1)?.length ?? 0) + 1 };
      expect(new PositionCounter().moveTo(offset, bytes, 0)).toEqual(expected);
      expect(steps.moveTo(offset, bytes, 0)).toEqual(expected);
    }
  });

  test('go on in the next chunk, within a line and within a character', () => {
    const counter = new PositionCounter();
    const bytes = Buffer.from('ab\n\u{1F511}cd');
    counter.moveTo(5, bytes, 0);
    expect(counter.moveTo(8, bytes.subarray(5), 5)).toEqual({ line: 2, column: 4 });
    expect(counter.fork().moveTo(9, bytes.subarray(5), 5)).toEqual({ line: 2, column: 5 });
  });
});

describe('positions far away', () => {
  test('are the same in leaps', () => {
    const bytes = Buffer.from('a\u00e9\n\n\u{1F511}b\nlast \u20ac\nx');
    for (let from = 0; from <= bytes.length; from += 1) {
      for (let to = 0; to <= bytes.length; to += 1) {
        const steps = new PositionCounter();
        steps.moveTo(from, bytes, 0);
        const leaps = steps.fork();
        leaps.skipTo(to, bytes, 0, (what, start, end) => countBytes(what, bytes, start, end));
        expect(leaps.moveTo(to, bytes, 0)).toEqual(steps.moveTo(to, bytes, 0));
      }
    }
  });
});

describe('kinds of content', () => {
  const utf16be = (text: string) => Buffer.from(text, 'utf16le').swap16();
  test.each([
    ['', 'utf-8'],
    ['plain', 'utf-8'],
    [Buffer.from('caf\u00e9', 'latin1'), 'utf-8'],
    [Buffer.from('\uFEFFtext'), 'utf-8'],
    [Buffer.from('\uFEFFtext', 'utf16le'), 'utf-16le'],
    [utf16be('\uFEFFtext'), 'utf-16be'],
    [Buffer.from('[section]\r\nkey=value\r\n', 'utf16le'), 'utf-16le'],
    [utf16be('[section]\r\nkey=value\r\n'), 'utf-16be'],
    [Buffer.from('\u007fELF\u0002\u0001\u0001\0\0\0\0\0\0\0\0\0\u0003\0\u003e\0'), 'binary'],
    [Buffer.from('abc\0'), 'binary'],
    [Buffer.from([0xff, 0xfe, 0, 0, 0x41, 0, 0, 0]), 'utf-32le'],
    [Buffer.from([0, 0, 0xfe, 0xff, 0, 1, 0xf5, 0x11]), 'utf-32be'],
    [Buffer.from([0xff, 0xfe, 0, 0, 0x41, 0, 0x11, 0]), 'binary'],
    [Buffer.from([0xff, 0xfe, 0, 0, 0, 0, 0, 0]), 'binary'],
    [Buffer.from('密码是一二三。口令：上。\n下一行\n第三行结束了', 'utf16le'), 'utf-16le'],
    [utf16be('密码是一二三。口令：上。\n下一行\n第三行结束了'), 'utf-16be'],
    [utf16be('пароль: abc\nещё одна строка'), 'utf-16be'],
    [Buffer.from(Uint16Array.from({ length: 64 }, (_, index) => index * 700).buffer), 'binary'],
    ['one line\nanother\0 line\nthe third line\n', 'utf-8'],
    ['HOME=/root\0PATH=/usr/bin:/bin\0NAME=zoë\0', 'utf-8'],
    [Buffer.concat([Buffer.alloc(20_000), Buffer.from('a log after a crash\n')]), 'utf-8'],
    [Buffer.concat([Buffer.alloc(20_000), Buffer.from('\u0001CD001\u0001\0LINUX')]), 'binary'],
    [
      Buffer.concat([
        Buffer.from('name of a file'.padEnd(257, '\0')),
        Buffer.from('ustar\0'),
        Buffer.alloc(9000, 0x61),
      ]),
      'binary',
    ],
    [Buffer.concat([Buffer.from('\0\u0001 some text '), Buffer.from('wide text', 'utf16le')]), 'binary'],
    ['\u007fELF\0some text', 'binary'],
    [`${'x'.repeat(8190)}\0é`, 'utf-8'],
    [Buffer.alloc(4096), 'binary'],
    [Buffer.concat([Buffer.alloc(8192, 0x61), Buffer.from([0])]), 'utf-8'],
  ])('%# is %s', (content, kind) => {
    const bytes = Buffer.from(content);
    expect(contentKind(Buffer.concat([Buffer.alloc(3), bytes, Buffer.alloc(64)]), 3, bytes.length)).toBe(
      kind,
    );
  });
});

describe('redaction', () => {
  test.each(plantableKinds)('%s', (kind) => {
    const token = plantable(kind);
    const clean = redactSecrets(
      `\u{1F511} ${planted(kind, token)} \u{1F511} ${planted(kind, token)}, \u{1F511}`,
    );
    expect(clean).not.toContain(token);
    expect(clean.match(/\[redacted\]/g)?.length).toBeGreaterThanOrEqual(2);
    // A password may go on to the comma behind it.
    expect(clean).toMatch(/^\u{1F511} .* \u{1F511} .*,? \u{1F511}$/su);
    if (token.includes('/')) return;
    // As a folder's name.
    expect(redactSecrets(`/srv/${planted(kind, token)}/x`)).not.toContain(token);
    expect(redactSecrets(`C:\\Users\\${planted(kind, token)}\\x`)).not.toContain(token);
  });

  test('a token in a file name, and a text without one', () => {
    const name = `/srv/backup-${plantable('github-classic-token')}.txt`;
    expect(redactSecrets(name)).toBe('/srv/backup-[redacted].txt');
    const text = '/srv/CA:1/AKIA/eyJ/npm_config/PRIVATE KEY';
    expect(redactSecrets(text)).toBe(text);
  });

  describe('in a name, whatever is joined to it', () => {
    /** By rule: what a name alone gives away. The others know a secret by what stands beside it. */
    const formed = plantableKinds.filter((kind) => {
      const token = plantable(kind);
      return (
        token.length >= 24 && !/[\n/\\]/.test(token) && redactSecrets(`/srv/${token}`) === '/srv/[redacted]'
      );
    });
    const joined: Readonly<Record<string, (token: string) => string>> = {
      'pass-TOKEN': (token) => `pass-${token}`,
      xTOKEN: (token) => `x${token}`,
      PASSTOKEN: (token) => `PASS${token}`,
      a_TOKEN: (token) => `a_${token}`,
      '1TOKEN': (token) => `1${token}`,
      'TOKEN.txt': (token) => `${token}.txt`,
      'TOKEN.bak~': (token) => `${token}.bak~`,
      TOKEN_old: (token) => `${token}_old`,
      'TOKEN-1.txt': (token) => `${token}-1.txt`,
      TOKENabc: (token) => `${token}abc`,
      'in the middle of words': (token) => `key.${token}_copy_of_the_nightly_backup`,
      'as a folder': (token) => `${token}_old/index.html`,
    };

    /** Some part of 12 characters, but for the public prefix. */
    const isIn = (token: string, text: string) => {
      const first = Math.min(12, Math.floor(token.length / 3));
      const starts = Array.from({ length: token.length - 12 - first + 1 }, (_, at) => first + at);
      return starts.some((at) => text.includes(token.slice(at, at + 12)));
    };

    test('most vendor formats are recognized by themselves', () => {
      expect(formed.length).toBeGreaterThan(350);
    });

    test.each(Object.entries(joined))('%s', (_, join) => {
      const leaks = formed.flatMap((kind) =>
        ['1', '2', '3'].flatMap((seed) => {
          const token = plantable(kind, seed);
          return isIn(token, redactSecrets(`/srv/a/${join(token)}`)) ? [kind] : [];
        }),
      );
      expect(leaks).toEqual([]);
    });

    describe('tokens joined to each other', () => {
      const others = [
        'github-classic-token',
        'slack-bot-token',
        'stripe-live-key',
        'google-api-key',
        'json-web-token',
      ];
      const pairs = (kind: string): [first: string, second: string][] => [
        [plantable(kind), plantable(kind)],
        [plantable(kind), plantable(kind, '2')],
        ...others.flatMap((other): [string, string][] => [
          [plantable(kind), plantable(other, '2')],
          [plantable(other, '2'), plantable(kind)],
        ]),
      ];

      test.each(['', '_', '-', '.'])('with %j between them', (between) => {
        const leaks = formed.flatMap((kind) =>
          pairs(kind).flatMap(([first, second]) => {
            const name = `/srv/a/${first}${between}${second}`;
            const clean = redactSecrets(name);
            if (redactSecrets(clean) !== clean) return [`${kind}: a second pass changes it`];
            return isIn(first, clean) || isIn(second, clean) ? [kind] : [];
          }),
        );
        expect(leaks).toEqual([]);
      });

      test('three of them', () => {
        const leaks = formed.filter((kind) => {
          const tokens = ['1', '2', '3'].map((seed) => plantable(kind, seed));
          const clean = redactSecrets(`/srv/${tokens.join('')}`);
          return tokens.some((token) => isIn(token, clean));
        });
        expect(leaks).toEqual([]);
      });
    });

    test.each(['', 'x', 'xy', 'xyz', 'old_'])('a token that is encoded, after %j', (before) => {
      const leaks = ['github-classic-token', 'slack-bot-token', 'stripe-live-key'].flatMap((kind) =>
        ['', 'a', 'ab'].flatMap((inside) => {
          const encoded = Buffer.from(`${inside}${plantable(kind)}`).toString('base64url');
          const name = `/srv/${before}${encoded}${encoded}`;
          return isIn(encoded, redactSecrets(name)) ? [`${kind} after ${inside}`] : [];
        }),
      );
      expect(leaks).toEqual([]);
    });

    test.each(['github-classic-token', 'slack-bot-token', 'google-api-key', 'aws-access-key-id'])(
      '%s that is encoded',
      (kind) => {
        const token = plantable(kind);
        const percent = Array.from(token, (letter) => `%${letter.charCodeAt(0).toString(16)}`).join('');
        for (const encoded of [
          percent,
          ...(['base64', 'base64url'] as const).map((as) => Buffer.from(`token=${token}`).toString(as)),
        ]) {
          expect(redactSecrets(`/srv/${encoded}/a.txt`)).toBe('/srv/[redacted]/a.txt');
        }
      },
    );

    test.each([
      '/usr/share/man/man1/gcloud_access-context-manager_authorized-orgs_create.1.gz',
      '/srv/task-runner-configuration-for-production/risk-assessment-of-everything.md',
      '/srv/node_modules/graphs_and_other_structures_of_data_in_memory/index.js',
      '/srv/%20My%20Documents/paragraphs_password_token_secret_key_examples.txt',
      '/srv/c29tZSB0ZXh0IHdpdGhvdXQgYW55IGtleQ/a',
    ])('%s stays', (path) => {
      expect(redactSecrets(path)).toBe(path);
    });
  });

  test('even what a validator would reject', () => {
    expect(redactSecrets(`ghp_${'x'.repeat(36)}`)).toBe('[redacted]');
  });

  test('changes nothing that is redacted, and ends where each pass finds more', () => {
    const tokens = plantableKinds.map((kind) => planted(kind)).filter((token) => token.length < 300);
    for (const token of tokens) {
      const clean = redactSecrets(`${token}${token} ${token}`);
      expect(redactSecrets(clean)).toBe(clean);
    }
    expect(redactSecrets('password=[redacted]')).toBe('password=[redacted]');
    expect(redactSecrets('[redacted][redacted]')).toBe('[redacted][redacted]');
  });

  test('is cheap where there is nothing to redact', () => {
    redactSecrets('');
    const began = performance.now();
    for (let count = 0; count < 10_000; count += 1)
      redactSecrets(`/home/somebody/projects/${count}/src/index.ts`);
    expect(performance.now() - began).toBeLessThan(1000);
  });
});
