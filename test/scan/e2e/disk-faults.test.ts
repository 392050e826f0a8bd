/**
 * Calls to the system that write the scanner's own files of the state fail, as on a full, broken or read-only disk: the run
 * says so, ends with its code, and the next one announces what is missing, and nothing twice.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from '@jest/globals';
import { readReport } from '../../../src/scan/report/index.ts';
import { diskCalls, withFailingCalls } from '../../host/failing-calls.ts';
import { describeWith, linux, installed, testWith } from '../../tool.ts';
import { byHand, cleanUp, command, newFolder, packed, recordsIn } from '../scanner-under-test.ts';

afterEach(cleanUp);

const FILES = 60;

function newTree(): string {
  const tree = newFolder('faults');
  mkdirSync(join(tree, 'many'));
  for (let n = 0; n < FILES; n += 1) {
    writeFileSync(join(tree, 'many', `${n}.ini`), `password = "Vq${n}sxK9mTz4${n}"\n`);
  }
  return tree;
}

/** Fingerprints of announced findings, by the id of their record. */
function announcedIn(...outputs: readonly string[]): Map<string, unknown> {
  const findings = outputs.flatMap(recordsIn).filter(({ event }) => event === 'scan.finding');
  return new Map(findings.map(({ id, data }) => [id, data['fingerprint']] as const));
}

/** Of the scanner; those of the host are in its own test. */
const files = [
  'files.index',
  'fingerprint.key',
  'fingerprint.key.new',
  'fingerprint.key.copy',
  'fingerprint.key.copy.new',
];

const { writes, syncs, names } = diskCalls;

/** Calls, the error, and which of them fail. */
const faults: readonly (readonly [calls: string, error: string, when: string])[] = [
  ...['ENOSPC', 'EIO', 'EROFS'].map((error) => [writes, error, '1+'] as const),
  ...[2, 3].map((when) => [writes, 'ENOSPC', `${when}+`] as const),
  [writes, 'EIO', '2'],
  [syncs, 'EIO', '1+'],
  ['ftruncate,fallocate', 'EIO', '1+'],
  [names, 'EROFS', '1+'],
  [names, 'ENOSPC', '1'],
  ['openat', 'EMFILE', '3+'],
  ['openat', 'EROFS', '2+'],
  ['pread64,read', 'EIO', '1'],
];

// The sources read their own files meanwhile, which takes long under strace.
describeWith(
  linux,
  packed,
  installed('strace'),
)('a disk that fails', () => {
  test.each(faults)('%s: %s, %s', async (calls, error, when) => {
    const tree = newTree();
    const state = join(newFolder(), 'state');
    mkdirSync(state, { mode: 0o700 });
    const report = join(tree, 'r.json');
    const args = ['--standalone', `--state-dir=${state}`, `--report=${report}`, join(tree, 'many')];
    const fault = { calls, error, when, folder: state, files };
    const failed = await withFailingCalls(fault, [...command, ...args]);
    // A call that is not made cannot fail.
    expect([0, 73]).toContain(failed.code);
    if (when === '1+') expect(failed.code).toBe(73);
    if (failed.code === 73) {
      expect(failed.stderr).toMatch(/^secrets-scan: .*\/state.*: .+/m);
      expect(failed.stderr).not.toMatch(/\bat .*\(|node:internal/);
      expect(failed.stdout).toMatch(/"event":"run.(state-)?failed"/);
      expect(failed.stdout).toMatch(/"event":"run.ended"/);
    }
    const healthy = await byHand(args);
    expect({ code: healthy.code, stderr: healthy.stderr }).toEqual({ code: 0, stderr: '' });
    const announced = announcedIn(failed.stdout, healthy.stdout);
    expect(announced.size).toBe(FILES);
    expect(new Set(announced.values()).size).toBe(FILES);
    expect((await readReport(report)).outcome.findings).toHaveLength(FILES);
    expect(announcedIn((await byHand(args)).stdout).size).toBe(0);
  });
});

testWith(linux, packed)(
  'files that cannot be opened for the limit of the process are gaps, and the run ends as usual',
  async () => {
    const tree = newTree();
    for (let n = 0; n < FILES; n += 1) {
      writeFileSync(join(tree, 'many', `slow-${n}.txt`), 'nothing of note\n'.repeat(1000));
    }
    const args = ['--standalone', '--strict', '--max-rate=0.2', '--workers=1'];
    const { code, stdout, stderr } = await byHand(
      [...args, `--state-dir=${join(newFolder(), 'state')}`, join(tree, 'many')],
      {
        onStart: (child) =>
          void setTimeout(() => spawnSync('prlimit', [`--pid=${child.pid}`, '--nofile=5:5']), 2000),
      },
    );
    expect({ code, stderr }).toEqual({ code: 11, stderr: '' });
    expect(stdout).toMatch(/unexamined=too-many-open-files:\d+/);
    expect(stdout).toContain('"event":"run.ended"');
  },
);
