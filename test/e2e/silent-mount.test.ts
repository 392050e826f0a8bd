/** A mount that never answers: the rest is scanned, the gap is reported, and the run ends when it must. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { byHand, cleanUp, fromSource, newFolder } from './task-under-test.ts';

/** Needs FUSE, and a file system of it to stop. */
const canMount =
  process.getuid?.() === 0 && existsSync('/dev/fuse') && spawnSync('bindfs', ['--version']).status === 0;
/** Milliseconds until the program is at work. */
const STARTED = fromSource ? 6000 : 2500;

let mount: string;
let local: string;
let daemon: ChildProcess;

async function mounted(): Promise<void> {
  const folder = newFolder('mount');
  [mount, local] = [join(folder, 'mount'), join(folder, 'local')];
  for (const path of [mount, local, join(folder, 'source')]) mkdirSync(path);
  writeFileSync(join(folder, 'source', 'far.ini'), 'password = "Vq1sxK9mTz41"\n');
  writeFileSync(join(local, 'near.ini'), 'password = "Vq2sxK9mTz42"\n');
  daemon = spawn('bindfs', ['-f', join(folder, 'source'), mount], { stdio: 'ignore' });
  while (spawnSync('mountpoint', ['-q', mount]).status !== 0) await sleep(50);
}

afterEach(async () => {
  daemon.kill('SIGCONT');
  spawnSync('umount', ['-l', mount]);
  daemon.kill();
  await cleanUp();
});

(canMount ? describe : describe.skip)('a mount that never answers', () => {
  beforeEach(mounted);
  const args = () => ['--standalone', '--strict', `--state-dir=${join(local, '..', 'state')}`, mount, local];

  test('is scanned like any other while it answers', async () => {
    const { code, stdout } = await byHand(args());
    expect(code).toBe(0);
    expect(stdout.match(/"event":"scan.finding"/g)).toHaveLength(2);
  });

  test.each([
    ['SIGTERM', 143],
    ['SIGINT', 130],
  ] as const)('lets %s end the run within two seconds', async (signal, expected) => {
    daemon.kill('SIGSTOP');
    let signalled = 0;
    const { code, stdout } = await byHand(args(), {
      onStart: (child) =>
        void setTimeout(() => {
          signalled = performance.now();
          child.kill(signal);
        }, STARTED),
    });
    expect(performance.now() - signalled).toBeLessThan(2000);
    expect(code).toBe(expected);
    expect(stdout).toContain('unexamined=not-answering:1');
    expect(stdout).toContain('"event":"run.ended"');
  });

  test('lets --max-duration end the run, with everything else scanned and nothing resolved', async () => {
    await byHand(args());
    writeFileSync(join(local, 'new.ini'), 'password = "Vq3sxK9mTz43"\n');
    daemon.kill('SIGSTOP');
    const limit = `--max-duration=${Math.ceil(STARTED / 1000)}s`;
    const { code, stdout } = await byHand([limit, ...args()]);
    expect(code).toBe(11);
    expect(stdout).toContain('unexamined=not-answering:1');
    expect(stdout.match(/"event":"scan.finding"/g)).toHaveLength(1);
    expect(stdout).not.toContain('scan.finding-resolved');
    daemon.kill('SIGCONT');
    const { code: next, stdout: said } = await byHand(args());
    expect(next).toBe(0);
    expect(said).not.toMatch(/"event":"scan.finding/);
  });

  test('is missing or there, as its thread finds out', async () => {
    expect((await byHand(['--dry-run', join(mount, 'no-such-folder')])).code).toBe(66);
    expect((await byHand(['--dry-run', '--strict', join(mount, 'no-such-folder'), local])).code).toBe(11);
    const { stdout } = await byHand(['--dry-run', join(mount, 'far.ini')]);
    expect(stdout).toContain('far.ini');
  });
});
