/** A mount that never answers: the rest is scanned, the gap is reported, and the run ends when it must. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { byHand, cleanUp, fromSource, newFolder } from '../scanner-under-test.ts';

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

(canMount ? describe : describe.skip)('an own file on a mount that never answers', () => {
  beforeEach(mounted);

  const inputs = ['rules', 'baseline', 'ignore-list', 'fingerprint-key'];
  const state = () => `--state-dir=${join(local, '..', 'state')}`;
  /** Arguments, the exit code after SIGTERM, and what the one line begins with; the line is a record or on standard error. */
  const cases: [string, () => string[], number, string][] = [
    ...inputs.map((name): [string, () => string[], number, string] => [
      `--${name}`,
      () => [state(), `--${name}=${join(mount, 'far.ini')}`],
      78,
      `--${name}`,
    ]),
    ['--config', () => [state(), `--config=${join(mount, 'far.ini')}`], 78, 'the configuration file'],
    ['--rules through a link', () => [state(), `--rules=${linkTo('far.ini')}`], 78, '--rules'],
    ['extend.path', () => [state(), `--rules=${extending()}`], 78, '--rules'],
    ['--state-dir', () => [`--state-dir=${join(mount, 'state')}`], 143, 'the state directory'],
    ['--report', () => [state(), `--report=${join(mount, 'r.json')}`], 143, 'the folder of the report'],
  ];

  function linkTo(name: string): string {
    const link = join(local, '..', 'link');
    symlinkSync('mount', link);
    return join(link, name);
  }

  function extending(): string {
    const file = join(local, '..', 'rules.toml');
    writeFileSync(file, `[extend]\npath = "${join(mount, 'far.ini')}"\n`);
    return file;
  }

  test.each(cases)('%s: SIGTERM ends the run within two seconds', async (_, args, expected, named) => {
    const given = args();
    // What the kernel remembers of it has its time.
    await sleep(1500);
    daemon.kill('SIGSTOP');
    let signalled = 0;
    const { code, stdout, stderr } = await byHand(['--standalone', ...given, local], {
      onStart: (child) =>
        void setTimeout(() => {
          signalled = performance.now();
          child.kill('SIGTERM');
        }, STARTED),
    });
    expect(signalled).toBeGreaterThan(0);
    expect(performance.now() - signalled).toBeLessThan(2000);
    expect(code).toBe(expected);
    const lines = `${stdout}\n${stderr}`.split('\n').filter((line) => line.includes('does not answer'));
    const shown = lines.filter((line) => !line.startsWith('{') || expected === 78);
    expect(shown).toHaveLength(1);
    expect(shown[0]).toContain(named);
    expect(shown[0]).toMatch(/ is on a file system that does not answer \(fuse\S* at \/\S+\/mount\); \S/);
  });

  test('is given up after ten seconds without a signal, and --max-duration ends it before', async () => {
    daemon.kill('SIGSTOP');
    const args = ['--standalone', state(), `--rules=${join(mount, 'far.ini')}`, local];
    let began = performance.now();
    expect((await byHand(args)).code).toBe(78);
    expect(performance.now() - began).toBeGreaterThan(9000);
    began = performance.now();
    expect((await byHand(['--max-duration=2s', ...args])).code).toBe(78);
    expect(performance.now() - began).toBeLessThan(4000 + STARTED);
  });

  test('stops while the run is at work: the report is given up', async () => {
    const rate = '--max-rate=1';
    writeFileSync(join(local, 'large.txt'), 'lorem ipsum token dolor sit amet\n'.repeat(300_000));
    let signalled = 0;
    const { code, stderr } = await byHand(
      ['--standalone', rate, state(), `--report=${join(mount, 'r.json')}`, local],
      {
        onStart: (child) => {
          setTimeout(() => daemon.kill('SIGSTOP'), STARTED);
          setTimeout(() => {
            signalled = performance.now();
            child.kill('SIGTERM');
          }, STARTED + 1500);
        },
      },
    );
    expect(performance.now() - signalled).toBeLessThan(2000);
    expect(code).toBe(143);
    expect(stderr).toContain('the folder of the report');
  });

  test('is used like any other while it answers', async () => {
    const report = join(mount, 'r.json');
    const { code, stderr } = await byHand([
      '--standalone',
      `--state-dir=${join(mount, 'state')}`,
      `--report=${report}`,
      local,
    ]);
    expect(stderr).toBe('');
    expect(code).toBe(0);
    expect(existsSync(report)).toBe(true);
  });
});
