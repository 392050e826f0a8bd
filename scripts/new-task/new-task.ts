/** The steps of `npm run new-task`. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import * as z from 'zod';
import { homeKeys, renamed, scannerPackages, scannerPaths, scannerScripts } from './scanner.ts';

/** The checkout or the name cannot be used. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
}

const TEMPLATE = join(import.meta.dirname, 'template');
const SUFFIX = '.template';
const FIRST_VERSION = '0.1.0';
/** Longer names make paths that some systems reject. */
const LONGEST_NAME = 50;
/** Folders beside the task's, and names of devices, which Windows does not allow for files. */
const reserved = /^(?:host|scan|main|con|prn|aux|nul|com\d|lpt\d)$/;

const POLICY = 'build/supply-chain.json';
const Policy = z.looseObject({ installScripts: z.array(z.string()) });

const Package = z.looseObject({
  imports: z.looseObject({ '#task-build': z.string() }),
  scripts: z.record(z.string(), z.string()),
  dependencies: z.record(z.string(), z.string()),
  devDependencies: z.record(z.string(), z.string()),
});

/**
 * Changes the checkout, and yields its actions, line by line.
 * @throws Refusal before anything has changed
 */
export async function* newTask(name: string, checkout: string): AsyncGenerator<string> {
  const root = resolve(checkout);
  requireName(name, root);
  requireCheckout(root);
  const title = titleOf(name);

  // Read first: the removed files include the templates.
  const files = templates().map(({ path, text }) => ({
    path: path.replaceAll('NAME', name),
    text: text.replaceAll('{{NAME}}', name).replaceAll('{{TITLE}}', title),
  }));
  yield `removed  ${removeScanner(root).join(', ')}`;
  const written = files.map(({ path }) => path);
  for (const { path, text } of files) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  yield `wrote    ${written.join(', ')}`;
  const changed = renameProduct(root, renamed(name, title));
  changePackage(root, name, title);
  changePolicy(root);
  yield `changed  ${[...changed, 'package.json', 'package-lock.json', POLICY].join(', ')}`;

  const node = (...args: string[]) => execFileSync(process.execPath, args, { cwd: root, stdio: 'pipe' });
  execFileSync('npm', ['install', '--package-lock-only', '--ignore-scripts', '--prefer-offline'], {
    cwd: root,
    stdio: 'pipe',
  });
  const prettier = ['node_modules/prettier/bin/prettier.cjs', '--write', '--ignore-unknown'];
  node(...prettier, ...written, ...changed, 'package.json', POLICY);
  node('build/docs.ts');
  yield `\nThe task is in src/${name}/index.ts. Next: npm ci && npm start, then npm test, then commit.`;
}

function requireName(name: string, root: string): void {
  if (!/^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/.test(name) || name.length > LONGEST_NAME) {
    throw new Refusal(
      `"${name}": use lower-case letters, digits and single hyphens, at most ${LONGEST_NAME} characters, such as disk-space`,
    );
  }
  if (reserved.test(name)) throw new Refusal(`"${name}" is reserved; choose another name`);
  if (existsSync(join(root, 'examples', name)))
    throw new Refusal(`examples/${name} has this name; choose another`);
}

function requireCheckout(root: string): void {
  if (!existsSync(join(root, 'src/scan/task-build.ts'))) {
    throw new Refusal(`${root} is no checkout with the scanner`);
  }
  if (!existsSync(join(root, 'node_modules/prettier'))) throw new Refusal('run "npm ci" first');
  if (git(root, 'status', '--porcelain') !== '') {
    throw new Refusal(`${root} has changes that are not committed; commit them or undo them first`);
  }
}

/** `disk-space`: `Disk space`. */
function titleOf(name: string): string {
  const words = name.replaceAll('-', ' ');
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}`;
}

/** Returns the removed paths. */
function removeScanner(root: string): readonly string[] {
  const paths = scannerPaths.filter((path) => existsSync(join(root, path)));
  // Build results belong to the scanner, too.
  for (const path of [...paths, 'dist']) rmSync(join(root, path), { recursive: true, force: true });
  return paths;
}

interface Template {
  /** The destination of the file, with `NAME` for the task's name. */
  readonly path: string;
  readonly text: string;
}

/** Templates have a suffix, so that no tool treats them as sources. */
function templates(): readonly Template[] {
  return readdirSync(TEMPLATE, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith(SUFFIX))
    .map((path) => ({
      path: path.slice(0, -SUFFIX.length).replaceAll('\\', '/'),
      text: readFileSync(join(TEMPLATE, path), 'utf8'),
    }));
}

/** Puts the new names into all remaining files. Returns those that contained one. */
function renameProduct(root: string, names: ReturnType<typeof renamed>): readonly string[] {
  const tracked = git(root, 'ls-files', '-z').split('\0');
  const files = tracked.filter((path) => existsSync(join(root, path)) && !path.startsWith('package'));
  return files.filter((path) => {
    const file = join(root, path);
    if (!statSync(file).isFile()) return false;
    const before = readFileSync(file, 'utf8');
    const after = names.reduce((text, [old, now]) => text.replaceAll(old, now), before);
    if (after !== before) writeFileSync(file, after);
    return after !== before;
  });
}

function changePackage(root: string, name: string, title: string): void {
  const file = join(root, 'package.json');
  const text: unknown = JSON.parse(readFileSync(file, 'utf8'));
  const before = Package.parse(text);
  const after = {
    // In the order of the file, which zod does not preserve.
    ...without(Object(text), homeKeys),
    name: `kepm-${name}`,
    version: FIRST_VERSION,
    description: `${title}: a job of Keeper Endpoint Privilege Manager.`,
    imports: { ...before.imports, '#task-build': `./src/${name}/task-build.ts` },
    scripts: without(before.scripts, scannerScripts),
    dependencies: without(before.dependencies, scannerPackages),
    devDependencies: without(before.devDependencies, scannerPackages),
  };
  writeFileSync(file, `${JSON.stringify(after, null, 2)}\n`);
}

/** Takes the scanner's packages, and those that they consist of, from the policy. */
function changePolicy(root: string): void {
  const file = join(root, POLICY);
  const text: unknown = JSON.parse(readFileSync(file, 'utf8'));
  const { installScripts } = Policy.parse(text);
  const kept = installScripts.filter((name) => !scannerPackages.some((scanner) => name.startsWith(scanner)));
  writeFileSync(file, `${JSON.stringify({ ...Object(text), installScripts: kept }, null, 2)}\n`);
}

function without(value: object, keys: readonly string[]) {
  return Object.fromEntries(Object.entries(value).filter(([key]) => !keys.includes(key)));
}

function git(root: string, ...args: readonly string[]): string {
  return execFileSync('git', args, { cwd: root, encoding: 'utf8' }).trim();
}
