/** The trees that are captured. Nothing in them was ever issued by anybody. */
import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { plantable } from '../../fixtures/tokens.ts';

export interface Scene {
  readonly name: string;
  /** Arguments besides the folder. */
  readonly args: readonly string[];
  /** Contents by path below the folder. Both are bytes in Latin-1, since some are no text, and one of the names is invalid. */
  readonly files: () => Readonly<Record<string, string>>;
}

const GITHUB = 'github-classic-token';

function environment(seed: string): string {
  return [
    'PORT=8080',
    `STRIPE_KEY=${plantable('stripe-live-key', seed)}`,
    `SLACK_TOKEN="${plantable('slack-bot-token', seed)}"`,
    'SESSION_SECRET=${SESSION_SECRET}',
    '',
  ].join('\n');
}

const harmless = {
  'readme.md': '# Sample\n\nUse `ghp_` tokens with care; `AKIA` begins an access key id.\n',
  'app/example.env': 'STRIPE_KEY=sk_live_...\nGITHUB_TOKEN=<your token here>\n',
  'app/server.js': 'const token = await getToken();\nexport default { apiKey: process.env.API_KEY };\n',
  'logs/app.log': 'GET /health 200\n'.repeat(50_000),
};

const few = () => ({
  ...harmless,
  '.git-credentials': `https://octocat:${plantable(GITHUB)}@github.com\n`,
  'backup/2026-01/.git-credentials': `https://octocat:${plantable(GITHUB)}@github.com\n`,
  'app/.env': environment('1'),
  'app/old/.env': environment('2'),
  'aws/credentials': [
    '[default]',
    `aws_access_key_id = ${plantable('aws-access-key-id')}`,
    `aws_secret_access_key = ${plantable('aws-secret-access-key')}`,
    '',
  ].join('\n'),
  'scripts/deploy.ps1': `$env:TOKEN='${plantable('gitlab-access-token')}'\n`,
  'wiki/settings.ini': '[mail]\nuser = post\npassword = Tr0ub4dor-and-3-horses\n',
});

/** A package of Python as pip installs it, with a token in its examples. */
const installed = () => {
  const example = `token = '${plantable(GITHUB, 'package')}'\n`;
  const digest = createHash('sha256').update(example).digest('base64url');
  return {
    'lib/python3.12/site-packages/sample/example.py': example,
    'lib/python3.12/site-packages/sample-1.4.dist-info/METADATA': 'Name: sample\nVersion: 1.4\n',
    'lib/python3.12/site-packages/sample-1.4.dist-info/RECORD': [
      `sample/example.py,sha256=${digest},${example.length}`,
      'sample-1.4.dist-info/METADATA,,',
      'sample-1.4.dist-info/RECORD,,',
      '',
    ].join('\n'),
  };
};

/** What logrotate leaves. */
const rotated = () => ({
  'logs/app.log.2.gz': gzipSync(`login with token ${plantable(GITHUB, 'log')}\n`).toString('latin1'),
});

export const scenes: readonly Scene[] = [
  { name: 'none', args: [], files: () => harmless },
  {
    name: 'one',
    args: ['--fail-on=high'],
    files: () => ({ ...harmless, '.git-credentials': `https://octocat:${plantable(GITHUB)}@github.com\n` }),
  },
  { name: 'few', args: ['--fail-on=high'], files: few },
  { name: 'shipped', args: [], files: () => ({ ...harmless, ...rotated(), ...installed() }) },
  {
    name: 'gaps',
    args: ['--strict', '--obey-markers', '--exclude=logs'],
    files: () => ({
      ...few(),
      'app/.env': `KEY=${plantable('stripe-live-key')} # gitleaks:allow\n`,
      'notes-\xff.txt': `token=${plantable(GITHUB, '2')}\n`,
      'image.bin': '\0'.repeat(1000),
    }),
  },
  {
    name: 'many',
    args: [],
    files: () =>
      Object.fromEntries(
        Array.from({ length: 150 }, (_, index) => [
          `projects/customer-${String(index).padStart(3, '0')}/deploy/.env`,
          environment(String(index)),
        ]),
      ),
  },
];
