/** The CPU priority of the process as the system sees it: on Linux each thread has its own. */
import { readFileSync, readdirSync } from 'node:fs';
import { getPriority } from 'node:os';
import { afterEach, describe, expect, test } from '@jest/globals';
import { byHand, cleanUp, largeFolder } from '../scanner-under-test.ts';

afterEach(cleanUp);

const THREADS = 3;

/** The name and the nice value of each thread of a process: proc_pid_stat(5), fields 2 and 19. */
function threadsOf(pid: number): { name: string; nice: number }[] {
  return readdirSync(`/proc/${pid}/task`).map((thread) => {
    const stat = readFileSync(`/proc/${pid}/task/${thread}/stat`, 'utf8');
    const end = stat.lastIndexOf(')');
    return { name: stat.slice(stat.indexOf('(') + 1, end), nice: Number(stat.slice(end + 2).split(' ')[16]) };
  });
}

/** The threads of a run, as they are once its workers have joined. */
async function threadsOfRun(...args: string[]): Promise<{ name: string; nice: number }[]> {
  let seen: { name: string; nice: number }[] = [];
  await byHand(['--dry-run', `--workers=${THREADS}`, '--max-rate=500', ...args, largeFolder(6000)], {
    onStart: ({ pid = 0 }) => {
      const look = setInterval(() => {
        const threads = threadsOf(pid);
        if (threads.filter(({ name }) => name === 'scan').length < THREADS - 1) return;
        seen = threads;
        clearInterval(look);
        process.kill(pid, 'SIGTERM');
      }, 50);
    },
  });
  return seen;
}

const isLinux = process.platform === 'linux';
if (!isLinux) process.stderr.write('skipped: the priority of each thread can be read on Linux alone\n');

(isLinux ? describe : describe.skip)('the CPU priority (skipped but on Linux)', () => {
  test('is low on every thread, the workers included', async () => {
    const threads = await threadsOfRun();
    expect(threads.length).toBeGreaterThan(THREADS);
    expect(threads.filter(({ nice }) => nice !== Math.max(10, getPriority()))).toEqual([]);
  });

  test('stays what it was with --priority=normal', async () => {
    const threads = await threadsOfRun('--priority=normal');
    expect(threads.length).toBeGreaterThan(THREADS);
    expect(threads.filter(({ nice }) => nice !== getPriority())).toEqual([]);
  });
});
