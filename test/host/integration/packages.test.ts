/**
 * Packages as an administrator uses them: installed, upgraded and removed by the package managers themselves, in a root of their own. The
 * executable is a stand-in; `release.test.ts` checks the packages with the real one.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, jest } from '@jest/globals';
import { writeArchive } from '../../../build/release/archive.ts';
import { archiveName } from '../../../build/release/build-targets.ts';
import { contentsOf } from '../../../build/release/contents.ts';
import {
  type PackageKind,
  factsOf,
  packageContents,
  packers,
} from '../../../build/release/packages/index.ts';
import { manualPage } from '../../../build/release/packages/manual.ts';
import { targets } from '../../../build/targets.ts';
import { loadTask, taskBuild } from '../../../build/task.ts';
import type { Task } from '../../../src/host/task/task.ts';
import type { TaskBuild } from '../../../src/host/task/task-build.ts';
import { file, installed, posix, rootUser, testWith } from '../../tool.ts';

// Wine needs a while to make its registry.
jest.setTimeout(180_000);

const { name: program, title, jobTemplates } = taskBuild;
const { documents = [] }: Pick<TaskBuild, 'documents'> = taskBuild;
const TIME = new Date('2026-01-02T03:04:06Z');
const JOBS = readdirSync(jobTemplates);
const folder = mkdtempSync(join(tmpdir(), 'packages-'));
afterAll(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));

let task: Task;
beforeAll(async () => {
  task = await loadTask();
});

/** Packs a program that prints its version. Returns the path of the package. */
async function packed(kind: PackageKind, targetName: string, version: string): Promise<string> {
  const target = targets.find(({ name }) => name === targetName) ?? targets[0];
  if (target === undefined) throw new Error('there are no targets');
  const facts = { ...factsOf(task), version };
  const entries = contentsOf(target, Buffer.from(`#!/bin/sh\necho ${version}\n`), 'licences of others\n');
  const contents = packageContents(target, entries, {
    changelog: Buffer.from('# Changelog\n'),
    documents: [],
    manual: manualPage(task, facts, TIME),
  });
  const signers = { windows: undefined, linux: undefined, macOS: undefined };
  const input = { target, facts, contents, time: TIME, signers };
  const content = await packers[kind].make(input);
  const path = join(folder, packers[kind].nameOf(input));
  writeFileSync(path, content);
  return path;
}

/** Packs twice, in surroundings that differ. */
async function packedTwice(kind: PackageKind, targetName: string, version: string): Promise<string> {
  const path = await packed(kind, targetName, version);
  const first = readFileSync(path);
  const [zone, mask] = [process.env['TZ'], process.umask(0o077)];
  process.env['TZ'] = 'Pacific/Chatham';
  try {
    await packed(kind, targetName, version);
  } finally {
    process.umask(mask);
    if (zone === undefined) delete process.env['TZ'];
    else process.env['TZ'] = zone;
  }
  expect(readFileSync(path).equals(first)).toBe(true);
  return path;
}

function run(command: string, ...args: readonly string[]): string {
  return execFileSync(command, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
}

/** A root with the state of earlier runs. */
function newRoot(name: string): { root: string; state: string; version: () => string } {
  const root = join(folder, name);
  const state = join(root, 'var/lib', factsOf(task).name, 'store.db');
  mkdirSync(join(state, '..'), { recursive: true });
  writeFileSync(state, '');
  return { root, state, version: () => run(join(root, 'usr/bin', program)).trim() };
}

/** Regular files below a root, without the package manager's own. */
function filesIn(root: string, own: string): string[] {
  return readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.parentPath.startsWith(join(root, own)))
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1))
    .toSorted();
}

testWith(
  posix,
  rootUser,
  installed('dpkg'),
  installed('dpkg-deb'),
  installed('man'),
)('deb: installed, upgraded, removed with the state kept, purged', async () => {
  const { root, state, version } = newRoot('debian');
  const { name } = factsOf(task);
  mkdirSync(join(root, 'var/lib/dpkg/info'), { recursive: true });
  mkdirSync(join(root, 'var/lib/dpkg/updates'));
  writeFileSync(join(root, 'var/lib/dpkg/status'), '');
  // The root has no shell for scripts, and none of the libraries.
  const dpkg = (...args: string[]) =>
    run('dpkg', `--root=${root}`, '--force-script-chrootless', '--force-depends', ...args);
  const old = await packed('deb', 'linux-x64', '1.2.0-rc.1');
  const next = await packedTwice('deb', 'linux-x64', '1.2.0');
  dpkg('--install', old);
  expect(version()).toBe('1.2.0-rc.1');
  dpkg('--install', next);
  expect(version()).toBe('1.2.0');
  expect(run('dpkg', `--root=${root}`, '--verify', name)).toBe('');
  expect(filesIn(root, 'var')).toEqual(
    [
      `usr/bin/${program}`,
      `usr/share/bash-completion/completions/${program}`,
      `usr/share/zsh/vendor-completions/_${program}`,
      ...['THIRD-PARTY-LICENSES.txt', 'changelog.Debian.gz', 'changelog.gz', 'copyright', ...documents].map(
        (document) => `usr/share/doc/${name}/${basename(document)}`,
      ),
      ...JOBS.map((job) => `usr/share/${name}/jobs/${job}`),
      `usr/share/man/man1/${program}.1.gz`,
    ].toSorted(),
  );
  const page = join(root, `usr/share/man/man1/${program}.1.gz`);
  const shown = spawnSync('man', ['--local-file', '--warnings', page], { encoding: 'utf8' });
  expect(shown).toMatchObject({ status: 0, stderr: '', stdout: expect.stringContaining('--dry-run') });

  dpkg('--remove', name);
  expect(filesIn(root, 'var/lib/dpkg')).toEqual([state.slice(root.length + 1)]);
  dpkg('--purge', name);
  expect(filesIn(root, 'var/lib/dpkg')).toEqual([]);
  expect(readFileSync(join(root, 'var/lib/dpkg/status'), 'utf8')).not.toContain(name);
});

testWith(
  posix,
  rootUser,
  installed('rpm'),
  installed('rpmbuild'),
)('rpm: installed, upgraded, downgraded, removed with the state kept', async () => {
  const { root, state, version } = newRoot('fedora');
  const { name } = factsOf(task);
  const rpm = (...args: string[]) => run('rpm', '--root', root, '--dbpath', '/var/lib/rpm', ...args);
  rpm('--initdb');
  const old = await packed('rpm', 'linux-x64', '1.2.0-rc.1');
  const next = await packedTwice('rpm', 'linux-x64', '1.2.0');
  expect(() => rpm('--install', old)).toThrow();
  rpm('--install', '--nodeps', old);
  expect(version()).toBe('1.2.0-rc.1');
  rpm('--upgrade', '--nodeps', next);
  expect(version()).toBe('1.2.0');
  expect(rpm('--verify', '--nodeps', name)).toBe('');
  expect(() => rpm('--upgrade', '--nodeps', old)).toThrow(/is already installed/);
  rpm('--upgrade', '--nodeps', '--oldpackage', old);
  expect(version()).toBe('1.2.0-rc.1');
  rpm('--erase', name);
  expect(filesIn(root, 'var/lib/rpm')).toEqual([state.slice(root.length + 1)]);
  expect(existsSync(join(root, 'usr/share', name))).toBe(false);
  expect(existsSync(join(root, 'usr/share/doc', name))).toBe(false);
});

const WINE = '/usr/lib/wine/wine64';
testWith(
  posix,
  installed('wixl'),
  installed('msibuild'),
  installed('msiinfo'),
  file(WINE),
)('msi: installed, upgraded, not downgraded, removed', async () => {
  const old = await packed('msi', 'win-x64', '1.2.0');
  const next = await packedTwice('msi', 'win-x64', '1.10.0');
  const prefix = join(folder, 'prefix');
  const wine = (...args: string[]) =>
    spawnSync(WINE, args, {
      encoding: 'utf8',
      env: { ...process.env, WINEPREFIX: prefix, WINEDEBUG: '-all', WINEDLLOVERRIDES: 'mscoree,mshtml=' },
      timeout: 100_000,
    });
  const msiexec = (how: string, path: string) => wine('msiexec', how, `Z:${path}`, '/qn').status;
  const installedIn = join(prefix, 'drive_c/Program Files', title);
  const executable = join(installedIn, `${program}.exe`);
  const registry = (key: string) => wine('reg', 'query', key, '/s').stdout;
  const products = () =>
    registry('HKLM\\Software\\Microsoft\\Windows\\CurrentVersion\\Uninstall').match(
      new RegExp(`DisplayName +REG_SZ +${title}`, 'g'),
    );
  const onPath = () =>
    registry('HKLM\\System\\CurrentControlSet\\Control\\Session Manager\\Environment').split(`\\${title}\\`)
      .length - 1;

  expect(msiexec('/i', old)).toBe(0);
  expect(readFileSync(executable, 'utf8')).toContain('1.2.0');
  expect(readdirSync(join(installedIn, 'jobs')).toSorted()).toEqual(JOBS.toSorted());
  expect(msiexec('/i', next)).toBe(0);
  expect(readFileSync(executable, 'utf8')).toContain('1.10.0');
  expect(products()).toHaveLength(1);
  expect(onPath()).toBe(1);
  expect(msiexec('/i', old)).not.toBe(0);
  expect(readFileSync(executable, 'utf8')).toContain('1.10.0');
  expect(msiexec('/x', next)).toBe(0);
  expect(existsSync(installedIn)).toBe(false);
  expect(products()).toBeNull();
  expect(onPath()).toBe(0);
});

testWith(posix)('macOS: hands the files to pkgbuild, for the places where Macs have them', async () => {
  const target = targets.find(({ name: one }) => one === 'macos-arm64') ?? targets[0];
  if (target === undefined) throw new Error('there are no targets');
  const { name, version } = factsOf(task);
  const archive = join(folder, archiveName(target));
  const entries = contentsOf(target, Buffer.from('#!/bin/sh\necho started\n'), 'licences of others\n');
  writeFileSync(archive, await writeArchive('tar.gz', entries, TIME));
  // Apple's program exists on Macs alone. This one keeps what it is given.
  const [programs, root, given] = ['programs', 'mac', 'given'].map((one) => join(folder, one));
  mkdirSync(programs ?? '');
  writeFileSync(
    join(programs ?? '', 'pkgbuild'),
    `#!/bin/sh\ncp -R "$2" '${root}'\nshift 2\nprintf '%s\\n' "$@" > '${given}'\n`,
    { mode: 0o755 },
  );
  const pack = (path: string) =>
    spawnSync(resolve('build/packages/macos'), [path, 'out.pkg'], {
      encoding: 'utf8',
      env: { ...process.env, PATH: `${programs}:${process.env['PATH']}`, SIGN_INSTALLER: 'Installer: A' },
    });
  expect(pack(archive)).toMatchObject({ status: 0, stderr: '' });
  expect(readFileSync(given ?? '', 'utf8').replaceAll('\n', ' ')).toBe(
    `--identifier ${name} --version ${version} --install-location / --ownership recommended --sign Installer: A out.pkg `,
  );
  expect(run(join(root ?? '', 'usr/local/bin', program))).toBe('started\n');
  const texts = ['LICENSE.txt', 'THIRD-PARTY-LICENSES.txt', ...documents];
  expect(filesIn(root ?? '', 'none')).toEqual(
    [
      `usr/local/bin/${program}`,
      ...JOBS.map((job) => `usr/local/share/${name}/jobs/${job}`),
      ...texts.map((text) => `usr/local/share/${name}/${text}`),
    ].toSorted(),
  );
  expect(pack(join(folder, 'other.tar.gz'))).toMatchObject({
    status: 64,
    stderr: expect.stringContaining('is not named like'),
  });
});
