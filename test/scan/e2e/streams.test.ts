/** Standard streams that are not read, closed or full: the work is done, the code is right, and the end comes in time. */
import { type StdioOptions, spawn } from 'node:child_process';
import { closeSync, constants, existsSync, mkdirSync, openSync, readSync, writeFileSync } from 'node:fs';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { readReport } from '../../../src/scan/report/index.ts';
import { byHand, cleanUp, command, fromSource, newFolder } from '../scanner-under-test.ts';

/** Several times what a pipe holds, as records. */
const FILES = 600;
/** Milliseconds: loading the program, on a busy machine. */
const SLACK = fromSource ? 6000 : 3000;

let tree: string;
let pipe: string;
beforeEach(() => {
  tree = newFolder('streams');
  mkdirSync(join(tree, 'many'));
  for (let n = 0; n < FILES; n += 1) {
    writeFileSync(join(tree, 'many', `${n}.ini`), `password = "Vq${n}sxK9mTz4${n}"\n`);
  }
  pipe = join(tree, 'pipe');
  execFileSync('mkfifo', [pipe]);
});
afterEach(cleanUp);

/** Starts the program with these streams; how it ends, and after how many milliseconds. */
function start(stdio: StdioOptions, args: readonly string[], onStart?: (pid: number) => void) {
  const [file = '', ...first] = command;
  const began = performance.now();
  const child = spawn(file, [...first, ...args, join(tree, 'many')], {
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

const findingsIn = (text: string) => text.split('\n').filter((line) => line.includes('"scan.finding"'));

describe('a reader that takes nothing', () => {
  test('of standard output: what it did not take is sent by the next run, once', async () => {
    const { writer, read, close } = openPipe();
    const state = join(newFolder(), 'state');
    const args = ['--standalone', '--agent-timeout=1s', `--state-dir=${state}`];
    const { code, took } = await start(['ignore', writer, 'ignore'], args);
    expect(code).toBe(69);
    expect(took).toBeLessThan(3000 + SLACK);
    const first = findingsIn(read() ?? '');
    close();
    const { code: next, stdout } = await byHand([...args, join(tree, 'many')]);
    expect(next).toBe(0);
    // The last line that the pipe took may be part of one.
    const records = [...first, ...findingsIn(stdout)].flatMap((line) => {
      const id = /"id":"([^"]+)"/.exec(line)?.[1];
      const fingerprint = /"fingerprint":"([^"]+)"/.exec(line)?.[1] ?? '';
      return id === undefined ? [] : [[id, fingerprint] as const];
    });
    const byId = new Map(records);
    expect(byId.size).toBe(FILES);
    expect(new Set(byId.values()).size).toBe(FILES);
  });

  test('of either stream: a dry run ends, with its report and its code', async () => {
    const { writer, close } = openPipe();
    const report = join(tree, 'r.json');
    const args = ['--dry-run', '--agent-timeout=1s', '--fail-on=low', `--report=${report}`];
    const { code, took } = await start(['ignore', writer, writer], args);
    close();
    expect(code).toBe(10);
    expect(took).toBeLessThan(3000 + SLACK);
    expect((await readReport(report)).outcome.findings).toHaveLength(FILES);
  });

  test('of a socket', async () => {
    const [file = '', ...first] = command;
    // Node gives a child sockets.
    const child = spawn(file, [...first, '--dry-run', '--agent-timeout=1s', join(tree, 'many')], {
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
  expect(findingsIn(text)).toHaveLength(FILES);
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
      const report = join(tree, 'r.json');
      const args = ['--dry-run', '--fail-on=low', `--report=${report}`, join(tree, 'many')];
      expect(await shell(redirections, args)).toBe(10);
      expect((await readReport(report)).outcome.findings).toHaveLength(FILES);
      expect(await shell(redirections, ['--no-such-flag'])).toBe(64);
    },
  );

  test('a closed standard error, closed by its reader', async () => {
    const report = join(tree, 'r.json');
    const args = ['--dry-run', '--fail-on=low', `--report=${report}`, join(tree, 'many')];
    const { code } = await byHand(args, { onStart: (child) => child.stderr?.destroy() });
    expect(code).toBe(10);
    expect(existsSync(report)).toBe(true);
  });

  test('no file of the state gets what is printed', async () => {
    const state = join(newFolder(), 'state');
    const args = ['--standalone', `--state-dir=${state}`, join(tree, 'many')];
    // What the closed stream was given is gone; but it went nowhere else.
    expect(await shell('<&- >&- 2>&-', args)).toBe(0);
    const { code, stdout } = await byHand(args);
    expect(code).toBe(0);
    expect(stdout).not.toMatch(/store-set-aside|index-damaged|key-re/);
    expect(findingsIn(stdout)).toHaveLength(0);
  });
});
