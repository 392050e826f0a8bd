/** When a container has cost enough: by bytes, entries, ratio and time. */
import { expect, test } from '@jest/globals';
import { ContainerBudget } from '../../../src/scan/containers/container-budget.ts';

const MB = 1024 * 1024;
let milliseconds = 0;

function budget(of: { maxBytes?: number; fileSize?: number } = {}): ContainerBudget {
  milliseconds = 0;
  const { maxBytes = 1e9, fileSize } = of;
  return new ContainerBudget({ maxBytes, fileSize, isCancelled: () => false, cpuTime: () => milliseconds });
}

test('bytes count by level, since what is decoded in one is decoded again in the next', () => {
  const limited = budget({ maxBytes: 10 * MB });
  for (const level of [1, 2, 3]) limited.decoded(10 * MB, level);
  expect(limited.isSpent).toBe(false);
  limited.decoded(1, 2);
  expect(limited.isSpent).toBe(true);
});

test('the ratio counts from a number of bytes on, and not where the size is unknown', () => {
  const bomb = budget({ fileSize: 1000 });
  bomb.decoded(32 * MB, 1);
  expect(bomb.isSpent).toBe(false);
  bomb.decoded(1, 1);
  expect(bomb.isSpent).toBe(true);
  const stream = budget();
  stream.decoded(100 * MB, 1);
  expect(stream.isSpent).toBe(false);
});

test('a million empty files are too many, and time is limited by what was done in it', () => {
  const many = budget();
  for (let entry = 0; entry < 500_000; entry += 1) many.entry();
  expect(many.isSpent).toBe(false);
  many.entry();
  expect(many.isSpent).toBe(true);
  const slow = budget();
  slow.decoded(MB, 1);
  // The clock is not read by each check.
  const isSpent = () => Array.from({ length: 16 }, () => slow.isSpent).at(-1);
  milliseconds = 3000;
  expect(isSpent()).toBe(false);
  milliseconds = 4000;
  expect(isSpent()).toBe(true);
});

test('memory is returned', () => {
  const { memoryBytes } = budget();
  const held = budget();
  expect(held.reserve(memoryBytes)).toBe(true);
  expect(held.reserve(1)).toBe(false);
  held.release(memoryBytes);
  expect(held.memoryBytes).toBe(memoryBytes);
});
