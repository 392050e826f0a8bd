/** Work that comes of one file - describing it, keeping what was found in it - is charged to no other file's time. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '../../../src/host/platform/clock.ts';
import { nodeFileSystem } from '../../../src/host/platform/file-system.ts';
import { CoverageRecorder } from '../../../src/scan/model/coverage.ts';
import { createDetector } from '../../../src/scan/detect/create-detector.ts';
import { FileScanner } from '../../../src/scan/files/file-scanner.ts';
import { Scheduler } from '../../../src/scan/files/scheduler.ts';
import { TextBudget } from '../../../src/scan/files/work-budget.ts';
import { plantable } from '../../../fixtures/tokens.ts';

/** Milliseconds that each detection, and each end of a file, takes to hand on: longer than any file may take. */
const LONG = 10_000;
const line = `${plantable('github-classic-token')}\n`;
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'handing-on-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test.each([
  ['in a batch', [20, 1000, 1000, 1]],
  ['on their own', [20, 34_000, 1]],
])('files %s have the time of their own alone', async (_, lines) => {
  let time = 0;
  const coverage = new CoverageRecorder(
    () => undefined,
    (text) => text,
  );
  const found = new Map<string, number>();
  const ended: string[] = [];
  const isCancelled = () => false;
  const report = () => undefined;
  const scanner = new FileScanner({
    fs: nodeFileSystem,
    os: 'linux',
    detector: createDetector(Buffer.alloc(32, 1), 0),
    coverage,
    openBinary: undefined,
    scheduler: new Scheduler({
      clock: systemClock,
      isCancelled,
      limit: undefined,
      reportIntervalMs: Infinity,
      report,
    }),
    onDetection: (path) => {
      time += LONG;
      found.set(path, (found.get(path) ?? 0) + 1);
    },
    onEnd: (path) => {
      time += LONG;
      ended.push(path);
    },
    budget: new TextBudget({ cpuTime: () => time }),
  });
  const paths = lines.map((count, index) => {
    const path = join(folder, `${index}`);
    writeFileSync(path, line.repeat(count));
    return path;
  });
  for (const [index, path] of paths.entries()) {
    await scanner.scan({ kind: 'file', path, name: `${index}`, parent: folder, folder: undefined });
  }
  scanner.flush();
  expect(coverage.outcome().gaps).toEqual([]);
  expect(ended).toEqual(paths);
  expect(paths.map((path) => found.get(path))).toEqual(lines);
});
