/**
 * Real trees without anybody's secrets: packages, documentation, the source of Linux. Each finding in them is a
 * false positive, or a published sample.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, linkSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { filesOf } from '../bench/trees.ts';

const TIMEOUT = 600_000;

export interface CleanTree {
  readonly name: string;
  readonly root: string;
  /** The path that secretlint gets: it never enters a folder named `node_modules`. */
  readonly peerRoot: string;
}

/** The trees that are available here; prints a line for each that is not. */
export function cleanTrees(cache: string): readonly CleanTree[] {
  const modules = resolve('node_modules');
  const renamed = linked(modules, join(cache, 'modules'));
  const linux = linuxSource(cache);
  const trees: (CleanTree | undefined)[] = [
    { name: 'node_modules', root: modules, peerRoot: renamed },
    { name: 'node_modules, renamed', root: renamed, peerRoot: renamed },
    { name: 'Debian documentation', root: '/usr/share/doc', peerRoot: '/usr/share/doc' },
    linux === undefined ? undefined : { name: 'Linux source', root: linux, peerRoot: linux },
  ];
  return trees.filter((tree) => tree !== undefined).filter(({ root }) => existsSync(root));
}

/** The same files with other names of their folders. */
function linked(root: string, target: string): string {
  rmSync(target, { recursive: true, force: true });
  for (const { path } of filesOf(root)) {
    const to = join(target, path.replaceAll('node_modules', 'modules'));
    mkdirSync(dirname(to), { recursive: true });
    linkSync(join(root, path), to);
  }
  return target;
}

/** Debian's package of the kernel's source, downloaded and unpacked once. */
function linuxSource(cache: string): string | undefined {
  const folder = resolve(cache, 'debian');
  mkdirSync(folder, { recursive: true });
  const find = () => readdirSync(folder).find((name) => /^linux-source-[\d.]+$/.test(name));
  if (find() === undefined) {
    console.log('fetching the source of Linux');
    const steps = [
      `apt-get download --quiet $(apt-cache depends linux-source | sed -n 's/.*Depends: \\(linux-source-[0-9.]*\\)$/\\1/p' | head -1)`,
      `dpkg-deb --fsys-tarfile linux-source-*.deb | tar -x --wildcards './usr/src/*.tar.xz'`,
      // Renamed when it is complete, so that an interrupted run leaves no partial tree.
      'tar -xJf usr/src/linux-source-*.tar.xz -C usr/src && mv usr/src/linux-source-*/ . && rm -r usr',
    ];
    const isFetched = readdirSync(folder).some((name) => name.endsWith('.deb'));
    for (const step of isFetched ? steps.slice(1) : steps) {
      const { status } = spawnSync('sh', ['-c', step], { cwd: folder, timeout: TIMEOUT, stdio: 'ignore' });
      if (status === 0) continue;
      console.log('the source of Linux is unavailable here (apt-get download linux-source): skipped');
      return undefined;
    }
  }
  const name = find();
  return name === undefined ? undefined : join(folder, name);
}
