import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, test } from '@jest/globals';
import * as z from 'zod';
import { hostPlatform } from '../../src/host/platform/index.ts';
import { run } from '../../src/host/run/run.ts';
import { type Task, nothingFound } from '../../src/host/task/task.ts';

// The smallest task there can be: this is all that an integrator has to write.
const names = z.object({
  names: z.array(z.string()).default([]).meta({ description: 'Names', positional: true }),
});
const counted = { id: 'names.counted', level: 'Information', text: 'Names counted' } as const;
const countNames: Task<typeof names> = {
  name: 'count-names',
  description: 'Counts names.',
  configSchema: names,
  events: [counted],
  execute: async ({ options, log }) => {
    log(counted, { count: options.names.length });
    return nothingFound;
  },
};

/** Called instead of the system's, which would slow the tests that follow. */
let lowerPriority: () => void = () => undefined;

const folder = mkdtempSync(join(tmpdir(), 'run-'));
afterAll(() => rmSync(folder, { recursive: true }));

function start<Schema extends z.ZodObject>(
  task: Task<Schema>,
  argv: string[],
  signal = new AbortController().signal,
) {
  const said = { stdout: '', stderr: '', code: -1 };
  const done = run(
    argv,
    {},
    {
      loadTask: async () => task,
      version: '3.2.1',
      platform: { ...hostPlatform({}), lowerPriority: () => lowerPriority() },
      stdout: { write: (text: string) => (said.stdout += text) },
      stderr: { write: (text: string) => (said.stderr += text) },
      signal,
    },
  );
  return done.then((code) => ({ ...said, code }));
}

describe('a task of ten lines', () => {
  test('has flags, help, a version and records without more ado', async () => {
    expect((await start(countNames, ['--help'])).stdout).toMatch(
      /count-names .*\[names\.\.\][\s\S]*Counts names\./,
    );
    expect(await start(countNames, ['--version'])).toMatchObject({ stdout: '3.2.1\n', code: 0 });
    const { stdout, stderr, code } = await start(countNames, ['--dry-run', 'Ada', 'Grace']);
    expect(stderr).toContain('Names counted: count=2');
    expect(stdout).toContain('Exit code 0');
    expect(code).toBe(0);
  });

  test('writes a report when asked, and says when it cannot', async () => {
    const report = join(folder, 'report.json');
    expect((await start(countNames, ['--dry-run', `--report=${report}`])).code).toBe(0);
    expect(existsSync(report)).toBe(true);
    const nowhere = await start(countNames, ['--dry-run', `--report=${join(folder, 'no', 'report.json')}`]);
    expect(nowhere.code).toBe(73);
    expect(nowhere.stderr).toMatch(/Run failed: kind=cannot-write .*report\.json/);
    expect((await start(countNames, ['--dry-run', '--report=report.txt'])).code).toBe(64);
  });
});

test('an error that nothing catches ends the run with 70, its record and its line', async () => {
  const said = { stdout: '', stderr: '' };
  const { promise: crash, resolve: crashed } = Promise.withResolvers<unknown>();
  const stuck: Task<typeof names> = {
    ...countNames,
    execute: ({ signal }) =>
      new Promise((resolve) => {
        signal.addEventListener('abort', () => resolve(nothingFound));
        crashed(new Error('out of nowhere'));
      }),
  };
  const code = await run(
    ['--standalone', `--state-dir=${join(folder, 'crash')}`],
    {},
    {
      loadTask: async () => stuck,
      version: '3.2.1',
      platform: { ...hostPlatform({}), lowerPriority },
      stdout: {
        write: (text: string, done?: () => void) => {
          said.stdout += text;
          done?.();
        },
      },
      stderr: { write: (text: string) => (said.stderr += text) },
      signal: new AbortController().signal,
      crash,
    },
  );
  expect(code).toBe(70);
  expect(said.stderr).toBe('count-names: out of nowhere\n');
  expect(said.stdout).toMatch(/"event":"run.failed"[\s\S]*"event":"run.ended"/);
});

describe('the CPU priority', () => {
  afterEach(() => {
    lowerPriority = () => undefined;
  });

  test('is lowered unless it is to stay normal', async () => {
    let lowered = 0;
    lowerPriority = () => (lowered += 1);
    await start(countNames, ['--dry-run', '--priority=normal']);
    expect(lowered).toBe(0);
    await start(countNames, ['--dry-run']);
    expect(lowered).toBe(1);
  });

  test('that cannot be lowered is said and ends nothing', async () => {
    lowerPriority = () => {
      throw Object.assign(new Error('setPriority: EACCES'), { code: 'EACCES' });
    };
    const { code, stderr } = await start(countNames, ['--dry-run']);
    expect(stderr).toMatch(/Information CPU priority could not be lowered: error=.*EACCES/);
    expect(stderr).toContain('Names counted');
    expect(code).toBe(0);
  });
});

describe('the end of a run', () => {
  const failing = (error: unknown): Task<typeof names> => ({
    ...countNames,
    execute: async () => {
      throw error;
    },
  });

  test('an unexpected error is 70, one line, redacted', async () => {
    const task = {
      ...failing(new RangeError('out of range near hunter2\nand more')),
      redact: (text: string) => text.replaceAll('hunter2', '[redacted]'),
    };
    const { code, stderr } = await start(task, ['--dry-run']);
    expect(code).toBe(70);
    expect(stderr).toMatch(/Run failed: kind=internal error="out of range near \[redacted\] and more"\n/);
  });

  test.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ])('%s ends the work early with %i and still gives a summary', async (name, expected) => {
    const stop = new AbortController();
    const task: Task<typeof names> = {
      ...countNames,
      execute: ({ signal }) =>
        new Promise((resolve) =>
          signal.addEventListener('abort', () => resolve(nothingFound), { once: true }),
        ),
    };
    const ended = start(task, ['--dry-run'], stop.signal);
    setImmediate(() => stop.abort(name));
    const { code, stderr } = await ended;
    expect(code).toBe(expected);
    expect(stderr).toMatch(/Summary: /);
  });

  test('--max-duration ends the work, which is partial but no failure, unless --strict', async () => {
    const task: Task<typeof names> = {
      ...countNames,
      execute: ({ signal }) =>
        new Promise((resolve) =>
          signal.addEventListener(
            'abort',
            () =>
              resolve({
                ...nothingFound,
                coverage: { ...nothingFound.coverage, unexamined: { 'out-of-time': 1 } },
              }),
            { once: true },
          ),
        ),
    };
    const partial = await start(task, ['--dry-run', '--max-duration=1s']);
    expect(partial.code).toBe(0);
    expect(partial.stderr).toMatch(/Work stopped at --max-duration: seconds=1\n/);
    expect((await start(task, ['--dry-run', '--max-duration=1s', '--strict'])).code).toBe(11);
  });

  test.each([
    ['low', 10],
    ['medium', 10],
    ['high', 0],
  ])('--fail-on=%s with a medium finding is %i', async (severity, expected) => {
    const findingCount = { ...nothingFound.findingCount, medium: 1 };
    const task = { ...countNames, execute: async () => ({ ...nothingFound, findingCount }) };
    expect((await start(task, ['--dry-run', `--fail-on=${severity}`])).code).toBe(expected);
  });
});
