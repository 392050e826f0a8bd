/**
 * The corpus: npm packages pinned by name, version and integrity in `corpus.json`, and generated files. Created
 * once in a cache folder and kept while its inputs stay the same; the same manifest and seed give the same bytes.
 * Needs `npm` and `tar`.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import manifest from './corpus.json' with { type: 'json' };
import { generatedFiles } from './generated-files.ts';
import { type TreeFile, filesOf } from './trees.ts';

/** Time limit for fetching or unpacking one package, in milliseconds. */
const PACKAGE_TIMEOUT = 300_000;

/** The files that determine the bytes, in addition to the manifest. */
const MAKERS = [
  'corpus.json',
  'corpus.ts',
  'generated-files.ts',
  '../shared/random.ts',
  '../../fixtures/tokens.ts',
  '../../src/scan/rules/validators/checksum.ts',
];

export interface Corpus {
  readonly root: string;
  readonly files: readonly TreeFile[];
  readonly bytes: number;
  /** SHA-256 of all paths and contents, to verify that two machines measured the same. */
  readonly digest: string;
}

interface PinnedPackage {
  readonly name: string;
  readonly version: string;
  readonly integrity: string;
}

/**
 * The corpus below `cache`, created if it does not exist yet.
 * @throws Error when a package cannot be fetched, or does not match the manifest
 */
export function makeCorpus(cache: string): Corpus {
  const root = join(cache, 'corpus');
  const stamp = join(cache, 'corpus.stamp');
  const recipe = recipeDigest();
  const [madeOf, known] = existsSync(stamp) ? readFileSync(stamp, 'utf8').trim().split(' ') : [];
  let digest = madeOf === recipe ? known : undefined;
  if (digest === undefined) {
    rmSync(stamp, { force: true });
    rmSync(root, { recursive: true, force: true });
    for (const pinned of manifest.packages)
      unpack(fetch(pinned, join(cache, 'tarballs')), folderOf(root, pinned));
    for (const { path, content } of generatedFiles(manifest.seed))
      write(join(root, 'generated', path), content);
    digest = treeDigest(root);
    writeFileSync(stamp, `${recipe} ${digest}\n`);
  }
  const files = filesOf(root);
  return { root, files, bytes: files.reduce((sum, { size }) => sum + size, 0), digest };
}

function recipeDigest(): string {
  const hash = createHash('sha256');
  for (const maker of MAKERS) hash.update(readFileSync(join(import.meta.dirname, maker)));
  return hash.digest('hex');
}

function folderOf(root: string, { name }: PinnedPackage): string {
  return join(root, 'packages', name.replace('@', '').replace('/', '-'));
}

/** @returns the path of the package's tarball, whose integrity has been checked. */
function fetch(pinned: PinnedPackage, folder: string): string {
  const tarball = join(folder, `${pinned.name.replace('@', '').replace('/', '-')}-${pinned.version}.tgz`);
  if (existsSync(tarball) && isIntact(tarball, pinned)) return tarball;
  console.log(`fetching ${pinned.name} ${pinned.version}`);
  const unfinished = join(folder, 'unfinished');
  rmSync(unfinished, { recursive: true, force: true });
  mkdirSync(unfinished, { recursive: true });
  const specifier = `${pinned.name}@${pinned.version}`;
  runTool('npm', ['pack', specifier, '--ignore-scripts', '--silent', '--pack-destination', unfinished]);
  const [name] = readdirSync(unfinished);
  if (name === undefined || !isIntact(join(unfinished, name), pinned))
    throw new Error(`${specifier} does not match corpus.json`);
  renameSync(join(unfinished, name), tarball);
  return tarball;
}

function isIntact(path: string, { integrity }: PinnedPackage): boolean {
  return `sha512-${createHash('sha512').update(readFileSync(path)).digest('base64')}` === integrity;
}

function unpack(tarball: string, folder: string): void {
  mkdirSync(folder, { recursive: true });
  const options = ['--strip-components=1', '--no-same-owner', '--no-same-permissions'];
  runTool('tar', ['--extract', '--gzip', '--file', tarball, '--directory', folder, ...options]);
}

function runTool(file: string, args: readonly string[]): void {
  const { status, error, stderr } = spawnSync(file, args, { encoding: 'utf8', timeout: PACKAGE_TIMEOUT });
  if (status !== 0) throw new Error(`${file} ${args.join(' ')}: ${stderr}`, { cause: error });
}

function write(path: string, content: Buffer): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
}

function treeDigest(root: string): string {
  const hash = createHash('sha256');
  for (const { path } of filesOf(root)) {
    const content = createHash('sha256')
      .update(readFileSync(join(root, path)))
      .digest('hex');
    hash.update(`${path}\0${content}\n`);
  }
  return hash.digest('hex');
}
