/** Finding the agent on this machine: its root, its port, its log files. */
import {
  chownSync,
  lchownSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import {
  agentRoots,
  executablePathOf,
  findInstallation,
  logFolders,
  readHttpsPort,
} from '../../../src/host/installation/index.ts';
import { isLogFile } from '../../../src/host/installation/log-files.ts';
import { servicePrograms } from '../../../src/host/installation/service.ts';
import { hostPlatform } from '../../../src/host/platform/index.ts';
import { posix, rootUser, testWith } from '../../tool.ts';

const posixTest = testWith(posix);
const rootTest = testWith(rootUser);
const STRANGER = 65_534;
const { os } = hostPlatform({});

let folder = '';
beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'installation-')));
});
afterEach(() => rmSync(folder, { recursive: true }));

function write(path: string, text = ''): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), text);
}

/** An agent's root in the folder. */
function makeRoot(settings = '{}'): void {
  mkdirSync(join(folder, 'Jobs'));
  write('appsettings.json', settings);
}

describe('the root', () => {
  test('is above an executable that is where the agent looks for it', () => {
    const executable = executablePathOf(os, folder, 'task');
    expect(findInstallation({ os, executable })?.root).not.toBe(folder);
    makeRoot();
    expect(findInstallation({ os, executable })).toEqual({ root: folder, foundBy: 'above this executable' });
    expect(agentRoots(os, executable)[0]).toBe(folder);
  });

  test('is not above an executable in any other folder', () => {
    makeRoot();
    const executable = join(folder, 'Jobs', 'tools', 'task', 'task');
    expect(findInstallation({ os, executable })?.root).not.toBe(folder);
    expect(agentRoots(os, executable)).not.toContain(folder);
  });

  test('needs both Jobs and appsettings.json, unless an administrator names it', () => {
    const executable = executablePathOf(os, folder, 'task');
    mkdirSync(join(folder, 'Jobs'));
    expect(findInstallation({ os, executable })?.root).not.toBe(folder);
    expect(findInstallation({ os, configured: folder })).toEqual({ root: folder, foundBy: '--agent-root' });
  });

  test('that is named and has no Jobs is not replaced by another one', () => {
    const executable = executablePathOf(os, folder, 'task');
    makeRoot();
    expect(findInstallation({ os, executable, configured: join(folder, 'Plugins') })).toBeUndefined();
  });

  rootTest('is not found through a link of another user', () => {
    makeRoot();
    const link = `${folder}-link`;
    symlinkSync(folder, link);
    try {
      const executable = executablePathOf(os, link, 'task');
      expect(findInstallation({ os, executable })?.root).toBe(link);
      lchownSync(link, STRANGER, STRANGER);
      expect(findInstallation({ os, executable })?.root).not.toBe(link);
    } finally {
      rmSync(link);
    }
  });

  test('is looked for in the places of each system', () => {
    expect(agentRoots('linux')).toEqual(
      expect.arrayContaining(['/opt/KeeperPrivilegeManager', '/opt/keeper', '/opt/keeper/sbin']),
    );
    expect(agentRoots('macOS')).toContain('/Library/Keeper/sbin');
    expect(agentRoots('windows')).toContain(
      'C:\\Program Files\\Keeper Security\\Endpoint Privilege Management',
    );
  });
});

describe("the service's program", () => {
  test.each([
    ['ExecStart=/srv/agent/KeeperAgent --service', '/srv/agent/KeeperAgent'],
    ['ExecStart=-"/srv/the agent/KeeperAgent" --service', '/srv/the agent/KeeperAgent'],
  ])('on Linux, from the unit: %s', (line, program) => {
    write('usr/lib/systemd/system/keeper-privilege-manager.service', `[Service]\nType=simple\n${line}\n`);
    expect(servicePrograms('linux', folder)).toEqual([program]);
  });

  posixTest('on Linux, from the running service', () => {
    write('sys/fs/cgroup/system.slice/keeper-privilege-manager.service/cgroup.procs', '71\n72\n');
    mkdirSync(join(folder, 'proc/71'), { recursive: true });
    symlinkSync('/srv/agent/KeeperAgent', join(folder, 'proc/71/exe'));
    expect(servicePrograms('linux', folder)).toEqual(['/srv/agent/KeeperAgent']);
  });

  test.each(['<key>Program</key><string>', '<key>ProgramArguments</key>\n<array>\n<string>'])(
    'on macOS: %s',
    (before) => {
      write('Library/LaunchDaemons/com.other.plist', `${before}/srv/other/Other</string>`);
      write('Library/LaunchDaemons/com.keeper.agent.plist', `<dict>${before}/srv/agent/KeeperAgent</string>`);
      expect(servicePrograms('macOS', folder)).toEqual(['/srv/agent/KeeperAgent']);
    },
  );

  test('is unknown where there is no service', () => {
    write('etc/systemd/system/keeper-privilege-manager.service', '[Service]\nExecStart=agent\n');
    expect(servicePrograms('linux', folder)).toEqual([]);
    expect(servicePrograms('macOS', folder)).toEqual([]);
    expect(servicePrograms('windows', folder)).toEqual([]);
  });
});

describe('the port', () => {
  test.each([
    ['{"Settings":{"KestrelHttpsPort":6889}}', 6889],
    ['\uFEFF{"settings":{"kestrelHttpsPort":"7001"}}', 7001],
    [
      '{ // "Settings": {}\n "Settings": { "A": "//,}", /* "KestrelHttpsPort": 1 */ "KestrelHttpsPort": 7002, }, }',
      7002,
    ],
    ['{"Settings":{"KestrelHttpsPort":70000}}', undefined],
    ['{"Settings":{"KestrelHttpsPort":"6889x"}}', undefined],
    ['{"Settings":[]}', undefined],
    ['{"Settings":{"KestrelHttpsPort":6889}', undefined],
    [`{"Settings":{"KestrelHttpsPort":6889}}${' '.repeat(300_000)}`, undefined],
    [`{"Settings":{"KestrelHttpsPort":6889}}${'/* '.repeat(70_000)}`, 6889],
  ])('%#', (text, port) => {
    makeRoot(text);
    expect(readHttpsPort(folder)).toBe(port);
  });

  test('of a root without settings is unknown', () => {
    expect(readHttpsPort(folder)).toBeUndefined();
    mkdirSync(join(folder, 'appsettings.json'));
    expect(readHttpsPort(folder)).toBeUndefined();
  });

  rootTest('is not read through a link of another user', () => {
    write('other.json', '{"Settings":{"KestrelHttpsPort":6889}}');
    const link = join(folder, 'appsettings.json');
    symlinkSync(join(folder, 'other.json'), link);
    expect(readHttpsPort(folder)).toBe(6889);
    lchownSync(link, STRANGER, STRANGER);
    expect(readHttpsPort(folder)).toBeUndefined();
    rmSync(link);
    mkdirSync(join(folder, 'real'));
    write('real/appsettings.json', '{"Settings":{"KestrelHttpsPort":6889}}');
    symlinkSync(join(folder, 'real'), join(folder, 'linked'));
    chownSync(join(folder, 'real'), STRANGER, STRANGER);
    lchownSync(join(folder, 'linked'), STRANGER, STRANGER);
    expect(readHttpsPort(join(folder, 'linked'))).toBeUndefined();
  });
});

describe('the log', () => {
  test('is looked for where the setting says first, then in the known places', () => {
    const known = [join(folder, 'Log'), join(folder, 'Plugins', 'bin', 'KeeperLogger', 'Log')];
    expect(logFolders(folder)).toEqual(expect.arrayContaining(known));
    expect(logFolders(folder)[0]).toBe(known[0]);
    expect(logFolders(folder, '{approot}/Audit')[0]).toBe(join(folder, 'Audit'));
    expect(logFolders(folder, '{approot}/Audit/KeeperLogger.log')[0]).toBe(join(folder, 'Audit'));
    expect(logFolders(folder, 'Audit')[0]).toBe(join(folder, 'Audit'));
    expect(logFolders(folder, join(folder, 'elsewhere'))[0]).toBe(join(folder, 'elsewhere'));
    expect(logFolders(folder, join(folder, 'Log'))).toEqual(logFolders(folder));
    expect(logFolders(folder, '{unknown}/Log')).toEqual(logFolders(folder));
  });

  test.each([
    ['KeeperLogger.log', true],
    ['KeeperLogger_20261130.log', true],
    ['KeeperLogger_20261130_235959.log', true],
    ['KeeperLogger20261130.log', true],
    ['KeeperLogger20261130_001.log', true],
    ['KeeperLogger.log.tmp', false],
    ['KeeperLoggerAudit.log', false],
    ['Audit.log', false],
  ])('%s: %p', (name, is) => expect(isLogFile(name)).toBe(is));
});
