/**
 * Every call to the system that writes the state or the report fails in turn, as on a full, broken or read-only disk: the run
 * says so, ends with its code, and the next one announces what is missing, and nothing twice.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from '@jest/globals';
import { describeWith, linux, installed } from '../../tool.ts';
import {
  byHand,
  cleanUp,
  command,
  newFolder,
  packed,
  readProbeReport,
  recordsIn,
} from '../probe-under-test.ts';
import { diskCalls, withFailingCalls } from '../failing-calls.ts';

afterEach(cleanUp);

const ITEMS = 60;
const { writes, syncs, names } = diskCalls;

/** Numbers of announced items, by the id of their record. */
function announcedIn(...outputs: readonly string[]): Map<string, unknown> {
  const items = outputs.flatMap(recordsIn).filter(({ event }) => event === 'probe.item');
  return new Map(items.map(({ id, data }) => [id, data['number']] as const));
}

const files = ['state.db', 'state.db-wal', 'state.db-shm', 'run.lock', 'run.holder'];

/** Calls, the error, and which of them fail; the first run of a state directory, and a later one. */
const faults: readonly (readonly [calls: string, error: string, when: string])[] = [
  ...['ENOSPC', 'EIO', 'EDQUOT', 'EROFS'].map((error) => [writes, error, '1+'] as const),
  ...[2, 4, 8, 16, 32, 64, 128].map((when) => [writes, 'ENOSPC', `${when}+`] as const),
  ...[1, 3, 9, 27, 81].map((when) => [writes, 'EIO', String(when)] as const),
  [syncs, 'EIO', '1+'],
  [syncs, 'ENOSPC', '2'],
  ['ftruncate', 'ENOSPC', '1+'],
  ['ftruncate,fallocate', 'EIO', '2'],
  [names, 'EROFS', '1+'],
  [names, 'ENOSPC', '1'],
  ['openat', 'EMFILE', '1+'],
  ['openat', 'EMFILE', '3+'],
  ['openat', 'ENFILE', '6'],
  ['openat', 'EROFS', '2+'],
  ['pread64,read', 'EIO', '1+'],
  ['pread64', 'EIO', '5+'],
];

// The sources read their own files meanwhile, which takes long under strace.
describeWith(
  linux,
  packed,
  installed('strace'),
)('a disk that fails', () => {
  test.each(faults)('%s: %s, %s', async (calls, error, when) => {
    const folder = newFolder('faults');
    const state = join(folder, 'state');
    mkdirSync(state, { mode: 0o700 });
    const report = join(folder, 'r.json');
    const args = ['--standalone', `--state-dir=${state}`, `--report=${report}`, `--store=${ITEMS}`];
    const fault = { calls, error, when, folder: state, files };
    const failed = await withFailingCalls(fault, [...command, ...args]);
    // A call that is not made cannot fail: where the folder of the state is there, nothing is renamed.
    expect([0, 73]).toContain(failed.code);
    if (when === '1+' && calls !== names) expect(failed.code).toBe(73);
    if (failed.code === 73) {
      expect(failed.stderr).toMatch(/^probe: .*\/state.*: .+/m);
      expect(failed.stderr).not.toMatch(/\bat .*\(|node:internal/);
      expect(failed.stdout).toMatch(/"event":"run.(state-)?failed"/);
      expect(failed.stdout).toMatch(/"event":"run.ended"/);
    }
    const healthy = await byHand(args);
    expect({ code: healthy.code, stderr: healthy.stderr }).toEqual({ code: 0, stderr: '' });
    const announced = announcedIn(failed.stdout, healthy.stdout);
    expect(announced.size).toBe(ITEMS);
    expect(new Set(announced.values()).size).toBe(ITEMS);
    expect(announcedIn((await byHand(args)).stdout).size).toBe(0);
    expect(readProbeReport(report).known).toBe(ITEMS);
  });
});
