/**
 * The peers that the benchmark compares with: where they are, how they are run, and `npm run bench:peers`, which
 * installs those in this machine's registries into `dist/bench/peers`. An unavailable peer is skipped, which is not
 * an error.
 *
 * No peer uses the network, and each is configured to skip what this scanner does not do either (archives,
 * binaries, decoding), so that the comparison is not in its favour.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { delimiter, join, resolve } from 'node:path';
import type { Command } from './measurement.ts';

/** Time limit of one installation, in milliseconds. */
const INSTALL_TIMEOUT = 600_000;

const KINGFISHER = 'kingfisher-bin==2.14.0';
const GITLEAKS = { module: 'github.com/zricethezav/gitleaks/v8', version: 'v8.30.1' };
const BETTERLEAKS = 'github.com/betterleaks/betterleaks@latest';
const SECRETLINT = ['secretlint@13.0.6', '@secretlint/secretlint-rule-preset-recommend@13.0.7'];
const DEBIAN = ['ripgrep', 'libvectorscan-dev'];

export interface Peer {
  readonly name: string;
  /** The version that it reports. */
  readonly version: string;
  readonly command: (tree: string) => Command;
}

interface PeerKind {
  readonly name: string;
  readonly program: string;
  /** Where `bench:peers` puts the program, below its folder. */
  readonly installed: string;
  readonly versionArgs: readonly string[];
  readonly ok?: readonly number[];
  readonly args: (tree: string, folder: string) => readonly string[];
}

/** The report goes to a separate file, since it replaces the target: even /dev/null, for root. */
const leaksArgs = (tree: string, folder: string) =>
  ['dir', tree, '--no-banner', '--log-level=error', '--exit-code=0', '--max-decode-depth=0'].concat([
    '--report-format=json',
    `--report-path=${join(folder, 'report.json')}`,
  ]);

const peerKinds: readonly PeerKind[] = [
  {
    name: 'kingfisher',
    program: 'kingfisher',
    installed: 'python/kingfisher/bin/kingfisher',
    versionArgs: ['--version'],
    // 200: there are findings.
    ok: [0, 200],
    args: (tree, folder) =>
      [
        'scan',
        tree,
        '--no-validate',
        '--no-update-check',
        '--git-history=none',
        '--no-extract-archives',
      ].concat([
        '--no-binary',
        '--no-base64',
        '--quiet',
        '--format=json',
        `--rule-cache-dir=${join(folder, 'kingfisher')}`,
      ]),
  },
  {
    name: 'gitleaks',
    program: 'gitleaks',
    installed: 'bin/gitleaks',
    versionArgs: ['version'],
    args: leaksArgs,
  },
  {
    name: 'betterleaks',
    program: 'betterleaks',
    installed: 'bin/betterleaks',
    versionArgs: ['version'],
    args: leaksArgs,
  },
  {
    name: 'secretlint',
    program: 'secretlint',
    installed: 'secretlint/node_modules/.bin/secretlint',
    versionArgs: ['--version'],
    // 1: there are findings.
    ok: [0, 1],
    args: (tree, folder) => [
      `${tree}/**/*`,
      '--no-gitignore',
      // Its JSON repeats each file.
      '--format=compact',
      `--secretlintrc=${join(folder, 'secretlint', '.secretlintrc.json')}`,
    ],
  },
];

/** Those that are installed, or else on the PATH; undefined for the others. */
export function findPeers(cache: string): ReadonlyMap<string, Peer | undefined> {
  const folder = resolve(cache, 'peers');
  return new Map(peerKinds.map((kind) => [kind.name, findPeer(kind, folder)]));
}

/** The first line of a program's version output; undefined when it does not run. */
export function versionOf(file: string, args: readonly string[]): string | undefined {
  const { status, stdout } = spawnSync(file, args, { encoding: 'utf8', timeout: 30_000 });
  return status === 0 ? stdout.split('\n')[0]?.trim() : undefined;
}

function findPeer(kind: PeerKind, folder: string): Peer | undefined {
  const onPath = (process.env['PATH'] ?? '').split(delimiter).map((place) => join(place, kind.program));
  const file = [join(folder, kind.installed), ...onPath].find(existsSync);
  const version = file === undefined ? undefined : versionOf(file, kind.versionArgs);
  if (file === undefined || version === undefined) return undefined;
  return {
    name: kind.name,
    version: version.replace(`${kind.name} `, ''),
    command: (tree) => ({
      name: kind.name,
      file,
      args: kind.args(tree, folder),
      ok: kind.ok ?? [0],
      folder,
    }),
  };
}

function attempt(what: string, file: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): void {
  const { status } = spawnSync(file, args, {
    env: { ...process.env, ...env },
    timeout: INSTALL_TIMEOUT,
    stdio: 'ignore',
  });
  console.log(`${what}: ${status === 0 ? 'installed' : 'unavailable here'}`);
}

/** Installs secretlint with its recommended preset. */
export function installSecretlint(cache: string): void {
  const folder = resolve(cache, 'peers', 'secretlint');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), '{ "private": true }\n');
  writeFileSync(
    join(folder, '.secretlintrc.json'),
    '{ "rules": [{ "id": "@secretlint/secretlint-rule-preset-recommend" }] }\n',
  );
  attempt('secretlint', 'npm', [
    'install',
    '--prefix',
    folder,
    '--ignore-scripts',
    '--silent',
    ...SECRETLINT,
  ]);
}

function installPeers(cache: string): void {
  const folder = resolve(cache, 'peers');
  installSecretlint(cache);
  const bin = { GOBIN: join(folder, 'bin') };
  const { module, version } = GITLEAKS;
  const ldflags = `-ldflags=-X ${module}/version.Version=${version}`;
  attempt('gitleaks', 'go', ['install', ldflags, `${module}@${version}`], bin);
  attempt('betterleaks', 'go', ['install', BETTERLEAKS], bin);
  const pip = ['-m', 'pip', 'install', '--quiet', '--no-deps', '--only-binary=:all:', '--upgrade'];
  attempt('kingfisher', 'python3', [...pip, '--target', join(folder, 'python'), KINGFISHER]);
  if (process.getuid?.() === 0) {
    attempt('package lists of Debian', 'apt-get', ['update', '-qq']);
    for (const name of DEBIAN)
      attempt(name, 'apt-get', ['install', '-y', '-qq', '--no-install-recommends', name], {
        DEBIAN_FRONTEND: 'noninteractive',
      });
  } else console.log(`not root, so not tried: ${DEBIAN.join(', ')}`);
}

if (import.meta.main) installPeers('dist/bench');
