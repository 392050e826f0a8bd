/** A mount that never answers: the rest is scanned, the gap is reported, and the run ends when it must. */
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { SilentMount, silentMountNeeds } from '../../host/silent-mount.ts';
import { describeWith } from '../../tool.ts';
import { byHand, cleanUp, fromSource, newFolder } from '../scanner-under-test.ts';

/** Milliseconds until the program is at work. */
const STARTED = fromSource ? 6000 : 2500;

let silent: SilentMount;
let mount: string;
let local: string;

async function mounted(): Promise<void> {
  const folder = newFolder('mount');
  silent = await SilentMount.in(folder);
  ({ mount } = silent);
  local = join(folder, 'local');
  mkdirSync(local);
  writeFileSync(join(silent.source, 'far.ini'), 'password = "Vq1sxK9mTz41"\n');
  writeFileSync(join(local, 'near.ini'), 'password = "Vq2sxK9mTz42"\n');
}

async function unmounted(): Promise<void> {
  silent.unmount();
  await cleanUp();
}

describeWith(...silentMountNeeds)('a mount that never answers', () => {
  beforeEach(mounted);
  afterEach(unmounted);
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
    silent.stop();
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
    silent.stop();
    const limit = `--max-duration=${Math.ceil(STARTED / 1000)}s`;
    const { code, stdout } = await byHand([limit, ...args()]);
    expect(code).toBe(11);
    expect(stdout).toContain('unexamined=not-answering:1');
    expect(stdout.match(/"event":"scan.finding"/g)).toHaveLength(1);
    expect(stdout).not.toContain('scan.finding-resolved');
    silent.resume();
    const { code: next, stdout: said } = await byHand(args());
    expect(next).toBe(0);
    expect(said).not.toMatch(/"event":"scan.finding/);
  });

  test('its thread detects whether it exists', async () => {
    expect((await byHand(['--dry-run', join(mount, 'no-such-folder')])).code).toBe(66);
    const alsoMissing = ['--dry-run', '--strict', join(mount, 'no-such-folder'), local];
    expect((await byHand(alsoMissing)).code).toBe(66);
    expect((await byHand([...alsoMissing, '--allow-missing-roots'])).code).toBe(11);
    const { stdout } = await byHand(['--dry-run', join(mount, 'far.ini')]);
    expect(stdout).toContain('far.ini');
  });
});

describeWith(...silentMountNeeds)('an own file on a mount that never answers', () => {
  beforeEach(mounted);
  afterEach(unmounted);

  const inputs = ['rules', 'fingerprint-key'];
  const state = () => `--state-dir=${join(local, '..', 'state')}`;
  /** Arguments, the exit code after SIGTERM, and what the one line begins with; the line is a record or on standard error. */
  const cases: [string, () => string[], number, string][] = [
    ...inputs.map((name): [string, () => string[], number, string] => [
      `--${name}`,
      () => [state(), `--${name}=${join(mount, 'far.ini')}`],
      78,
      `--${name}`,
    ]),
    ['--rules through a link', () => [state(), `--rules=${linkTo('far.ini')}`], 78, '--rules'],
    ['extend.path', () => [state(), `--rules=${extending()}`], 78, '--rules'],
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
    await silent.stopForgotten();
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
    const lines = `${stdout}\n${stderr}`.split('\n').filter((line) => line.includes('is not responding'));
    const shown = lines.filter((line) => !line.startsWith('{') || expected === 78);
    expect(shown).toHaveLength(1);
    expect(shown[0]).toContain(named);
    expect(shown[0]).toMatch(/ is on a file system that is not responding \(fuse\S* at \/\S+\/mount\); \S/);
  });
});
