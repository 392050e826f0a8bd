/** The CPU priority of the process as the system sees it: on Linux each thread has its own. */
import { getPriority } from 'node:os';
import { afterEach, expect, test } from '@jest/globals';
import { describeWith, linux } from '../../tool.ts';
import { byHand, cleanUp } from '../probe-under-test.ts';
import { type Thread, threadsOf } from '../threads-of.ts';

afterEach(cleanUp);

/** The threads of a run that is at work. */
async function threadsOfRun(...args: string[]): Promise<Thread[]> {
  let seen: Thread[] = [];
  await byHand(['--dry-run', '--verbose', '--work=30000ms', ...args], {
    onStart: (child) => {
      child.stderr?.on('data', (text: string) => {
        if (!text.includes('Working')) return;
        seen = threadsOf(child.pid ?? 0);
        child.kill('SIGTERM');
      });
    },
  });
  return seen;
}

describeWith(linux)('the CPU priority', () => {
  test('is low on every thread', async () => {
    const threads = await threadsOfRun();
    expect(threads.length).toBeGreaterThan(1);
    expect(threads.filter(({ nice }) => nice !== Math.max(10, getPriority()))).toEqual([]);
  });

  test('stays what it was with --priority=normal', async () => {
    const threads = await threadsOfRun('--priority=normal');
    expect(threads.length).toBeGreaterThan(1);
    expect(threads.filter(({ nice }) => nice !== getPriority())).toEqual([]);
  });
});
