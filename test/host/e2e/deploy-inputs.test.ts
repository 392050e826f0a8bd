/** What `deploy` is given and cannot use: one line that names it and the remedy, and nothing is changed. */
import { execFileSync, spawnSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  copyFileSync,
  existsSync,
  lchownSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeEach, describe, expect, test } from '@jest/globals';
import { pack } from 'tar-stream';
import { buffer } from 'node:stream/consumers';
import { writeArchive } from '../../../build/release/archive.ts';
import { describeWith, installed, rootUser, testWith } from '../../tool.ts';
import { byHand, cleanUp, command, fromSource, jobId, newFolder } from '../probe-under-test.ts';
import {
  documentPath,
  documentWith,
  entriesOf,
  executableName,
  executablePath,
  versionThatEndsWith,
  writeRelease,
  writeSums,
} from '../release-archive.ts';

const STRANGER = 65_534;
const rootTest = testWith(rootUser);
const version = versionThatEndsWith(0);
let folder = '';
let root = '';
beforeEach(() => {
  folder = newFolder('deploy-inputs');
  root = join(folder, 'root');
  mkdirSync(join(root, 'Jobs'), { recursive: true });
});
afterAll(cleanUp);

async function deploy(...args: string[]) {
  return await byHand(['deploy', '--agent-root', root, ...args]);
}

/** A good release. */
async function release(executable = version, document = documentWith()): Promise<string> {
  return await writeRelease(join(folder, 'probe.tar.gz'), entriesOf(executable, document));
}

/** A refusal: one line, and the agent's root is as it was. */
function refusal(code: number, text: string | RegExp) {
  expect(readdirSync(root)).toEqual(['Jobs']);
  expect(readdirSync(join(root, 'Jobs'))).toEqual([]);
  const escaped = typeof text === 'string' ? RegExp.escape(text) : text.source;
  return { code, stderr: expect.stringMatching(new RegExp(`^probe: [^\\n]*${escaped}[^\\n]*\\n$`)) };
}

describe('the command line', () => {
  test.each(['deploy', 'uninstall'])('%s --help shows usage, flags and exit codes', async (command) => {
    const { code, stdout, stderr } = await byHand([command, '--help']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(new RegExp(`Usage: probe ${command} \\[options\\]`));
    for (const text of ['--agent-root', '--client-cert', 'Exit codes:', '   73  ', '   78  ']) {
      expect(stdout).toContain(text);
    }
  });

  test.each([
    [['deploy'], 'give one archive, or --back, or --this'],
    [['deploy', '--back', '--this'], 'give one archive, or --back, or --this'],
    [['deploy', '--back', 'a.tar.gz'], 'give one archive, or --back'],
    [['deploy', 'a.tar.gz', 'b.tar.gz'], 'archive: expected one archive'],
    [['deploy', '--backwards'], 'unknown option --backwards'],
    [['deploy', '--wait=soon', 'a.tar.gz'], '--wait: expected a duration such as 90s'],
    [['uninstall', 'a.tar.gz'], 'unexpected argument: a.tar.gz'],
  ])('%j', async (args, text) => {
    expect(await byHand(args)).toMatchObject({ code: 64, stdout: '', stderr: expect.stringContaining(text) });
  });

  test.each(['https://example.com', 'http://127.0.0.1:6889', 'https://a:b@127.0.0.1:6889'])(
    '--agent=%s is refused, even if the agent is not asked',
    async (address) => {
      expect(await deploy(`--agent=${address}`, await release())).toMatchObject(
        refusal(64, '--agent: expected an https URL of this machine'),
      );
    },
  );
});

describe('the root', () => {
  test('no agent anywhere: the places that were tried', async () => {
    const { code, stderr } = await byHand(['deploy', await release()]);
    expect(code).toBe(78);
    expect(stderr).toMatch(/^probe: no agent was found: .*: \S.*; give the right one with --agent-root\n$/);
  });

  test('a folder without Jobs', async () => {
    expect(await byHand(['deploy', '--agent-root', folder, await release()])).toMatchObject({
      code: 78,
      stderr: `probe: --agent-root ${folder} contains no folder Jobs; give the folder that contains Jobs and appsettings.json\n`,
    });
  });

  rootTest('others could change it', async () => {
    chmodSync(root, 0o777);
    const archive = await release();
    expect(await deploy(archive)).toMatchObject(refusal(73, `${root} can be written by other users`));
    chmodSync(root, 0o755);
    chownSync(join(root, 'Jobs'), STRANGER, STRANGER);
    expect(await deploy(archive)).toMatchObject(refusal(73, `${root}/Jobs belongs to user 65534`));
  });

  rootTest('others could create entries in a sticky folder below it', async () => {
    chmodSync(join(root, 'Jobs'), 0o1777);
    expect(await deploy(await release())).toMatchObject(
      refusal(73, `${root}/Jobs cannot be used: other users can write to it`),
    );
  });

  rootTest('others could change the previous version, or what is installed', async () => {
    for (const number of ['1.0.0', '2.0.0']) {
      expect(await deploy(await release(versionThatEndsWith(0, number)))).toMatchObject({ code: 0 });
    }
    const previous = join(dirname(join(root, executablePath)), 'previous', executableName);
    chownSync(previous, STRANGER, STRANGER);
    const back = await deploy('--back');
    expect(back).toMatchObject({ code: 73, stderr: expect.stringContaining(`${previous} belongs to user`) });
    chownSync(previous, 0, 0);
    chmodSync(join(root, executablePath), 0o777);
    const again = await deploy('--back');
    expect(again).toMatchObject({ code: 73, stderr: expect.stringContaining('can be written by other') });
    expect(again.stdout).not.toContain('replaces');
  });

  rootTest('links below it are not followed', async () => {
    const elsewhere = join(folder, 'elsewhere');
    mkdirSync(elsewhere);
    symlinkSync(elsewhere, join(root, 'Jobs', 'bin'));
    expect(await deploy(await release())).toMatchObject({
      code: 73,
      stderr: expect.stringContaining(`${join(root, 'Jobs', 'bin')} cannot be used`),
    });
    expect(readdirSync(elsewhere)).toEqual([]);
  });

  rootTest('a link in place of the document is replaced', async () => {
    const target = join(folder, 'target');
    writeFileSync(target, 'kept');
    const link = join(root, documentPath);
    symlinkSync(target, link);
    lchownSync(link, STRANGER, STRANGER);
    expect(await deploy(await release())).toMatchObject({
      code: 73,
      stderr: expect.stringContaining(`${link} cannot be used: it is a link; remove the link`),
    });
    expect(readFileSync(target, 'utf8')).toBe('kept');
    rmSync(link);
    expect(await deploy(await release())).toMatchObject({ code: 0 });
  });
});

describeWith({ name: 'the packed executable', isMet: !fromSource, isGiven: true })('--this', () => {
  const installedBy = (place: string) => {
    const executable = join(folder, place, executableName);
    mkdirSync(dirname(executable), { recursive: true });
    copyFileSync(command[0] ?? '', executable);
    return spawnSync.bind(undefined, executable, ['deploy', '--this', '--agent-root', root], {
      encoding: 'utf8',
    });
  };

  test('what the package has installed: this executable, and its job', () => {
    const deployThis = installedBy('usr/bin');
    const jobs = join(folder, 'usr', 'share', `kepm-${jobId}`, 'jobs');
    mkdirSync(jobs, { recursive: true });
    writeFileSync(join(jobs, `${jobId}.json`), documentWith('--retell'));
    expect(deployThis()).toMatchObject({ status: 0, stderr: '' });
    expect(readFileSync(join(root, executablePath)).equals(readFileSync(command[0] ?? ''))).toBe(true);
    expect(readFileSync(join(root, documentPath), 'utf8')).toContain('--retell');
  });

  test('an executable that no package has installed', () => {
    const { status: code, stderr } = installedBy('bin')();
    expect({ code, stderr }).toEqual(refusal(78, '/share/kepm-probe/jobs/probe.json; deploy an archive'));
  });
});

describe('the archive', () => {
  test('missing', async () => {
    expect(await deploy(join(folder, 'none.tar.gz'))).toMatchObject(
      refusal(78, /the archive \S+none\.tar\.gz cannot be read: no such file or directory/),
    );
  });

  test('without SHA256SUMS, unless that is said to be right', async () => {
    const archive = await release();
    rmSync(join(dirname(archive), 'SHA256SUMS'));
    expect(await deploy(archive)).toMatchObject(
      refusal(
        78,
        'has no SHA256SUMS in the same folder; copy that file from the release, or use --no-checksums',
      ),
    );
    expect(await deploy('--no-checksums', archive)).toMatchObject({ code: 0, stderr: '' });
    expect(existsSync(join(root, executablePath))).toBe(true);
  });

  test('with another checksum, or none', async () => {
    const archive = await release();
    writeSums(archive, 'f'.repeat(64));
    expect(await deploy(archive)).toMatchObject(refusal(78, 'does not match its checksum'));
    writeSums(join(folder, 'other.tar.gz'), 'f'.repeat(64));
    expect(await deploy(archive)).toMatchObject(refusal(78, 'is not listed in'));
  });

  testWith(installed('minisign'))('with checksums that must be signed', async () => {
    const key = (name: string) => {
      execFileSync('minisign', [
        '-G',
        '-W',
        '-f',
        '-p',
        join(folder, `${name}.pub`),
        '-s',
        join(folder, name),
      ]);
      return readFileSync(join(folder, `${name}.pub`), 'utf8').split('\n')[1] ?? '';
    };
    const [ours, theirs] = [key('ours'), key('theirs')];
    const archive = await release();
    const sums = join(folder, 'SHA256SUMS');
    const sign = (...args: string[]) =>
      execFileSync('minisign', ['-S', '-s', join(folder, 'ours'), '-m', sums, '-t', 'Version 1', ...args]);
    const refused = (text: string) => refusal(78, text);
    expect(await deploy('--public-key', ours, archive)).toMatchObject(
      refused('has no SHA256SUMS.minisig in the same folder'),
    );
    sign();
    expect(await deploy('--public-key', theirs, archive)).toMatchObject(refused('was made with another key'));
    expect(await deploy('--public-key', ours.slice(1), archive)).toMatchObject(
      refusal(64, '--public-key: expected a public key of minisign'),
    );
    expect(await deploy('--public-key', ours, '--no-checksums', archive)).toMatchObject(
      refusal(64, '--public-key needs an archive with its SHA256SUMS'),
    );
    const signature = readFileSync(`${sums}.minisig`, 'utf8');
    for (const [changed, problem] of [
      [signature.replace('Version 1', 'Version 2'), 'does not match'],
      [signature.replace('\ntrusted comment', '\ncomment'), 'is no signature of minisign'],
      [signature.split('\n').slice(0, 3).join('\n'), 'is no signature of minisign'],
      [signature.replace(/\n.{8}/, '\nAAAAAAAA'), 'has an unknown algorithm'],
    ] as const) {
      writeFileSync(`${sums}.minisig`, changed);
      expect(await deploy('--public-key', ours, archive)).toMatchObject(
        refused(`SHA256SUMS.minisig ${problem}`),
      );
    }
    writeFileSync(`${sums}.minisig`, signature);
    writeFileSync(sums, `${readFileSync(sums, 'utf8')}${'0'.repeat(64)}  more\n`);
    expect(await deploy('--public-key', ours, archive)).toMatchObject(refused('does not match'));
    // The format of old versions signs the file itself.
    for (const format of [[], ['-l']]) {
      sign(...format);
      expect(await deploy('--public-key', ours, archive)).toMatchObject({ code: 0, stderr: '' });
      rmSync(join(root, 'Jobs'), { recursive: true });
      mkdirSync(join(root, 'Jobs'));
    }
  });

  test('damaged, with the right checksum', async () => {
    const archive = join(folder, 'probe.tar.gz');
    const content = gzipSync('text'.repeat(1000)).subarray(0, 30);
    writeFileSync(archive, content);
    expect(await deploy('--no-checksums', archive)).toMatchObject(
      refusal(78, 'is damaged or not a release archive'),
    );
    writeFileSync(join(folder, 'probe.rar'), content);
    expect(await deploy('--no-checksums', join(folder, 'probe.rar'))).toMatchObject(
      refusal(78, 'is not a .tar.zst, .tar.gz or .zip'),
    );
  });

  test('for another system', async () => {
    const entries = entriesOf(version, documentWith()).map((entry) => ({
      ...entry,
      path: entry.path.replace(executableName, `${jobId}.exe`),
    }));
    const archive = join(folder, 'probe.zip');
    writeFileSync(archive, await writeArchive('zip', entries, new Date('2020-01-01T00:00:00Z')));
    expect(await deploy('--no-checksums', archive)).toMatchObject(refusal(78, 'use the archive for'));
  });

  test('for another processor', async () => {
    const elf = Buffer.alloc(100);
    elf.write('\u007fELF', 'latin1');
    elf.writeUInt16LE(process.arch === 'arm64' ? 62 : 183, 18);
    expect(await deploy(await release(elf))).toMatchObject(
      refusal(78, /is for linux-\w+; use the archive for/),
    );
  });

  test('with a file that no release has', async () => {
    const stray = { path: 'Jobs/other.json', content: Buffer.from('{}'), executable: false };
    const archive = await writeRelease(join(folder, 'probe.tar.gz'), [
      ...entriesOf(version, documentWith()),
      stray,
    ]);
    expect(await deploy(archive)).toMatchObject(refusal(78, 'contains Jobs/other.json, which no release'));
  });

  test.each(['Jobs/bin/probe/../../../../outside', '/outside', 'Jobs/bin/probe//outside'])(
    'with the path %s',
    async (path) => {
      const tar = pack();
      tar.entry({ name: path }, 'text');
      tar.finalize();
      const archive = join(folder, 'probe.tar.gz');
      writeFileSync(archive, gzipSync(await buffer(tar)));
      expect(await deploy('--no-checksums', archive)).toMatchObject(refusal(78, 'is not a path within'));
      expect(existsSync(join(folder, 'outside'))).toBe(false);
    },
  );
});

describe('the job document', () => {
  test.each([
    ['no JSON', '{"secret', 'is not valid JSON'],
    ['another job', documentWith().replace('"id": "probe"', '"id": "other"'), 'id: "other" differs'],
    ['no topic', documentWith().replace('"KeeperLogger",', ''), 'add "KeeperLogger"'],
  ])('%s', async (_, text, problem) => {
    const file = join(folder, 'job.json');
    writeFileSync(file, text);
    const refused = await deploy('--job', file, await release());
    expect(refused).toMatchObject(refusal(78, problem));
    expect(refused.stderr).not.toContain('secret');
    expect(await deploy(await release(version, text))).toMatchObject(refusal(78, problem));
  });

  test('of the administrator', async () => {
    const file = join(folder, 'job.json');
    writeFileSync(file, documentWith('--records=3'));
    expect(await deploy('--job', file, await release())).toMatchObject({ code: 0, stderr: '' });
    expect(readFileSync(join(root, documentPath), 'utf8')).toContain('--records=3');
  });
});
