/** The CPU priority of the worker threads: on Linux each thread has its own. */
import { getPriority } from 'node:os';
import { afterEach, expect } from '@jest/globals';
import { type Thread, threadsOf } from '../../host/threads-of.ts';
import { linux, testWith } from '../../tool.ts';
import { byHand, cleanUp, largeFolder } from '../scanner-under-test.ts';

afterEach(cleanUp);

const THREADS = 3;

testWith(linux)('is low on every thread, the workers included', async () => {
  let threads: Thread[] = [];
  await byHand(['--dry-run', `--workers=${THREADS}`, '--max-rate=500', largeFolder(6000)], {
    onStart: ({ pid = 0 }) => {
      const look = setInterval(() => {
        const seen = threadsOf(pid);
        if (seen.filter(({ name }) => name === 'scan').length < THREADS - 1) return;
        threads = seen;
        clearInterval(look);
        process.kill(pid, 'SIGTERM');
      }, 50);
    },
  });
  expect(threads.length).toBeGreaterThan(THREADS);
  expect(threads.filter(({ nice }) => nice !== Math.max(10, getPriority()))).toEqual([]);
});
