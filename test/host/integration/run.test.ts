import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, test } from '@jest/globals';
import * as z from 'zod';
import { hostPlatform } from '../../../src/host/platform/index.ts';
import { run } from '../../../src/host/run/run.ts';
import type { Task } from '../../../src/host/task/task.ts';

// The smallest task there can be: this is all that an integrator has to write.
const names = z.object({
  names: z.array(z.string()).default([]).meta({ description: 'Names', positional: true }),
});
const counted = { id: 'names.counted', level: 'Information', text: 'Names counted' } as const;
const countNames: Task<typeof names> = {
  name: 'count-names',
  description: 'Counts names.',
  options: names,
  events: [counted],
  execute: async ({ options, log }) => {
    log(counted, { count: options.names.length });
    return { summary: { names: options.names.length } };
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
      /^Counts names\.[\s\S]*Usage: count-names .*\[names\.\.\]/,
    );
    expect(await start(countNames, ['--version'])).toMatchObject({ stdout: '3.2.1\n', code: 0 });
    const { stdout, stderr, code } = await start(countNames, ['--dry-run', '--verbose', 'Ada', 'Grace']);
    expect(stderr).toContain('Names counted: count=2');
    expect(stdout).toBe('names 2\nExit code 0: the run completed\n');
    expect(code).toBe(0);
  });

  test('has no --report, and takes no argument that it has no option for', async () => {
    expect((await start(countNames, ['--help'])).stdout).not.toContain('--report');
    expect((await start(countNames, ['--dry-run', '--report=report.json'])).code).toBe(64);
    const alone: Task = { ...countNames, options: z.object({}), execute: async () => ({ summary: {} }) };
    expect(await start(alone, ['--dry-run', 'stray'])).toMatchObject({
      code: 64,
      stderr: 'count-names: unexpected argument: stray (see count-names --help)\n',
    });
  });
});

describe('a task with reports', () => {
  const reporting: Task<typeof names> = {
    ...countNames,
    reportFormats: { csv: { title: 'CSV', extensions: ['.csv'] } },
    execute: async ({ options }) => ({
      summary: { names: options.names.length },
      needsAttention: options.names.length > 1,
      report: {
        text: ({ tool, exitCode }) => `${tool.name}: ${options.names.length} (${exitCode})\n`,
        file: (format, { exitMeaning }) => `${format},${exitMeaning}\n`,
      },
    }),
  };

  test('prints one in a dry run, and writes one when asked', async () => {
    const report = join(folder, 'report.csv');
    const { stdout, stderr, code } = await start(reporting, [
      '--dry-run',
      '--verbose',
      `--report=${report}`,
      'Ada',
    ]);
    expect({ stdout, code }).toEqual({ stdout: 'count-names: 1 (0)\n', code: 0 });
    expect(stderr).toMatch(/Information +Summary: names=1 seconds=/);
    expect(readFileSync(report, 'utf8')).toBe('csv,the run completed\n');
  });

  test('raises its summary when it needs attention', async () => {
    expect((await start(reporting, ['--dry-run', '--verbose', 'Ada', 'Grace'])).stderr).toMatch(
      /Warning +Summary: names=2/,
    );
  });

  test('says when a report cannot be written, and which formats there are', async () => {
    const nowhere = await start(reporting, ['--dry-run', `--report=${join(folder, 'no', 'report.csv')}`]);
    expect(nowhere.code).toBe(73);
    expect(nowhere.stderr).toMatch(/^count-names: .*report\.csv.*\n$/);
    const unknown = await start(reporting, ['--dry-run', '--report=report.txt']);
    expect(unknown).toMatchObject({ code: 64, stderr: expect.stringContaining('extensions: .csv') });
  });
});

test('an error that nothing catches ends the run with 70, its record and its line', async () => {
  const said = { stdout: '', stderr: '' };
  const { promise: crash, resolve: crashed } = Promise.withResolvers<unknown>();
  const stuck: Task<typeof names> = {
    ...countNames,
    execute: ({ signal }) =>
      new Promise((resolve) => {
        signal.addEventListener('abort', () => resolve({ summary: {} }));
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
    const { code, stderr } = await start(countNames, ['--dry-run', '--verbose']);
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

  test('a verdict that the task has not declared is an internal error, not success', async () => {
    const task = { ...countNames, execute: async () => ({ summary: {}, exits: ['partail'] }) };
    const { code, stderr } = await start(task, ['--dry-run']);
    expect(code).toBe(70);
    expect(stderr).toMatch(/the task has no exit .*partail/);
  });

  test('an unexpected error is 70, one line, redacted', async () => {
    const task = {
      ...failing(new RangeError('out of range near hunter2\nand more')),
      redact: (text: string) => text.replaceAll('hunter2', '[redacted]'),
    };
    const { code, stderr } = await start(task, ['--dry-run']);
    expect(code).toBe(70);
    expect(stderr).toBe('count-names: out of range near [redacted] and more\n');
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
          signal.addEventListener('abort', () => resolve({ summary: {} }), { once: true }),
        ),
    };
    const ended = start(task, ['--dry-run', '--verbose'], stop.signal);
    setImmediate(() => stop.abort(name));
    const { code, stderr } = await ended;
    expect(code).toBe(expected);
    expect(stderr).toMatch(/Summary: /);
  });

  test('--max-duration ends the work, and the task says whether that is a failure', async () => {
    const task: Task<typeof names> = {
      ...countNames,
      exitCodes: [{ name: 'partial', code: 20, meaning: 'some names were not counted', kind: 'verdict' }],
      execute: ({ options, signal }) =>
        new Promise((resolve) =>
          signal.addEventListener('abort', () => resolve({ summary: {}, exits: options.names }), {
            once: true,
          }),
        ),
    };
    const partial = await start(task, ['--dry-run', '--max-duration=1s']);
    expect(partial.code).toBe(0);
    expect(partial.stderr).toBe(
      'count-names: warning: Time limit reached (--max-duration); work stopped: seconds 1\n',
    );
    expect((await start(task, ['--dry-run', '--max-duration=1s', 'partial'])).code).toBe(20);
  });
});
