/** What the templates say and what the executable understands are one thing. */
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { loadConfig } from '../../../src/host/config/index.ts';
import { type JobDocument, renderJob, splitArguments } from '../../../src/host/job/index.ts';
import { secretsScan } from '../../../src/scan/index.ts';

const templates = readdirSync('job-templates').filter((name) => name.endsWith('.json'));

describe.each(templates)('%s', (name) => {
  const template: unknown = JSON.parse(readFileSync(join('job-templates', name), 'utf8'));
  const tasks: JobDocument['tasks'] = renderJob(template, { os: 'linux' }).tasks;

  test('every argument is a flag that exists, with a value that it takes', async () => {
    for (const { arguments: text } of tasks) {
      const argv = splitArguments(text.replaceAll('{KeeperApiBaseUrl}', 'https://127.0.0.1:6889'));
      const loaded = await loadConfig(argv, { KEEPER_JOB_ID: 'secrets-scan' }, secretsScan, '0.0.0', {
        elevated: false,
      });
      expect(loaded).toHaveProperty('config.keeperApiBase', 'https://127.0.0.1:6889');
    }
  });

  test('the work ends by itself before the agent kills it', async () => {
    const loaded = await loadConfig(['--dry-run'], {}, secretsScan, '0.0.0', { elevated: false });
    const maxDuration = 'config' in loaded ? loaded.config.maxDuration : Number.NaN;
    for (const { timeoutSeconds } of tasks) expect(timeoutSeconds).toBeGreaterThan(maxDuration / 1000);
  });
});
