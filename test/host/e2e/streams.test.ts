/** Standard streams that are not read, closed or full: the work is done, the code is right, and the end comes in time. */
import { type StdioOptions, spawn } from 'node:child_process';
import { closeSync, constants, existsSync, openSync, readSync } from 'node:fs';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { byHand, cleanUp, command, fromSource, newFolder, readProbeReport } from '../probe-under-test.ts';

/** Several times what a pipe holds, as records. */
const ITEMS = 1500;
/** Milliseconds: loading the program, on a busy machine. */
const SLACK = fromSource ? 6000 : 3000;

let folder: string;
let pipe: string;
beforeEach(() => {
  folder = newFolder('streams');
  pipe = join(folder, 'pipe');
  execFileSync('mkfifo', [pipe]);
});
afterEach(cleanUp);

/** Starts the program with these streams; how it ends, and after how many milliseconds. */
function start(stdio: StdioOptions, args: readonly string[], onStart?: (pid: number) => void) {
  const [file = '', ...first] = command;
  const began = performance.now();
  const child = spawn(file, [...first, ...args, ITEM_OPTION], {
    stdio,
    timeout: 40_000,
    killSignal: 'SIGKILL',
  });
  onStart?.(child.pid ?? 0);
  return new Promise<{ code: number | null; took: number }>((done) => {
    child.on('exit', (code) => done({ code, took: performance.now() - began }));
  });
}

/** A pipe with a reader that takes nothing until told. */
function openPipe() {
  const reader = openSync(pipe, constants.O_RDONLY | constants.O_NONBLOCK);
  const writer = openSync(pipe, constants.O_WRONLY);
  const read = () => {
    const buffer = Buffer.alloc(1024 * 1024);
    try {
      return buffer.toString('utf8', 0, readSync(reader, buffer));
    } catch {
      return undefined;
    }
  };
  return { writer, read, close: () => [reader, writer].forEach((descriptor) => closeSync(descriptor)) };
}

const ITEM_OPTION = `--store=${ITEMS}`;

/** The lines of announced items; the last one may be part of one. */
const itemsIn = (text: string) => text.split('\n').filter((line) => line.includes('"probe.item"'));

describe('a reader that takes nothing', () => {
  test('of standard output: what it did not take is sent by the next run, once', async () => {
    const { writer, read, close } = openPipe();
    const state = join(newFolder(), 'state');
    const args = ['--standalone', '--agent-timeout=1s', `--state-dir=${state}`];
    const { code, took } = await start(['ignore', writer, 'ignore'], args);
    expect(code).toBe(69);
    expect(took).toBeLessThan(3000 + SLACK);
    const first = itemsIn(read() ?? '');
    close();
    const { code: next, stdout } = await byHand([...args, ITEM_OPTION]);
    expect(next).toBe(0);
    // The last line that the pipe took may be part of one.
    const records = [...first, ...itemsIn(stdout)].flatMap((line) => {
      const id = /"id":"([^"]+)"/.exec(line)?.[1];
      const number = /"number":(\d+)/.exec(line)?.[1] ?? '';
      return id === undefined ? [] : [[id, number] as const];
    });
    const byId = new Map(records);
    expect(byId.size).toBe(ITEMS);
    expect(new Set(byId.values()).size).toBe(ITEMS);
  });

  test('of either stream: a dry run ends, with its report and its code', async () => {
    const { writer, close } = openPipe();
    const report = join(folder, 'r.json');
    const args = ['--dry-run', '--agent-timeout=1s', '--exits=attention', `--report=${report}`];
    const { code, took } = await start(['ignore', writer, writer], args);
    close();
    expect(code).toBe(10);
    expect(took).toBeLessThan(3000 + SLACK);
    expect(readProbeReport(report).announced).toHaveLength(ITEMS);
  });

  test('of a socket', async () => {
    const [file = '', ...first] = command;
    // Node gives a child sockets.
    const child = spawn(file, [...first, '--dry-run', '--agent-timeout=1s', ITEM_OPTION], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const code = await new Promise((done) => child.on('exit', done));
    child.stdout.destroy();
    child.stderr.destroy();
    expect(code).toBe(0);
  });

  test.each(['SIGTERM', 'SIGINT'] as const)('does not hold up the end after %s', async (signal) => {
    const { writer, close } = openPipe();
    const args = ['--standalone', '--agent-timeout=30s', `--state-dir=${join(newFolder(), 'state')}`];
    let signalled = 0;
    const { code } = await start(['ignore', writer, writer], args, (pid) => {
      setTimeout(() => {
        signalled = performance.now();
        process.kill(pid, signal);
      }, SLACK);
    });
    close();
    expect(performance.now() - signalled).toBeLessThan(2000);
    expect(code).toBe(signal === 'SIGTERM' ? 143 : 130);
  });

  test('does not hold up the end after --max-duration', async () => {
    const { writer, close } = openPipe();
    const state = `--state-dir=${join(newFolder(), 'state')}`;
    const { code, took } = await start(
      ['ignore', writer, writer],
      ['--standalone', '--agent-timeout=30s', '--max-duration=4s', state],
    );
    close();
    expect(code).toBe(69);
    expect(took).toBeLessThan(6000);
  });
});

test('a slow reader gets everything, and the run ends well', async () => {
  const { writer, read, close } = openPipe();
  const state = `--state-dir=${join(newFolder(), 'state')}`;
  let text = '';
  const over = new AbortController();
  const ended = start(['ignore', writer, 'ignore'], ['--standalone', '--agent-timeout=1s', state]);
  const reading = (async () => {
    while (!over.signal.aborted) {
      text += read() ?? '';
      await sleep(400);
    }
    text += read() ?? '';
  })();
  expect((await ended).code).toBe(0);
  over.abort();
  await reading;
  close();
  expect(itemsIn(text)).toHaveLength(ITEMS);
});

describe('closed and full streams', () => {
  const shell = (redirections: string, args: readonly string[]) =>
    new Promise<number | null>((done) => {
      const child = spawn('/bin/sh', ['-c', `exec "$@" ${redirections}`, 'sh', ...command, ...args], {
        stdio: 'ignore',
      });
      child.on('exit', done);
    });

  test.each(['2>&-', '2>/dev/full', '<&- >&- 2>&-', '>/dev/full 2>/dev/full', '>&- 2>/dev/full'])(
    'the report is written and the code is right with %s',
    async (redirections) => {
      const report = join(folder, 'r.json');
      const args = ['--dry-run', '--exits=attention', `--report=${report}`, ITEM_OPTION];
      expect(await shell(redirections, args)).toBe(10);
      expect(readProbeReport(report).announced).toHaveLength(ITEMS);
      expect(await shell(redirections, ['--no-such-flag'])).toBe(64);
    },
  );

  test('a closed standard error, closed by its reader', async () => {
    const report = join(folder, 'r.json');
    const args = ['--dry-run', '--exits=attention', `--report=${report}`, ITEM_OPTION];
    const { code } = await byHand(args, { onStart: (child) => child.stderr?.destroy() });
    expect(code).toBe(10);
    expect(existsSync(report)).toBe(true);
  });

  test('no file of the state gets what is printed', async () => {
    const state = join(newFolder(), 'state');
    const args = ['--standalone', `--state-dir=${state}`, ITEM_OPTION];
    // What the closed stream was given is gone; but it went nowhere else.
    expect(await shell('<&- >&- 2>&-', args)).toBe(0);
    const { code, stdout } = await byHand(args);
    expect(code).toBe(0);
    expect(stdout).not.toMatch(/store-set-aside/);
    expect(itemsIn(stdout)).toHaveLength(0);
  });
});
