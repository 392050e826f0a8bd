/**
 * Tokens in the names of files and folders, and in invalid inputs: no output, report or state may contain a
 * part of them.
 */
import { readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { type Row, type Trial, firstControl, howEnded } from './harness.ts';
import { draw, fakeLine, vendorTokens } from './tokens.ts';

/** Maximum number of consecutive characters of a secret that may appear anywhere. */
const PIECE = 12;

/** The text around the token in the name. */
const AROUND: readonly ((token: string) => string)[] = [
  (token) => `pass-${token}`,
  (token) => `pass_${token}`,
  (token) => `backup${token}`,
  (token) => `x${token}.txt`,
  (token) => token,
  (token) => `${token}.env`,
  (token) => `.${token}`,
  (token) => `a.b.c.${token}.bak~`,
  (token) => `key=${token}`,
  (token) => `${token}${token}`,
  (token) => `0${token}0`,
  (token) => `é${token}é`,
  (token) => `(${token})`,
  (token) => `my password is ${token} ok`,
];

/** The contents of every file below a folder. */
function everything(folder: string): Buffer[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    .filter((path) => statSync(path).isFile())
    .map((path) => readFileSync(path));
}

/** Parts of a secret that a text contains, in UTF-8 or UTF-16, or in base64. */
function pieceIn(texts: readonly (string | Buffer)[], secret: string): string | undefined {
  for (const text of texts) {
    const bytes = Buffer.isBuffer(text) ? text : Buffer.from(text);
    for (let at = 0; at + PIECE <= secret.length; at += 1) {
      const piece = secret.slice(at, at + PIECE);
      if (bytes.includes(piece) || bytes.includes(Buffer.from(piece, 'utf16le'))) return piece;
    }
    if (bytes.includes(Buffer.from(secret).toString('base64').slice(0, 20))) return 'base64';
  }
  return undefined;
}

/** The part of a token that is not public: everything after the vendor's prefix. */
function secretPart(token: string): string {
  return token.replace(/^(?:ghp_|xoxb-\d+-\d+-|AIza|sk_live_|AKIA|glpat-|npm_)/, '');
}

async function check(
  trial: Trial,
  what: string,
  home: string,
  secrets: Readonly<Record<string, string>>,
): Promise<void> {
  const state = trial.makeState(`state-${what}`);
  for (const format of ['json', 'sarif']) {
    const out = trial.makeFolder(`out-${what}-${format}`);
    const runs = [
      await trial.scan(
        ['--standalone', '--log-level=Debug', '--state-dir', state, `--report=${out}/r.${format}`, home],
        { wall: 60 },
      ),
      await trial.scan(['--dry-run', '--verbose', '--log-level=Debug', home], { wall: 60 }),
    ];
    for (const ended of runs) trial.check(ended.code === 0, `${what}: ${howEnded(ended)}`);
    const texts = [
      ...runs.flatMap(({ stdout, stderr }) => [stdout, stderr]),
      ...everything(out),
      ...everything(state),
    ];
    for (const [name, secret] of Object.entries(secrets)) {
      const piece = pieceIn(texts, secret);
      trial.check(piece === undefined, `${what}: ${piece?.length ?? 0} characters of the ${name} token`);
    }
    if (trial.isShort) break;
  }
}

/** An invalid input (errors may name a rule and a path), with a secret where a parser is likely to quote. */
const BROKEN: Readonly<Record<string, readonly ((secret: string) => string)[]>> = {
  config: [
    (secret) => `{"maxDuration": ${secret}}`,
    (secret) => secret,
    (secret) => `{"${secret}": 1}`,
    (secret) => `{"exclude": "${secret}" x}`,
    (secret) => `{"maxDuration": "${secret}"}`,
    (secret) => `{"workers": "${secret}"}`,
    (secret) => `{"shard": "${secret}"}`,
    (secret) => `{"logLevel": "${secret}"}`,
    (secret) => `{"keeperApiBase": "https://u:${secret}@example.com"}`,
    (secret) => `{"keeperApiBase": "${secret}"}`,
    (secret) => `{"payload": {"${secret}": "x"}}`,
    (secret) => `{"mqttVersion": "${secret}"}`,
    (secret) => `{"remind": ${secret}`,
    (secret) => `[${secret}`,
  ],
  rules: [
    (secret) => `x = ${secret}`,
    (secret) => secret,
    (secret) => `[[rules]]\nid = "a"\nregex = "(${secret}"\n`,
    (secret) => `[[rules]]\nid = "a"\nregex = "[${secret}"\n`,
    (secret) => `[[rules]]\nid = "a"\nregex = "a"\n${secret} = 1\n`,
    (secret) => `[[rules]]\nid = ${secret}\n`,
    (secret) => `[[rules]]\nid = "a"\nregex = "a"\nsecretGroup = "${secret}"\n`,
    (secret) => `[[rules]]\nid = "a"\nregex = "a"\nkeywords = "${secret}"\n`,
    (secret) => `a = "${secret}`,
    (secret) => `a = 2026-13-${secret}`,
  ],
  baseline: [
    (secret) => secret,
    (secret) => `{"outcome": ${secret}}`,
    (secret) => `[{"${secret}": `,
    (secret) => `{"schemaVersion": "${secret}"}`,
    (secret) => `"${secret}`,
  ],
  'fingerprint-key': [(secret) => secret, (secret) => secret.repeat(10)],
  'ca-file': [
    (secret) => secret,
    (secret) => `-----BEGIN CERTIFICATE-----\n${secret}\n-----END CERTIFICATE-----\n`,
  ],
};

/** Invalid values of options. */
const FLAGS = [
  'max-duration',
  'workers',
  'max-rate',
  'remind',
  'shard',
  'jitter',
  'fail-on',
  'priority',
  'log-level',
  'mqtt-version',
  'agent-timeout',
  'keeper-api-base',
  'broker',
  'tls-server-name',
  'config',
  'rules',
  'report',
  'state-dir',
];

export const names: readonly Row[] = [
  {
    name: 'names/tokens in names of files',
    isShort: true,
    run: async (trial) => {
      const secrets: Record<string, string> = {};
      AROUND.forEach((around, index) => {
        for (const [vendor, token] of Object.entries(vendorTokens(`name ${index}`))) {
          secrets[`${vendor} (${index})`] = secretPart(token);
          trial.write(`home/${around(token).slice(0, 250)}`, fakeLine(`${index}${vendor}`));
        }
      });
      await check(trial, 'files', trial.path('home'), secrets);
    },
  },
  {
    name: 'names/tokens in names of folders',
    run: async (trial) => {
      const secrets: Record<string, string> = {};
      AROUND.forEach((around, index) => {
        for (const [vendor, token] of Object.entries(vendorTokens(`folder ${index}`))) {
          secrets[`${vendor} (${index})`] = secretPart(token);
          trial.write(`home/${around(token).slice(0, 250)}/x/y.ini`, fakeLine(`${index}${vendor}`));
        }
      });
      await check(trial, 'folders', trial.path('home'), secrets);
    },
  },
  {
    name: 'names/what cannot be read, with tokens in its name',
    as: 'user',
    run: async (trial) => {
      const { chmodSync } = await import('node:fs');
      const secrets: Record<string, string> = {};
      trial.write('home/x.ini', fakeLine('x'));
      AROUND.forEach((around, index) => {
        for (const [vendor, token] of Object.entries(vendorTokens(`closed ${index}`))) {
          secrets[`${vendor} (${index})`] = secretPart(token);
          chmodSync(trial.write(`home/${around(token).slice(0, 250)}`, 'x', 0), 0);
        }
      });
      await check(trial, 'closed', trial.path('home'), secrets);
    },
  },
  {
    name: 'names/tokens in roots, excludes and reports',
    run: async (trial) => {
      const secrets: Record<string, string> = {};
      for (const [vendor, token] of Object.entries(vendorTokens('roots'))) {
        secrets[vendor] = secretPart(token);
        trial.write(`r/pass-${token}/x.ini`, fakeLine(vendor));
        const ended = [
          await trial.scan(['--dry-run', '--verbose', '--log-level=Debug', trial.path(`r/pass-${token}`)]),
          await trial.scan(['--dry-run', trial.path(`r/gone-${token}`)]),
          await trial.scan([
            '--dry-run',
            '--verbose',
            `--exclude=pass-${token}`,
            '--log-level=Debug',
            trial.path('r'),
          ]),
          await trial.scan(['--dry-run', `--report=${trial.path('r')}/no-${token}/r.json`, trial.path('r')]),
          await trial.scan([
            '--standalone',
            `--state-dir=${trial.path('r')}/x.ini/${token}`,
            trial.path('r'),
          ]),
        ];
        const piece = pieceIn(
          ended.flatMap(({ stdout, stderr }) => [stdout, stderr]),
          secretPart(token),
        );
        trial.check(piece === undefined, `${piece?.length ?? 0} characters of the ${vendor} token`);
      }
    },
  },
  {
    name: 'names/names that a terminal obeys',
    isShort: true,
    run: async (trial) => {
      const names = [
        'a\u001b[2Jb',
        'a\u009b31mb',
        'a\u007fb',
        'a\rb',
        'a\nb{"event":"run.ended"}',
        'a\u202eb',
        'a\u2028b',
        'a\u0085b',
        'a\u001b]0;title\u0007b',
        'a\u200bb',
      ];
      names.forEach((name, index) => trial.write(`home/${name}.ini`, fakeLine(`control ${index}`)));
      const dry = await trial.scan(['--dry-run', '--verbose', '--log-level=Debug', trial.path('home')]);
      const standalone = await trial.scan([
        '--standalone',
        '--state-dir',
        trial.makeState(),
        trial.path('home'),
      ]);
      trial.check(dry.code === 0 && standalone.code === 0, `${howEnded(dry)}, ${howEnded(standalone)}`);
      const shown = firstControl(dry.stdout + dry.stderr);
      trial.check(shown === undefined, `the terminal gets ${JSON.stringify(shown)}`);
      const recorded = firstControl(standalone.stdout);
      trial.check(recorded === undefined, `the records have ${JSON.stringify(recorded)} unescaped`);
      const lines = standalone.stdout.split('\n').filter(Boolean);
      trial.check(
        lines.every((line) => line.startsWith('{"level"')),
        'a name makes a line of its own',
      );
      trial.check(
        lines.filter((line) => line.includes('"event":"scan.finding"')).length === names.length,
        'not every file was found',
      );
    },
  },
  {
    name: 'names/errors of parsers',
    isShort: true,
    run: async (trial) => {
      trial.write('home/x.ini', fakeLine('x'));
      for (const [option, makers] of Object.entries(BROKEN)) {
        for (const [index, make] of makers.entries()) {
          const secret = draw(40, `canary ${option} ${index}`);
          const file = trial.write(`in/${option}${index}`, make(secret));
          const { chmodSync } = await import('node:fs');
          chmodSync(file, 0o600);
          const args =
            option === 'ca-file'
              ? [
                  '--keeper-api-base=https://127.0.0.1:1',
                  '--agent-timeout=1s',
                  '--state-dir',
                  trial.path('s'),
                ]
              : ['--dry-run'];
          const ended = await trial.scan([...args, `--${option}=${file}`, trial.path('home')], {
            env: { KEEPER_JOB_ID: 'secrets-scan' },
          });
          const piece = longestPiece(ended.stdout + ended.stderr, secret);
          trial.check(
            piece < 4,
            `--${option} (${index}): ${piece} characters in ${JSON.stringify(ended.stderr.slice(0, 120))}`,
          );
          if (trial.isShort && index >= 1) break;
        }
      }
    },
  },
  {
    name: 'names/wrong values of options',
    run: async (trial) => {
      trial.write('home/x.ini', fakeLine('x'));
      for (const option of FLAGS) {
        const token = vendorTokens(`flag ${option}`)['github'] ?? '';
        for (const how of ['flag', 'variable'] as const) {
          const env =
            how === 'flag' ? {} : { [`SECRETS_SCAN_${option.replaceAll('-', '_').toUpperCase()}`]: token };
          const ended = await trial.scan(
            ['--dry-run', ...(how === 'flag' ? [`--${option}=${token}`] : []), trial.path('home')],
            { env, wall: 20 },
          );
          trial.check(
            pieceIn([ended.stdout, ended.stderr], secretPart(token)) === undefined,
            `--${option} as a ${how}: the token is printed`,
          );
        }
      }
    },
  },
];

/** Length of the longest part of a secret in a text. */
function longestPiece(text: string, secret: string): number {
  let longest = 0;
  for (let from = 0; from < secret.length; from += 1) {
    for (let to = secret.length; to - from > longest; to -= 1) {
      if (text.includes(secret.slice(from, to))) longest = to - from;
    }
  }
  return longest;
}
