import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';

const state = mkdtempSync(join(tmpdir(), 'disk-space-'));
afterAll(() => rmSync(state, { recursive: true }));

test('each change is announced once, and the exit code says what holds now', () => {
  const args = ['examples/disk-space/main.ts', '--standalone', '--state-dir', state, '/'];
  const run = (minimum: number) => {
    const ended = spawnSync(process.execPath, [...args, `--minimum=${minimum}`], { encoding: 'utf8' });
    return [ended.status, ...(ended.stdout.match(/disk\.\w+/g) ?? [])];
  };
  expect(run(99)).toEqual([10, 'disk.low']);
  expect(run(99)).toEqual([10]);
  expect([run(1), run(1)]).toEqual([[0, 'disk.recovered'], [0]]);
});
