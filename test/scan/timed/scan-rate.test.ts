/** `--max-rate`: what it promises holds for one thread and for several, and costs neither the event loop nor the end. */
import { linkSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { hostPlatform, systemClock } from '../../../src/host/platform/index.ts';
import { scanOnce } from '../scan-once.ts';
import { RateLimit, newRate } from '../../../src/scan/files/rate-limit.ts';

/** More files than one thread scans alone, and 24 MB in all. */
const FILES = 6000;
const SIZE = 4000;

let root: string;
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'rate-'));
  const first = join(root, 'first');
  writeFileSync(first, 'nothing of note\n'.repeat(SIZE / 16));
  for (let folder = 0; folder < 30; folder += 1) {
    mkdirSync(join(root, 'small', `${folder}`), { recursive: true });
    for (let n = 0; n < FILES / 30; n += 1) linkSync(first, join(root, 'small', `${folder}`, `${n}`));
  }
  writeFileSync(join(root, 'large'), 'nothing of note\n'.repeat(1_250_000));
});
afterAll(() => rmSync(root, { recursive: true }));

/** Scans a place, and says how long that took and how long the event loop was held at most, in milliseconds. */
async function scan(place: string, maxRate: number, workers: number, signal = new AbortController().signal) {
  let longest = 0;
  let last = performance.now();
  const beat = setInterval(() => {
    longest = Math.max(longest, performance.now() - last);
    last = performance.now();
  }, 5);
  const began = performance.now();
  const { coverage } = await scanOnce({ roots: [join(root, place)], maxRate, workers }, { signal });
  clearInterval(beat);
  return { coverage, longest, milliseconds: performance.now() - began };
}

/** Of the time that the promise asks for, what may be missing: the credit, and what the threads read last. */
const PROMISED = 0.9;

describe('a scan with a limit', () => {
  test.each([
    ['small', 1],
    ['small', 3],
    ['large', 1],
  ])('of %s files by %i threads takes the time it must, and little more', async (place, workers) => {
    const { coverage, milliseconds, longest } = await scan(place, 10, workers);
    expect(coverage.bytes).toBe(place === 'small' ? FILES * SIZE : 20_000_000);
    const due = coverage.bytes / 10_000;
    expect(milliseconds).toBeGreaterThan(due * PROMISED);
    expect(milliseconds).toBeLessThan(due * 2);
    // It waits without holding anybody up: what does hold is to load the rules, on a machine that is busy.
    expect(longest).toBeLessThan(1000);
  });

  test.each([1, 3])('by %i threads ends soon after the signal, however slow it is', async (workers) => {
    const stop = new AbortController();
    setTimeout(() => stop.abort('SIGTERM'), 300);
    const { coverage, milliseconds } = await scan('.', 0.1, workers, stop.signal);
    expect(milliseconds).toBeLessThan(1500);
    expect(coverage.unexamined['stopped-early']).toBeGreaterThan(0);
  });
});

test('workers that have joined end soon after the signal too', async () => {
  const stop = new AbortController();
  // Beyond 4000 files, after 2.7 seconds of four, there are three threads.
  setTimeout(() => stop.abort('SIGTERM'), 3300);
  const { coverage, milliseconds } = await scan('small', 6, 3, stop.signal);
  expect(coverage.files).toBeGreaterThan(4000);
  expect(coverage.unexamined['stopped-early']).toBeGreaterThan(0);
  expect(milliseconds).toBeLessThan(4300);
});

test('threads share one limit', () => {
  const rate = newRate(1);
  const fs = { ...hostPlatform({}).fs, read: () => 100_000 };
  const [first, second] = [new RateLimit(rate, systemClock), new RateLimit(rate, systemClock)];
  for (const limit of [first, second, first]) limit.meter(fs).read(0, Buffer.alloc(0), 0, 0);
  // Three tenths of a second, less the credit.
  for (const { debt } of [first, second]) {
    expect(debt).toBeGreaterThan(200);
    expect(debt).toBeLessThanOrEqual(300);
  }
});
