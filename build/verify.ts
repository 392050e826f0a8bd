/**
 * Checks that published archives and packages are built from the source:
 *
 *   npm run release:verify -- [--commit COMMIT] FILE..      builds their targets in a clean clone and compares
 *   npm run release:verify [-- --target NAME ..]            builds twice, in two clean clones, and compares all files
 *
 * One line for each file, and for each difference. Exit code 1 when there is a difference, 64 when the check is impossible.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { parseArgs } from 'node:util';
import { describeError } from '../src/host/exit/task-error.ts';
import { compareArchives, compareFolders, comparePackages } from './release/compare.ts';
import { sha256 } from './release/manifest.ts';
import { type Target, targets } from './targets.ts';

const options = {
  commit: { type: 'string', default: 'HEAD' },
  target: { type: 'string', multiple: true, default: targets.map(({ name }) => name) },
} as const;

/** The ends of the names of packages, by target. */
const packageEnds: Readonly<Record<string, Target['name']>> = {
  '_amd64.deb': 'linux-x64',
  '_arm64.deb': 'linux-arm64',
  '.x86_64.rpm': 'linux-x64',
  '.aarch64.rpm': 'linux-arm64',
  '-win-x64.msi': 'win-x64',
};

const temporary = mkdtempSync(join(tmpdir(), 'verify-'));
try {
  process.exitCode = (await main(process.argv.slice(2))) ? 0 : 1;
} catch (error) {
  console.error(`release:verify: ${describeError(error)}`);
  process.exitCode = 64;
} finally {
  rmSync(temporary, { recursive: true });
}

async function main(argv: string[]): Promise<boolean> {
  const { values, positionals } = parseArgs({ args: argv, allowPositionals: true, options });
  const commit = git('rev-parse', '--verify', `${values.commit}^{commit}`);
  console.log(`commit ${commit}`);
  return positionals.length > 0
    ? await compareWithSource(commit, positionals)
    : compareTwoBuilds(commit, values.target);
}

async function compareWithSource(commit: string, paths: readonly string[]): Promise<boolean> {
  const published = paths.map((path) => ({ path, content: readFileSync(path), target: targetOf(path) }));
  const names = new Set(published.map(({ target }) => target.name));
  const more = paths.some(isPackage) ? [] : ['--no-packages'];
  const folder = releaseOf(commit, [...names], { folder: 'clone', environment: process.env, more });
  let areSame = true;
  for (const { path, content, target } of published) {
    const rebuilt = rebuiltFrom(folder, path, target);
    const { isSame, verdict, differences } = isPackage(path)
      ? comparePackages(content, rebuilt)
      : await compareArchives(target, content, rebuilt);
    areSame &&= isSame;
    console.log(`${verdict}: ${path} (SHA-256 ${sha256(content)})`);
    for (const difference of differences) console.log(`  ${difference}`);
  }
  return areSame;
}

/** The file that the source makes: an archive for the same target, or a package of the same kind for it. */
function rebuiltFrom(folder: string, path: string, target: Target): Buffer {
  const end = isPackage(path) ? endOfPackage(path) : `-${target.name}.${target.archive}`;
  const name = readdirSync(folder).find((file) => file.endsWith(end));
  if (name === undefined) throw new Error(`the source makes no file like ${basename(path)}`);
  return readFileSync(join(folder, name));
}

/** Two builds in environments that differ as much as one machine allows: folder, time, time zone. */
function compareTwoBuilds(commit: string, names: readonly string[]): boolean {
  const first = releaseOf(commit, names, { folder: 'one', environment: { ...process.env, TZ: 'UTC' } });
  const second = releaseOf(commit, names, {
    folder: join('another folder', 'of a longer name'),
    environment: { ...process.env, TZ: 'Pacific/Chatham' },
  });
  const compared = compareFolders(first, second);
  for (const { file, isSame, hashes } of compared) {
    console.log(`${isSame ? 'identical' : 'differs'}: ${file} (SHA-256 ${hashes.join(' and ')})`);
  }
  return compared.every(({ isSame }) => isSame);
}

interface Rebuild {
  readonly folder: string;
  readonly environment: NodeJS.ProcessEnv;
  /** Further flags of the release. */
  readonly more?: readonly string[];
}

/** Builds a release of a commit in a clean clone of this repository. Returns the folder with its files. */
function releaseOf(
  commit: string,
  names: readonly string[],
  { folder, environment, more = [] }: Rebuild,
): string {
  const [clone, out] = [join(temporary, folder, 'source'), join(temporary, folder, 'release')];
  mkdirSync(clone, { recursive: true });
  git('clone', '--quiet', '--shared', '--no-checkout', '.', clone);
  git('-C', clone, 'checkout', '--quiet', '--detach', commit);
  const npm = (...arguments_: string[]) =>
    execFileSync('npm', arguments_, {
      cwd: clone,
      env: environment,
      stdio: ['ignore', 'ignore', 'inherit'],
    });
  npm('ci', '--prefer-offline', '--loglevel=error');
  npm(
    'run',
    'release',
    '--loglevel=error',
    '--',
    '--out',
    out,
    ...more,
    ...names.flatMap((name) => ['--target', name]),
  );
  return out;
}

function endOfPackage(path: string): string {
  return Object.keys(packageEnds).find((end) => path.endsWith(end)) ?? '';
}

function isPackage(path: string): boolean {
  return endOfPackage(path) !== '';
}

function targetOf(path: string): Target {
  const ofPackage = packageEnds[endOfPackage(path)];
  const target = targets.find(
    ({ name, archive }) => name === ofPackage || path.endsWith(`-${name}.${archive}`),
  );
  if (target === undefined) throw new Error(`${basename(path)} is not named like a file of a release`);
  return target;
}

function git(...arguments_: string[]): string {
  return execFileSync('git', arguments_, { encoding: 'utf8' }).trim();
}
