/** What the templates say and what the executable understands are one thing. */
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { loadConfig } from '../../../src/host/config/index.ts';
import { type JobDocument, renderJob, splitArguments } from '../../../src/host/job/index.ts';
import { callOf } from '../../../src/host/commands/index.ts';
import { loadTask, taskBuild } from '../../../build/task.ts';

/** Milliseconds that a command of the executable, such as `doctor`, may take. */
const LONGEST_COMMAND_MS = 60_000;

const task = await loadTask();
const templates = readdirSync(taskBuild.jobTemplates).filter((name) => name.endsWith('.json'));

describe.each(templates)('%s', (name) => {
  const template: unknown = JSON.parse(readFileSync(join(taskBuild.jobTemplates, name), 'utf8'));
  const tasks: JobDocument['tasks'] = renderJob(template, { os: 'linux' }).tasks;

  test('every argument is a flag that exists, with a value that it takes', async () => {
    for (const { arguments: text } of tasks) {
      const given = splitArguments(text.replaceAll('{KeeperApiBaseUrl}', 'https://127.0.0.1:6889'));
      const { argv } = await callOf(given, task);
      const loaded = await loadConfig(argv, { KEEPER_JOB_ID: 'job' }, task, '0.0.0', {
        elevated: false,
      });
      expect(loaded).toHaveProperty('config.keeperApiBase', 'https://127.0.0.1:6889');
    }
  });

  test('the work ends by itself before the agent kills it', async () => {
    const loaded = await loadConfig([], { KEEPER_JOB_ID: 'job' }, task, '0.0.0', { elevated: false });
    const maxDuration = 'config' in loaded ? loaded.config.maxDuration : Number.NaN;
    for (const { arguments: text, timeoutSeconds } of tasks) {
      const { command } = await callOf(splitArguments(text), task);
      const longest = command === undefined ? maxDuration : LONGEST_COMMAND_MS;
      expect(timeoutSeconds).toBeGreaterThan(longest / 1000);
    }
  });
});
