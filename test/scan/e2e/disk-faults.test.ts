/**
 * Every call to the system that writes the state or the report fails in turn, as on a full, broken or read-only disk: the run
 * says so, ends with its code, and the next one announces what is missing, and nothing twice.
 */
import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from '@jest/globals';
import { readReport } from '../../../src/scan/report/index.ts';
import { byHand, cleanUp, command, fromSource, newFolder } from '../scanner-under-test.ts';

afterEach(cleanUp);

const FILES = 60;
const hasStrace = process.platform === 'linux' && spawnSync('strace', ['-V']).status === 0;

function newTree(): string {
  const tree = newFolder('faults');
  mkdirSync(join(tree, 'many'));
  for (let n = 0; n < FILES; n += 1) {
    writeFileSync(join(tree, 'many', `${n}.ini`), `password = "Vq${n}sxK9mTz4${n}"\n`);
  }
  return tree;
}

/** Fingerprints of announced findings, by the id of their record. */
function announcedIn(...outputs: readonly string[]): Map<string, string> {
  const lines = outputs.flatMap((output) => output.split('\n').filter((line) => line !== ''));
  const records = lines.map((line): { id: string; event: string; data: { fingerprint: string } } =>
    JSON.parse(line),
  );
  return new Map(
    records
      .filter(({ event }) => event === 'scan.finding')
      .map(({ id, data }) => [id, data.fingerprint] as const),
  );
}

/** Runs the program while calls of the system on files of one folder fail. */
function withFaults(faults: string, folder: string, args: readonly string[]) {
  const calls = ['-f', '-qqq', '-o', '/dev/null', '-P', folder];
  for (const name of files) calls.push('-P', join(folder, name));
  const child = spawn('strace', [...calls, '-e', `inject=${faults}`, ...command, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: 50_000,
    killSignal: 'SIGKILL',
  });
  const said = { stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => (said.stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said.stderr += text));
  return new Promise<{ code: number | null; stdout: string; stderr: string }>((done) => {
    child.on('close', (code) => done({ code, ...said }));
  });
}

const files = [
  'state.db',
  'state.db-wal',
  'state.db-shm',
  'run.lock',
  'run.holder',
  'files.index',
  'fingerprint.key',
  'fingerprint.key.new',
  'fingerprint.key.copy',
  'fingerprint.key.copy.new',
];

const writes = 'write,pwrite64,pwritev,writev';
const syncs = 'fsync,fdatasync';
const names = 'rename,renameat,renameat2,unlink,unlinkat,mkdir,mkdirat';

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
(hasStrace && !fromSource ? describe : describe.skip)('a disk that fails', () => {
  test.each(faults)('%s: %s, %s', async (calls, error, when) => {
    const tree = newTree();
    const state = join(newFolder(), 'state');
    mkdirSync(state, { mode: 0o700 });
    const report = join(tree, 'r.json');
    const args = ['--standalone', `--state-dir=${state}`, `--report=${report}`, join(tree, 'many')];
    const failed = await withFaults(`${calls}:error=${error}:when=${when}`, state, args);
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

(process.platform === 'linux' && !fromSource ? test : test.skip)(
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
