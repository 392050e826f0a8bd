/**
 * A release as an administrator gets it: what is in it, whether it is the source's, and an agent that runs it. Its executables
 * run natively and under qemu, or are read by a program that had no part in making them.
 */
import { execFile, execFileSync, spawnSync } from 'node:child_process';
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import { afterAll, beforeAll, expect, jest } from '@jest/globals';
import { NtExecutable, NtExecutableResource, Resource } from 'resedit';
import * as z from 'zod';
import { executablePath } from '../../../build/package.ts';
import { readArchive } from '../../../src/host/commands/deploy/archive/archive.ts';
import { systemOf } from '../../../src/host/commands/deploy/executable-kind.ts';
import { compareArchives } from '../../../build/release/compare.ts';
import { executablePathIn, jobPath } from '../../../build/release/contents.ts';
import { withoutSymbols } from '../../../build/release/elf-symbols.ts';
import { type ReleasedTarget, ReleaseManifest, sha256 } from '../../../build/release/manifest.ts';
import { signatureOf } from '../../../build/release/signature.ts';
import { sourceState } from '../../../build/release/source.ts';
import { writeTar } from '../../../build/release/tar.ts';
import { stockNode } from '../../../build/stock-node.ts';
import { type Target, targets } from '../../../build/targets.ts';
import { demonstrate, taskBuild } from '../../../build/task.ts';
import type { TaskBuild } from '../../../src/host/task/task-build.ts';
import { JobDocument, joinArguments, lintJob } from '../../../src/host/job/index.ts';
import { startAgent } from '../../../scripts/local-agent/index.ts';
import { type Need, file, installed, pathOf, pythonModule, testWith } from '../../tool.ts';

// Whole releases are made here, and other tests have the processors too.
jest.setTimeout(600_000);
// Releases are made and tested on one system.
const builder: Need = {
  name: 'Linux on x64',
  isMet: process.platform === 'linux' && process.arch === 'x64',
  isGiven: true,
};
const emulator = [installed('qemu-aarch64-static'), file('/lib/ld-linux-aarch64.so.1')] as const;
const hasEmulator = emulator.every(({ isMet }) => isMet);
const packers = ['dpkg-deb', 'rpmbuild', 'rpm2cpio', 'cpio', 'wixl', 'msibuild', 'msiinfo', 'msiextract'].map(
  installed,
);
const hasPackers = packers.every(({ isMet }) => isMet);
const committed: Need = {
  name: 'a checkout without changes',
  isMet: !sourceState().commit.endsWith('+changes'),
};

const [linux, windows] = [named('linux-x64'), named('win-x64')] as const;
const Reference = z.looseObject({ 'bom-ref': z.string() });
const Bom = z.looseObject({
  metadata: z.looseObject({ timestamp: z.string(), component: Reference }),
  components: z.array(Reference.extend({ name: z.string() })),
  dependencies: z.array(z.looseObject({ ref: z.string(), dependsOn: z.array(z.string()).default([]) })),
});

const Envelope = z.object({
  payload: z.base64(),
  payloadType: z.literal('application/vnd.in-toto+json'),
  signatures: z.array(z.object({ keyid: z.string(), sig: z.base64() })),
});
const Statement = z.looseObject({
  subject: z.array(z.unknown()),
  predicate: z.looseObject({
    buildDefinition: z.looseObject({
      resolvedDependencies: z.array(z.object({ uri: z.string(), digest: z.record(z.string(), z.string()) })),
    }),
  }),
});

const DOWNLOADS = 'https://example.com/releases';
const { name, jobTemplates } = taskBuild;
const folder = mkdtempSync(join(tmpdir(), 'release-'));
const out = join(folder, 'out');
let manifest: ReleaseManifest;
let printed: string;

beforeAll(async () => {
  if (!builder.isMet) return;
  const packages = hasPackers ? [] : ['--no-packages'];
  printed = await run('build/release.ts', '--out', out, '--url', DOWNLOADS, ...packages);
  manifest = ReleaseManifest.parse(JSON.parse(readFileSync(join(out, 'release.json'), 'utf8')));
});
afterAll(() => rmSync(folder, { recursive: true }));

const onLinux = testWith(builder);

onLinux('the table has a line for each target, and figures for what runs here', () => {
  expect(manifest.targets.map(({ target }) => target)).toEqual(targets.map(({ name }) => name));
  const running = new Set(['linux-x64', ...(hasEmulator ? ['linux-arm64'] : [])]);
  for (const { target, archive, signature } of manifest.targets) {
    const line = printed.split('\n').find((text) => text.startsWith(target)) ?? '';
    expect(line).toContain(archive.sha256);
    expect(line).toContain(signature.kind);
    expect(/\d\.\d\d x .*\d\.\d\d x /.test(line)).toBe(running.has(target));
    expect(archive.bytes).toBeLessThan(45e6);
  }
});

onLinux('sums and manifest are those of the files', async () => {
  for (const line of readFileSync(join(out, 'SHA256SUMS'), 'utf8').trim().split('\n')) {
    const [hash, name = ''] = line.split('  ');
    expect(sha256(readFileSync(join(out, name)))).toBe(hash);
  }
  const packages = manifest.targets.flatMap((target) => target.packages);
  for (const { path, sha256: hash } of packages) expect(sha256(readFileSync(join(out, path)))).toBe(hash);
  expect(readdirSync(out)).toHaveLength(targets.length + packages.length + (hasPackers ? 8 : 7));
  for (const target of targets) {
    const released = releasedOf(target);
    const content = await contentOf(target);
    for (const { path, bytes, sha256: hash } of [released.executable, released.job]) {
      expect(content.get(path)).toHaveLength(bytes);
      expect(sha256(content.get(path) ?? '')).toBe(hash);
    }
  }
});

onLinux.each(targets.map((target) => [target.name, target] as const))(
  '%s: documents for this system and no other, which start the executable in the archive',
  async (_, target) => {
    const content = await contentOf(target);
    const folder = `Jobs/bin/${name}`;
    const others = readdirSync(jobTemplates).filter((file) => file !== `${name}.json`);
    const documents = [...content].filter(
      ([path]) => path === jobPath || path.startsWith(`${folder}/scenarios/`),
    );
    expect(documents.map(([path]) => path)).toEqual([
      ...others.map((file) => `${folder}/scenarios/${file}`),
      jobPath,
    ]);
    const { documents: own = [] }: TaskBuild = taskBuild;
    for (const path of own) expect(content.get(`${folder}/${path}`)).toEqual(readFileSync(path));
    for (const [path, text] of documents) {
      const document: unknown = JSON.parse(text.toString());
      const fileName = path.replace(/^.*\//, '');
      expect(lintJob(document, { fileName, os: target.os })).toEqual([]);
      const { osFilter, tasks } = JobDocument.parse(document);
      expect(osFilter).toEqual({
        windows: target.os === 'windows',
        linux: target.os === 'linux',
        macOS: target.os === 'macOS',
      });
      // The agent finds the executable by its command.
      expect(tasks.map(({ command, executablePath }) => ({ command, executablePath }))).toEqual([
        { command: name, executablePath: undefined },
      ]);
    }
    // What `deploy` refuses on another system.
    expect(systemOf(content.get(executablePathIn(target)) ?? Buffer.alloc(0))).toBe(
      `${target.os}-${target.arch}`,
    );
  },
);

testWith(builder, ...packers)(
  'packages hold the executable and the job documents of the archive',
  async () => {
    const unpack = {
      deb: 'dpkg-deb --extract "$1" .',
      rpm: 'rpm2cpio "$1" | cpio --quiet --extract --make-directories',
      msi: 'msiextract --directory . "$1"',
    };
    const packages = manifest.targets.flatMap((target) =>
      target.packages.map((one) => [target.target, one] as const),
    );
    expect(packages.map(([target, { kind }]) => `${target} ${kind}`)).toEqual([
      'linux-x64 deb',
      'linux-x64 rpm',
      'linux-arm64 deb',
      'linux-arm64 rpm',
      'win-x64 msi',
    ]);
    for (const [target, { kind, path }] of packages) {
      expect(printed).toContain(`\n${path} `);
      const place = join(folder, path);
      mkdirSync(place);
      execFileSync('sh', ['-ec', unpack[kind], 'sh', join(out, path)], { cwd: place });
      const files = readdirSync(place, { recursive: true, withFileTypes: true }).filter((entry) =>
        entry.isFile(),
      );
      const hashes = files.map((entry) => sha256(readFileSync(join(entry.parentPath, entry.name))));
      const archived = [...(await contentOf(named(target)))].filter(([file]) => !file.endsWith('.txt'));
      expect(hashes).toEqual(expect.arrayContaining(archived.map(([, content]) => sha256(content))));
      expect(files.map((entry) => entry.name)).toContain('sbom.cdx.json');
      rmSync(place, { recursive: true });
    }
  },
);

testWith(builder, ...packers)('packages for Linux name every library that the executable needs', () => {
  // RPM finds them out by itself: `libc.so.6(GLIBC_2.28)(64bit)`.
  const libraries: Readonly<Record<string, string>> = {
    'libatomic.so.1': 'libatomic1',
    'libgcc_s.so.1': 'libgcc-s1',
    'libstdc++.so.6': 'libstdc++6 (>= 5.2)',
  };
  for (const target of [linux, named('linux-arm64')]) {
    const [deb, rpm] = (['deb', 'rpm'] as const).map((kind) => {
      const found = releasedOf(target).packages.find((one) => one.kind === kind);
      return join(out, found?.path ?? '');
    });
    const depends = execFileSync('dpkg-deb', ['--field', deb ?? '', 'Depends'], { encoding: 'utf8' }).trim();
    const requires = execFileSync('rpm', ['-qp', '--requires', rpm ?? ''], {
      encoding: 'utf8',
      stdio: 'pipe',
    });
    const needed = new Set(
      [...requires.matchAll(/^(lib[^(]*|ld-linux[^(]*)\(/gm)]
        .map(([, file = '']) => file)
        // Part of the C library.
        .map((file) =>
          /^(?:libc|libdl|libm|libpthread|ld-linux.*)\.so\.\d+$/.test(file)
            ? 'libc6 (>= 2.28)'
            : (libraries[file] ?? file),
        ),
    );
    expect(depends.split(', ').toSorted()).toEqual([...needed].toSorted());
    const newest = (name: string) =>
      [...requires.matchAll(new RegExp(`\\(${name}_([\\d.]+)\\)`, 'g'))]
        .map(([, version = '']) => version)
        .toSorted((a, b) => a.localeCompare(b, 'en', { numeric: true }))
        .at(-1);
    expect([newest('GLIBC'), newest('GLIBCXX')]).toEqual(['2.28', '3.4.21']);
  }
});

onLinux(
  'the formula for Homebrew has the archives and sums of the release, and installs what is in them',
  async () => {
    const formula = readFileSync(join(out, `${manifest.name}.rb`), 'utf8');
    const unix = targets.filter(({ os }) => os !== 'windows').map(releasedOf);
    const downloads = formula.matchAll(/url "(.+)"\n +sha256 "(.+)"/g);
    expect(Array.from(downloads, ([, url, hash]) => ({ url, hash }))).toEqual(
      expect.arrayContaining(
        unix.map(({ archive }) => ({ url: `${DOWNLOADS}/${archive.path}`, hash: archive.sha256 })),
      ),
    );
    const { install = '' } = /def install(?<install>[^]*?)\n  end/.exec(formula)?.groups ?? {};
    const named = Array.from(install.matchAll(/"([^"]+\/[^"]+|[^"]+\.json)"/g), ([, path]) => `Jobs/${path}`);
    const archives = await Promise.all(targets.filter(({ os }) => os !== 'windows').map(contentOf));
    for (const archive of archives) expect(named.toSorted()).toEqual([...archive.keys()].toSorted());
  },
);

testWith(builder, installed('ruby'))('the formula is Ruby', () => {
  const checked = spawnSync('ruby', ['-wc', join(out, `${manifest.name}.rb`)], { encoding: 'utf8' });
  expect(checked).toMatchObject({ status: 0, stdout: 'Syntax OK\n', stderr: '' });
});

testWith(builder, ...packers)(
  'the image installs the package for its system, if it is the released one',
  () => {
    const recipe = readFileSync(join(out, 'Containerfile'), 'utf8');
    expect(recipe).toContain(`\nENTRYPOINT ["/usr/bin/${name}"]\n`);
    const { script = '' } = /^RUN \S+ (?<script>(?:.*\\\n)*.*)/m.exec(recipe)?.groups ?? {};
    // The folder of the release, and programs of which two only say what they are asked for: nothing is installed or removed.
    const [release, programs] = [join(folder, 'image'), join(folder, 'programs')];
    mkdirSync(programs);
    for (const tool of ['grep', 'sha256sum']) symlinkSync(pathOf(tool) ?? '', join(programs, tool));
    const stub = (tool: string, text: string) =>
      writeFileSync(join(programs, tool), `#!/bin/sh\n${text}\n`, { mode: 0o755 });
    stub('apt-get', 'echo apt-get "$@"');
    stub('rm', 'echo rm "$@"');
    const install = (architecture: string) => {
      stub('dpkg', `echo ${architecture}`);
      const here = script.replace('cd /release', `cd '${release}'`);
      const { status, stdout } = spawnSync('/bin/sh', ['-c', here], {
        encoding: 'utf8',
        env: { PATH: programs },
      });
      return { status, lines: stdout.trim().split('\n') };
    };
    const debs = manifest.targets.flatMap(({ packages }) => packages.filter(({ kind }) => kind === 'deb'));
    mkdirSync(release);
    for (const file of ['SHA256SUMS', ...debs.map(({ path }) => path)]) {
      copyFileSync(join(out, file), join(release, file));
    }
    for (const { path } of debs) {
      expect(install(/_([^_]+)\.deb$/.exec(path)?.[1] ?? '')).toEqual({
        status: 0,
        lines: [
          `${path}: OK`,
          'apt-get update',
          `apt-get install --yes --no-install-recommends ./${path}`,
          expect.stringMatching(/^rm /),
        ],
      });
    }
    writeFileSync(join(release, debs[0]?.path ?? ''), 'another');
    expect(install('amd64')).toMatchObject({ status: 1, lines: [`${debs[0]?.path}: FAILED`] });
    expect(install('riscv64').status).not.toBe(0);
  },
);

onLinux('the provenance names each archive and package, the commit and the packages of the lock file', () => {
  const { subject, predicate } = Statement.parse(
    JSON.parse(readFileSync(join(out, 'provenance.json'), 'utf8')),
  );
  const files = manifest.targets.flatMap(({ archive, packages }) => [archive, ...packages]);
  expect(subject).toEqual(files.map(({ path, sha256: hash }) => ({ name: path, digest: { sha256: hash } })));
  const [source, ...dependencies] = predicate.buildDefinition.resolvedDependencies;
  expect(source?.digest).toEqual({ gitCommit: manifest.commit.replace('+changes', '') });
  const versions = new Map(dependencies.map(({ uri, digest }) => [uri.replace(/@[^@]*$/, ''), digest]));
  for (const name of ['got', 'esbuild', ...targets.map(({ nodePackage }) => nodePackage)]) {
    expect(versions.get(`pkg:npm/${name}`)).toEqual({ sha512: expect.stringMatching(/^[0-9a-f]{128}$/) });
  }
});

onLinux('what the end-to-end tests run is what the archive holds', () => {
  expect(sha256(readFileSync(executablePath))).toBe(releasedOf(linux).executable.sha256);
});

onLinux('the bill of materials has the bundled packages and each Node, and nothing of the machine', () => {
  const text = readFileSync(join(out, 'sbom.cdx.json'), 'utf8');
  const { metadata, components, dependencies } = Bom.parse(JSON.parse(text));
  const names = components.map(({ name }) => name);
  for (const name of ['got', 'mqtt', 'zod', ...targets.map(({ nodePackage }) => nodePackage)]) {
    expect(names).toContain(name);
  }
  expect(names).not.toContain('oxlint');
  expect(metadata.timestamp).toBe(manifest.date);
  // Each component is described once, and reached from the executable.
  const dependsOn = new Map(dependencies.map((one) => [one.ref, one.dependsOn]));
  const reached = new Set([metadata.component['bom-ref']]);
  for (const reference of reached) for (const one of dependsOn.get(reference) ?? []) reached.add(one);
  const references = components.map((component) => component['bom-ref']);
  expect(references.toSorted()).toEqual([...reached].slice(1).toSorted());
  expect(text).not.toContain(resolve('.'));
});

onLinux('licences of all that is in the executable', () => {
  const text = readFileSync(join(out, 'THIRD-PARTY-LICENSES.txt'), 'utf8');
  for (const name of ['got 16', 'mqtt 5', 'yargs 18', 'zod 4', 'Node.js\n'])
    expect(text).toContain(`\n${name}`);
  expect(text).toContain('V8, located at deps/v8');
});

onLinux('unpacked at an agent’s root, the job runs when the agent starts', async () => {
  const root = join(folder, 'root');
  mkdirSync(root);
  const tar = zstdDecompressSync(readFileSync(join(out, releasedOf(linux).archive.path)));
  execFileSync('tar', ['-x', '-C', root], { input: tar });
  expect(statSync(join(root, executablePathIn(linux))).mode & 0o777).toBe(0o755);
  expect(statSync(join(root, jobPath)).mode & 0o777).toBe(0o644);
  // This machine's files and its state are not the test's.
  const sample = join(folder, 'sample');
  mkdirSync(sample);
  const demonstration = await demonstrate(sample, []);
  const more = joinArguments([`--state-dir=${join(folder, 'state')}`, ...demonstration.arguments]);
  const document = join(root, jobPath);
  const text = readFileSync(document, 'utf8');
  writeFileSync(document, text.replace('{KeeperApiBaseUrl}"', `{KeeperApiBaseUrl} ${more}"`));
  const agent = await startAgent({ root, minimumLevel: 'Information' });
  try {
    await agent.idle();
    expect(agent.runs).toMatchObject([{ jobId: name, trigger: 'Startup', exitCode: 0 }]);
    expect(agent.records.map(({ payload }) => payload['event'])).toContain('run.summary');
  } finally {
    await agent.stop();
  }
});

testWith(builder, committed)(
  'the source makes the same archive and packages, and shows what is different in another',
  async () => {
    const { archive, packages } = releasedOf(linux);
    const { path } = archive;
    const published = join(out, path);
    const entries = await readArchive(path, readFileSync(published));
    const tampered = join(folder, path);
    const harmful = entries.map((entry) =>
      entry.path === jobPath
        ? { ...entry, content: Buffer.from(entry.content.toString().replace('Service', 'UserDesktop')) }
        : entry,
    );
    writeFileSync(tampered, zstdCompressSync(await writeTar(harmful, new Date(manifest.date))));
    const packed = packages.map((one) => join(out, one.path));
    const verifying = run('build/verify.ts', published, ...packed, tampered);
    await expect(verifying).rejects.toMatchObject({
      code: 1,
      stdout: expect.stringMatching(
        new RegExp(
          `${[published, ...packed].map((file) => `\nidentical: ${file} .*`).join('')}\ndiffers: ${tampered} .*\n  ${jobPath}: other bytes, from \\d+ on\n$`,
        ),
      ),
    });
  },
);

onLinux('Linux: what is left of Node’s symbols is what add-ons need', () => {
  const stripped = join(folder, 'node');
  writeFileSync(stripped, withoutSymbols(readFileSync(stockNode(linux.nodePackage))), { mode: 0o755 });
  const script =
    "require('@swc/core').transformSync('let x: number', { jsc: { parser: { syntax: 'typescript' } } }).code";
  expect(execFileSync(stripped, ['-p', script], { encoding: 'utf8' })).toContain('x');
  expect(statSync(stripped).size).toBeLessThan(0.85 * statSync(stockNode(linux.nodePackage)).size);
});

testWith(builder, ...emulator)('Linux on arm64: works, reports, ends as it should', async () => {
  const executable = join(folder, 'arm64');
  writeFileSync(executable, await executableOf(named('linux-arm64')), { mode: 0o755 });
  const sample = join(folder, 'sample-arm64');
  mkdirSync(sample);
  const demonstration = await demonstrate(sample, []);
  const start = (...arguments_: string[]) =>
    spawnSync('qemu-aarch64-static', [executable, ...arguments_], { encoding: 'utf8' });
  expect(start('--dry-run', '--verbose', ...demonstration.arguments)).toMatchObject({
    status: 0,
    stderr: expect.stringContaining('Summary: '),
  });
  expect(start('--nonsense').status).toBe(64);
});

/** What `test/release/mach-o.py` says of an executable for macOS. */
function readMachO(path: string): Record<string, unknown> {
  const text = execFileSync('python3', ['test/release/mach-o.py', path], { encoding: 'utf8' });
  return z.record(z.string(), z.unknown()).parse(JSON.parse(text));
}

testWith(builder, pythonModule('lief')).each([
  ['macos-x64', 'X86_64'],
  ['macos-arm64', 'ARM64'],
] as const)(
  '%s: the ad-hoc signature fits each page, and Node’s shared symbols are there',
  async (name, cpu) => {
    const target = named(name);
    const content = Buffer.from(await executableOf(target));
    const path = join(folder, name);
    writeFileSync(path, content);
    const good = {
      cpu,
      version: '0x20400',
      flags: 2,
      identifier: taskBuild.name,
      wrongPages: [],
      requirementsAgree: true,
      signatureEndsFile: true,
      linkEditEndsFile: true,
      linkEditFits: true,
      textIsExecutable: true,
      localSymbols: 0,
      sharedSymbols: readMachO(stockNode(target.nodePackage))['sharedSymbols'],
      hasBlob: true,
    };
    expect(readMachO(path)).toEqual(good);
    expect(releasedOf(target).signature).toEqual({ kind: 'ad-hoc' });

    const place = 10 * 4096 + 5;
    content.writeUInt8(content.readUInt8(place) ^ 1, place);
    writeFileSync(path, content);
    expect(readMachO(path)).toEqual({ ...good, wrongPages: [10] });
  },
);

onLinux('Windows: the properties name the program, and no signature is left of Node’s', async () => {
  const executable = await executableOf(windows);
  expect(signatureOf(windows, executable)).toEqual({ kind: 'none' });
  const { entries } = NtExecutableResource.from(NtExecutable.from(executable));
  const [properties] = Resource.VersionInfo.fromEntries(entries);
  expect(properties?.getStringValues({ lang: 1033, codepage: 1200 })).toMatchObject({
    FileDescription: taskBuild.description,
    OriginalFilename: `${taskBuild.name}.exe`,
    ProductName: taskBuild.title,
    ProductVersion: manifest.version,
  });
});

testWith(
  builder,
  installed('osslsigncode'),
  installed('minisign'),
  ...packers,
)('signed: executable and package for Windows, checksums, provenance; nothing else is changed', async () => {
  const path = (name: string) => join(folder, name);
  const verify = (...arguments_: string[]) => {
    const { stdout, stderr } = spawnSync('osslsigncode', ['verify', ...arguments_], { encoding: 'utf8' });
    return stdout + stderr;
  };
  writeFileSync(path('plain.exe'), await executableOf(windows));
  expect(verify(path('plain.exe'))).toContain('No signature found');
  expect(verify(path('plain.exe'))).not.toContain('MISMATCH');

  const openssl = (...arguments_: string[]) =>
    execFileSync('openssl', arguments_, { stdio: 'pipe' }).toString();
  const subject = ['-subj', '/CN=Example', '-addext', 'extendedKeyUsage=codeSigning'];
  const pair = ['-keyout', path('key'), '-out', path('crt')];
  openssl('req', '-x509', '-newkey', 'rsa:2048', '-nodes', ...pair, ...subject);
  writeFileSync(path('password'), 'x');
  const both = ['-inkey', path('key'), '-in', path('crt')];
  openssl('pkcs12', '-export', ...both, '-out', path('pfx'), '-passout', `file:${path('password')}`);
  execFileSync('minisign', ['-G', '-W', '-p', path('list.pub'), '-s', path('list.key')], { stdio: 'ignore' });
  openssl('genpkey', '-algorithm', 'ed25519', '-out', path('provenance.pem'));
  const arguments_ = [
    '--target=win-x64',
    `--out=${path('signed')}`,
    '--sign-windows=build/signing/windows',
    `--sign-key=${path('list.key')}`,
    `--provenance-key=${path('provenance.pem')}`,
  ];
  const { stdout } = await promisify(execFile)(process.execPath, ['build/release.ts', ...arguments_], {
    env: { ...process.env, SIGN_PFX: path('pfx'), SIGN_PASSWORD_FILE: path('password') },
  });
  const fingerprint = openssl('x509', '-in', path('crt'), '-noout', '-fingerprint', '-sha1');
  const thumbprint = fingerprint.trim().split('=')[1]?.replaceAll(':', '');
  const released = ReleaseManifest.parse(
    JSON.parse(readFileSync(join(path('signed'), 'release.json'), 'utf8')),
  );
  expect(released.targets.map(({ signature }) => signature)).toEqual([
    { kind: 'organisation', thumbprint, subject: 'CN=Example' },
  ]);
  expect(stdout).toContain(`organisation ${thumbprint}`);

  const name = releasedOf(windows).archive.path;
  const [signed, plain] = [path('signed'), out].map((place) => readFileSync(join(place, name)));
  if (signed === undefined || plain === undefined) throw new Error('an archive is missing');
  expect(await compareArchives(windows, signed, plain)).toMatchObject({
    isSame: true,
    verdict: 'identical but for the signature',
  });
  const executable = (await readArchive(name, signed)).find((entry) => entry.executable)?.content ?? '';
  writeFileSync(path('signed.exe'), executable);
  const msi = join(path('signed'), released.targets[0]?.packages[0]?.path ?? '');
  for (const file of [path('signed.exe'), msi]) {
    expect(verify('-CAfile', path('crt'), file)).toContain('Number of verified signatures: 1');
  }
  const sums = join(path('signed'), 'SHA256SUMS');
  execFileSync('minisign', ['-V', '-p', path('list.pub'), '-m', sums]);
  execFileSync('sha256sum', ['--check', '--strict', 'SHA256SUMS'], { cwd: path('signed') });
  const { payload, payloadType, signatures } = Envelope.parse(
    JSON.parse(readFileSync(join(path('signed'), 'provenance.intoto.jsonl'), 'utf8')),
  );
  const statement = Buffer.from(payload, 'base64');
  expect(statement.equals(readFileSync(join(path('signed'), 'provenance.json')))).toBe(true);
  writeFileSync(
    path('message'),
    `DSSEv1 ${payloadType.length} ${payloadType} ${statement.length} ${statement.toString()}`,
  );
  writeFileSync(path('signature'), Buffer.from(signatures[0]?.sig ?? '', 'base64'));
  const key = [
    '-inkey',
    path('provenance.pem'),
    '-rawin',
    '-in',
    path('message'),
    '-sigfile',
    path('signature'),
  ];
  expect(openssl('pkeyutl', '-verify', ...key)).toContain('Signature Verified Successfully');
});

function named(name: string): Target {
  const target = targets.find((one) => one.name === name);
  if (target === undefined) throw new Error(`there is no target ${name}`);
  return target;
}

function releasedOf({ name }: Target): ReleasedTarget {
  const released = manifest.targets.find(({ target }) => target === name);
  if (released === undefined) throw new Error(`release.json has no ${name}`);
  return released;
}

const contents = new Map<Target, Promise<Map<string, Buffer>>>();

/** The files of a target's archive, by path; unpacked once. */
function contentOf(target: Target): Promise<Map<string, Buffer>> {
  const { path } = releasedOf(target).archive;
  const known = contents.get(target);
  const content =
    known ??
    readArchive(path, readFileSync(join(out, path))).then(
      (entries) => new Map(entries.map((entry) => [entry.path, entry.content])),
    );
  contents.set(target, content);
  return content;
}

async function executableOf(target: Target): Promise<Buffer> {
  const executable = (await contentOf(target)).get(executablePathIn(target));
  if (executable === undefined) throw new Error(`no executable for ${target.name}`);
  return executable;
}

/** Runs a script of this project. @returns what it printed */
async function run(script: string, ...arguments_: string[]): Promise<string> {
  return (await promisify(execFile)(process.execPath, [resolve(script), ...arguments_])).stdout;
}
