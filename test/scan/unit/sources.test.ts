/** Which places the sources add to a scan: on machines made of a list of files, of any operating system. */
import { expect, test } from '@jest/globals';
import type { Platform } from '../../../src/host/platform/index.ts';
import { ALPHANUMERIC, Dice } from '../../../fixtures/dice.ts';
import { fakePlatform } from '../../fake-platform.ts';
import { scanOnce } from '../scan-once.ts';

const secret = (name: string) => `DB_PASSWORD=${new Dice(name).mixed(ALPHANUMERIC, 18)}\n`;
const container = (name: string) => JSON.stringify({ Config: { Env: [secret(name).trim()] } });

const LINUX = {
  '/etc/crontab': secret('1'),
  '/home/ada/notes.txt': secret('2'),
  '/var/spool/at/a0001': secret('3'),
  '/var/lib/docker/containers/ab/config.v2.json': container('4'),
  '/var/lib/docker/containers/ab/ab-json.log': secret('5'),
  '/var/lib/other/x': secret('6'),
  '/srv/app/app.env': secret('7'),
  '/opt/app/app.env': secret('8'),
  '/etc/systemd/system/app.service':
    '[Service]\nEnvironmentFile=-/srv/app/app.env\nEnvironmentFile=/missing\n',
  '/etc/systemd/system/app.service.d/more.conf': '[Service]\nLoadCredential=token:/opt/app/app.env\n',
} as const;

/** The paths with findings. */
async function foundOn(platform: Platform, options: Readonly<Record<string, unknown>>) {
  const { findings, coverage } = await scanOnce(options, { platform });
  return { paths: findings.map(({ path }) => path).sort(), skipped: coverage.skipped };
}

/** Units of root: without it, the files of the fake machine belong to a user. */
function withRootAsOwner(platform: Platform): Platform {
  const { fs } = platform;
  const asRoot = <Status>(status: Status): Status => ({ ...status, uid: 0 });
  return {
    ...platform,
    fs: {
      ...fs,
      statusOf: (descriptor) => asRoot(fs.statusOf(descriptor)),
      folderWalk: () => {
        const walk = fs.folderWalk();
        const open: typeof walk.open = (path) => {
          const folder = walk.open(path);
          return { ...folder, status: asRoot(folder.status), pathOf: (name) => folder.pathOf(name) };
        };
        return { ...walk, open };
      },
    },
  };
}

test('sources are scanned alone, with paths, or with the usual places, and no file twice', async () => {
  const linux = fakePlatform('linux', LINUX);
  expect(await foundOn(linux, { sources: 'crontabs' })).toMatchObject({
    paths: ['/etc/crontab', '/var/spool/at/a0001'],
  });
  // The logs of containers are no configuration.
  expect(await foundOn(linux, { sources: 'docker' })).toMatchObject({
    paths: ['/var/lib/docker/containers/ab/config.v2.json'],
    skipped: { excluded: 1 },
  });
  expect(await foundOn(linux, { sources: 'crontabs', roots: ['/var/lib/other'] })).toMatchObject({
    paths: ['/etc/crontab', '/var/lib/other/x', '/var/spool/at/a0001'],
  });
  const usual = ['/etc/crontab', '/home/ada/notes.txt', '/opt/app/app.env', '/srv/app/app.env'];
  expect((await foundOn(linux, { defaultRoots: true, sources: 'none' })).paths).toEqual(usual);
  expect((await foundOn(linux, { defaultRoots: true, sources: 'crontabs,docker' })).paths).toEqual(
    [...usual, '/var/spool/at/a0001', '/var/lib/docker/containers/ab/config.v2.json'].sort(),
  );
  expect((await foundOn(linux, { roots: ['/home'] })).paths).toEqual(['/home/ada/notes.txt']);
});

test("environment files and credentials of the administrator's units are found, wherever they are", async () => {
  const linux = fakePlatform('linux', LINUX);
  await expect(scanOnce({ sources: 'systemd' }, { platform: linux })).resolves.toMatchObject({
    findings: [],
  });
  expect((await foundOn(withRootAsOwner(linux), { sources: 'systemd' })).paths).toEqual([
    '/opt/app/app.env',
    '/srv/app/app.env',
  ]);
});

test('a system has its own sources; those of others are counted, or there is nothing to scan', async () => {
  const windows = fakePlatform('windows', { 'C:\\Windows\\System32\\Tasks\\Backup': secret('1') });
  const platform = { ...windows, systemRoot: 'C:\\Windows' };
  expect(await foundOn(platform, { sources: 'scheduled-tasks,crontabs' })).toEqual({
    paths: ['C:\\Windows\\System32\\Tasks\\Backup'],
    skipped: { 'source-of-another-system': 1 },
  });
  const mac = fakePlatform('macOS', { '/Library/LaunchDaemons/a.plist': secret('1') });
  expect((await foundOn(mac, { sources: 'all' })).paths).toEqual(['/Library/LaunchDaemons/a.plist']);
  await expect(scanOnce({ sources: 'systemd' }, { platform: mac })).rejects.toThrow(
    'there is nothing to scan: this machine has none of these sources',
  );
});
