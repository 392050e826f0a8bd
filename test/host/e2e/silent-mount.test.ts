/** An own file on a mount that never answers: the run says so in one line, and ends when it must. */
import { existsSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { describeWith } from '../../tool.ts';
import { byHand, cleanUp, fromSource, newFolder } from '../probe-under-test.ts';
import { SilentMount, silentMountNeeds } from '../silent-mount.ts';

/** Milliseconds until the program is at work. */
const STARTED = fromSource ? 4000 : 1500;

describeWith(...silentMountNeeds)('an own file on a mount that never answers', () => {
  let folder: string;
  let silent: SilentMount;
  beforeEach(async () => {
    folder = newFolder('mount');
    silent = await SilentMount.in(folder);
    writeFileSync(join(silent.source, 'far.json'), '{}');
  });
  afterEach(async () => {
    silent.unmount();
    await cleanUp();
  });

  const state = () => `--state-dir=${join(folder, 'state')}`;
  const far = () => join(silent.mount, 'far.json');
  /** Arguments, the exit code after SIGTERM, and what the one line begins with; the line is a record or on standard error. */
  const cases: [string, () => string[], number, string][] = [
    ['--config', () => [state(), `--config=${far()}`], 78, 'the configuration file'],
    ['--input', () => [state(), `--input=${far()}`], 78, '--input'],
    ['--input through a link', () => [state(), `--input=${linkTo('far.json')}`], 78, '--input'],
    ['--state-dir', () => [`--state-dir=${join(silent.mount, 'state')}`], 143, 'the state directory'],
    [
      '--report',
      () => [state(), `--report=${join(silent.mount, 'r.json')}`],
      143,
      'the folder of the report',
    ],
  ];

  function linkTo(name: string): string {
    const link = join(folder, 'link');
    symlinkSync('mount', link);
    return join(link, name);
  }

  test.each(cases)('%s: SIGTERM ends the run within two seconds', async (_, args, expected, named) => {
    const given = args();
    await silent.stopForgotten();
    let signalled = 0;
    const { code, stdout, stderr } = await byHand(['--standalone', ...given], {
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

  test('is given up after ten seconds without a signal, and --max-duration ends it before', async () => {
    silent.stop();
    const args = ['--standalone', state(), `--input=${far()}`];
    let began = performance.now();
    expect((await byHand(args)).code).toBe(78);
    expect(performance.now() - began).toBeGreaterThan(9000);
    began = performance.now();
    expect((await byHand(['--max-duration=2s', ...args])).code).toBe(78);
    expect(performance.now() - began).toBeLessThan(4000 + STARTED);
  });

  test('stops while the run is at work: the report is given up', async () => {
    let signalled = 0;
    const { code, stderr } = await byHand(
      ['--standalone', '--work=60000ms', state(), `--report=${join(silent.mount, 'r.json')}`],
      {
        onStart: (child) => {
          setTimeout(() => silent.stop(), STARTED);
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

  test.each([
    ['deploy', () => ['deploy', 'a.tar.gz']],
    ['uninstall', () => ['uninstall']],
    ['doctor', () => ['doctor', state()]],
    ['a run', () => [state(), '--keeper-api-base={KeeperApiBaseUrl}']],
  ] as const)("%s: the agent's root is given up after ten seconds", async (_, args) => {
    mkdirSync(join(silent.source, 'Jobs'));
    await silent.stopForgotten();
    const { code, stdout, stderr } = await byHand([...args(), `--agent-root=${silent.mount}`], {
      env: { KEEPER_JOB_ID: 'probe' },
    });
    expect(`${stdout}${stderr}`).toMatch(
      new RegExp(`--agent-root ${silent.mount} is on a file system that is not`),
    );
    expect(code).toBe(78);
  });

  test('is used like any other while it answers', async () => {
    const report = join(silent.mount, 'r.json');
    const { code, stderr } = await byHand([
      '--standalone',
      `--state-dir=${join(silent.mount, 'state')}`,
      `--report=${report}`,
      '--store=1',
    ]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(existsSync(report)).toBe(true);
  });
});
