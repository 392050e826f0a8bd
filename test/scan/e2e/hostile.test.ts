/** Files that are made to cost memory or time, scanned by the program as it is shipped. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { afterAll, expect } from '@jest/globals';
import { planted } from '../../../fixtures/tokens.ts';
import { linux, testWith } from '../../tool.ts';
import { byHand, cleanUp, newFolder, packed, peakMemoryOf } from '../scanner-under-test.ts';

afterAll(cleanUp);

/** Megabytes of resident memory that no input may exceed. */
const MOST_MEMORY = 200;
const MEGABYTE = 1024 * 1024;
/** Milliseconds from a signal to the end. */
const LONGEST_END = 2000;

const onLinux = testWith(linux, packed);

/** Runs the program, and returns the peak of its resident memory in megabytes with how it ended. */
async function measured(path: string): Promise<{ peak: number; code: number | null }> {
  let peak = 0;
  let look: NodeJS.Timeout | undefined;
  const { code } = await byHand(['--dry-run', path], {
    onStart: ({ pid }) => {
      look = setInterval(() => {
        peak = Math.max(peak, peakMemoryOf(pid) / MEGABYTE);
      }, 20);
    },
  });
  clearInterval(look);
  return { peak, code };
}

const large: Readonly<Record<string, () => Buffer>> = {
  'one letter': () => Buffer.alloc(10 * MEGABYTE, 'A'),
  'a blank image in base64': () => Buffer.from(Buffer.alloc(7 * MEGABYTE).toString('base64')),
  'many short strings': () => Buffer.alloc(5 * MEGABYTE, '"a" "b" token="x1" '),
  'many findings': () => Buffer.alloc(5 * MEGABYTE, 'password="a1b2C3d4"\n'),
};

onLinux.each(Object.keys(large))('%s takes a bounded amount of memory', async (name) => {
  const path = join(newFolder('large'), 'file.txt');
  writeFileSync(path, large[name]?.() ?? '');
  const { peak, code } = await measured(path);
  expect(code).toBe(0);
  expect(peak).toBeGreaterThan(10);
  expect(peak).toBeLessThan(MOST_MEMORY);
});

const whenPacked = testWith(packed);

whenPacked('what lies beyond the time of a file is reported as not scanned', async () => {
  const path = join(newFolder('slow'), 'file.txt');
  // Each of these passwords is tried with a function that is made to be slow.
  writeFileSync(path, Buffer.alloc(3 * MEGABYTE, `${planted('mremoteng-password')}\n`));
  const { code, stdout } = await byHand([
    '--standalone',
    '--strict',
    `--state-dir=${join(newFolder(), 'state')}`,
    path,
  ]);
  expect(code).toBe(11);
  expect(stdout).toContain('"too-slow":1');
  expect(stdout).toContain('"scan.finding"');
});

whenPacked('a signal ends the scan of a file at once', async () => {
  const path = join(newFolder('slow'), 'file.txt');
  writeFileSync(path, Buffer.alloc(60 * MEGABYTE, 'A'));
  let signalled = 0;
  const { code } = await byHand(['--dry-run', path], {
    onStart: (child) => {
      void setTimeout(1500).then(() => {
        signalled = performance.now();
        child.kill('SIGTERM');
      });
    },
  });
  expect(code).toBe(143);
  expect(performance.now() - signalled).toBeLessThan(LONGEST_END);
});
