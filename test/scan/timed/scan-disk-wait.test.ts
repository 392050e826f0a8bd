/** A thread that waits is told from one that works, and the disk from what else a thread may wait for. */
import { closeSync, constants, mkdtempSync, openSync, readSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { systemClock } from '../../../src/host/platform/index.ts';
import { DiskWait } from '../../../src/scan/threads/disk-wait.ts';

const folder = mkdtempSync(join(tmpdir(), 'disk-wait-'));
/** Past the cache: such a read is one of the disk, whatever was read before. */
let descriptor: number | undefined;
/** Aligned as such a read wants it. */
const memory = new Uint8Array(new WebAssembly.Memory({ initial: 1 }).buffer);

beforeAll(() => {
  const path = join(folder, 'file');
  writeFileSync(path, Buffer.alloc(1 << 20, 'x'));
  try {
    descriptor = openSync(path, constants.O_RDONLY | constants.O_DIRECT);
  } catch (error) {
    process.stderr.write(`not tested: files here cannot be read past the cache: ${String(error)}\n`);
  }
});
afterAll(() => {
  if (descriptor !== undefined) closeSync(descriptor);
  rmSync(folder, { recursive: true });
});

const wait = () => void Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 300);
const work = () => {
  for (const ends = performance.now() + 300; performance.now() < ends;);
};
const read = () => void (descriptor !== undefined && readSync(descriptor, memory, 0, 65_536, 0));

test('waiting for the disk is told from waiting for something else, and from work', () => {
  const diskWait = new DiskWait(systemClock);
  expect(diskWait.isLong).toBe(false);
  wait();
  expect(diskWait.isLong).toBe(false);
  if (descriptor === undefined) return;
  read();
  wait();
  expect(diskWait.isLong).toBe(true);
  expect(diskWait.isLong).toBe(false);
  read();
  wait();
  diskWait.begin();
  expect(diskWait.isLong).toBe(false);
});

test('a thread that works does not wait for the disk, whatever it read', () => {
  const diskWait = new DiskWait(systemClock);
  const began = process.threadCpuUsage().user;
  read();
  work();
  // A busy machine may keep this thread off the processor; then there is nothing to tell.
  const isBusy = process.threadCpuUsage().user - began < 150_000;
  if (isBusy) process.stderr.write('not tested: this machine is too busy\n');
  else expect(diskWait.isLong).toBe(false);
});
