/** What a run can see of the agent's log: what is appended to it from the start of the run on, and only if nobody else can write it. */
import {
  appendFileSync,
  chmodSync,
  mkdirSync,
  mkdtempSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { AgentLog, someLogFile } from '../../../src/host/installation/index.ts';
import { posix, testWith } from '../../tool.ts';

let folder = '';
let file = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'agent-log-'));
  file = join(folder, 'KeeperLogger.log');
  writeFileSync(file, 'before the run\n', { mode: 0o640 });
});
afterEach(() => rmSync(folder, { recursive: true }));

const open = (...folders: string[]) => AgentLog.open(folders, new AbortController().signal);

describe('the agent’s log', () => {
  test('has what is appended during the run, and not what was there before', async () => {
    const log = await open(join(folder, 'missing'), folder);
    expect(log?.haveNew([['before the run']])).toEqual([false]);
    appendFileSync(file, 'a line of this run\n');
    expect(log?.haveNew([['another line', 'line of this run']])).toEqual([true]);
  });

  test('has a line that was incomplete at the last look', async () => {
    const log = await open(folder);
    appendFileSync(file, 'a line of ');
    expect(log?.haveNew([['line of this run']])).toEqual([false]);
    appendFileSync(file, 'this run\n');
    expect(log?.haveNew([['line of this run']])).toEqual([true]);
  });

  test.each(['KeeperLogger_20261130.log', 'KeeperLogger_20261130_235959.log', 'KeeperLogger20261130.log'])(
    'continues in a new file while the old one is renamed to %s',
    async (name) => {
      const log = await open(folder);
      appendFileSync(file, 'the last line of the day\n');
      renameSync(file, join(folder, name));
      writeFileSync(file, 'the first line of the day\n', { mode: 0o640 });
      expect(log?.haveNew([['before the run']])).toEqual([false]);
      appendFileSync(file, 'the second line\n');
      expect(log?.haveNew([['the second line']])).toEqual([true]);
      expect((await open(folder))?.haveNew([['the second line']])).toEqual([false]);
    },
  );

  test.each(['the last line of the day', 'the first line of the day'])(
    'has %s after a rotation',
    async (line) => {
      const log = await open(folder);
      appendFileSync(file, 'the last line of the day\n');
      renameSync(file, join(folder, 'KeeperLogger_20261130.log'));
      writeFileSync(file, 'the first line of the day\n', { mode: 0o640 });
      expect(log?.haveNew([[line]])).toEqual([true]);
    },
  );

  test('begins anew in a file that was cut', async () => {
    const log = await open(folder);
    truncateSync(file);
    appendFileSync(file, 'short\n');
    expect(log?.haveNew([['short']])).toEqual([true]);
  });

  test('is read from its end if more was appended than is read at a time', async () => {
    const log = await open(folder);
    appendFileSync(file, `${'x'.repeat(6 * 1024 * 1024)}\nthe end\n`);
    expect(log?.haveNew([['the end']])).toEqual([true]);
  });

  test('is none without a log file, or without a folder', async () => {
    const empty = join(folder, 'empty');
    mkdirSync(empty);
    writeFileSync(join(empty, 'Other.log'), 'x');
    expect(await open(empty, join(folder, 'missing'), file)).toBeUndefined();
  });

  testWith(posix)('proves nothing if other users can write it', async () => {
    const log = await open(folder);
    chmodSync(file, 0o666);
    appendFileSync(file, 'a line of this run\n');
    expect(log?.haveNew([['a line of this run']])).toEqual([false]);
    expect(await open(folder)).toBeUndefined();
    chmodSync(file, 0o640);
    chmodSync(folder, 0o777);
    expect(await open(folder)).toBeUndefined();
    chmodSync(folder, 0o700);
    expect(await open(folder)).toBeDefined();
  });

  testWith(posix)('is not read through a link', async () => {
    const elsewhere = join(folder, 'elsewhere');
    mkdirSync(elsewhere);
    symlinkSync(file, join(elsewhere, 'KeeperLogger.log'));
    expect(await open(elsewhere)).toBeUndefined();
  });
});

test('of many log files, the active one and the newest are opened', () => {
  const days = Array.from({ length: 60 }, (_, day) => `KeeperLogger_${20_300_000 + day}.log`);
  for (const name of ['KeeperLogger.log', ...days]) writeFileSync(join(folder, name), '');
  const opened: string[] = [];
  const { count, isDone } = someLogFile(
    folder,
    ({ name }) => {
      opened.push(name);
      return false;
    },
    { most: 50 },
  );
  expect([count, isDone]).toEqual([50, false]);
  expect(opened).toEqual(['KeeperLogger.log', ...days.slice(-49)]);
});
