/**
 * A folder as one finds it on a machine: configuration, keys and notes with a few credentials in them, and as many files
 * that only look like it. What it holds is made when it is asked for.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { plantable } from './tokens.ts';

/** A credential of the sample: the rule that finds it, and the place of its first character. */
export interface Planted {
  readonly rule: string;
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** Where each credential of the sample stands, by file and place. */
export const samplePlants: readonly Planted[] = [
  { rule: 'github-classic-token', file: '.git-credentials', line: 1, column: 21 },
  { rule: 'keeper-configuration', file: 'agent/ksm-config.json', line: 1, column: 1 },
  { rule: 'keeper-one-time-token', file: 'agent/notes.txt', line: 2, column: 7 },
  { rule: 'stripe-live-key', file: 'app/.env', line: 2, column: 12 },
  { rule: 'slack-bot-token', file: 'app/.env', line: 3, column: 14 },
  { rule: 'aws-access-key-id', file: 'aws/credentials', line: 2, column: 21 },
  { rule: 'aws-secret-access-key', file: 'aws/credentials', line: 3, column: 25 },
  { rule: 'private-key', file: 'keys/server.pem', line: 2, column: 1 },
  { rule: 'gitlab-access-token', file: 'scripts/déploiement.ps1', line: 2, column: 16 },
];

/** Makes the folder, which must not exist, and returns its path. */
export function plantSample(folder: string): string {
  const files: Readonly<Record<string, string>> = {
    '.git-credentials': `https://octocat-bot:${plantable('github-classic-token')}@github.com\n`,
    'agent/ksm-config.json': `${plantable('keeper-configuration')}\n`,
    'agent/notes.txt': `To enrol the machine:\ntoken=${plantable('keeper-one-time-token')}\n`,
    'app/.env': [
      'PORT=8080',
      `STRIPE_KEY=${plantable('stripe-live-key')}`,
      `SLACK_TOKEN="${plantable('slack-bot-token')}"`,
      'SESSION_SECRET=${SESSION_SECRET}',
      '',
    ].join('\n'),
    'app/example.env': 'STRIPE_KEY=sk_live_...\nGITHUB_TOKEN=<your token here>\n',
    'app/server.js': 'const token = await getToken();\nexport default { apiKey: process.env.API_KEY };\n',
    'aws/credentials': [
      '[default]',
      `aws_access_key_id = ${plantable('aws-access-key-id')}`,
      `aws_secret_access_key = ${plantable('aws-secret-access-key')}`,
      '',
    ].join('\n'),
    'keys/server.pem': `# the web server's key\n${plantable('private-key')}\n`,
    'logs/app.log': 'GET /health 200\n'.repeat(50_000),
    'readme.md': '# Sample\n\nUse `ghp_` tokens with care; `AKIA` begins an access key id.\n',
    'scripts/déploiement.ps1': `# Déploiement – été 🌞\n$env:é🌞TOKEN='${plantable('gitlab-access-token')}'\n`,
  };
  for (const [name, content] of Object.entries(files)) {
    const path = join(folder, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content);
  }
  writeFileSync(join(folder, 'logs/core.bin'), Buffer.alloc(100_000));
  return folder;
}
