/**
 * Files of packages that rpm installed: its database has the sum of each. Only databases of SQLite, rpm's format since 2020 (4.16); files
 * of older systems count as modified.
 */
import type { DatabaseSync } from 'node:sqlite';
import { pathToFileURL } from 'node:url';
import type { Platform } from '../../../host/platform/index.ts';
import { MAX_BYTES, type Origin } from './origin.ts';
import type { PackageFiles } from './package-files.ts';
import { type PackagedFile, packagedFile } from './rpm-header.ts';

const DATABASES = ['/usr/lib/sysimage/rpm/rpmdb.sqlite', '/var/lib/rpm/rpmdb.sqlite'];
const MAX_DATABASE_BYTES = 2 * 1024 * 1024 * 1024;
/** Maximum number of packages with a file of the same name that are looked at, and size of what is known of one. */
const MAX_CANDIDATES = 100;
const MAX_HEADER_BYTES = 16 * 1024 * 1024;

/** Finds the package of a file, if the file is as the package brought it. */
export function rpmOrigin({ os, path: paths }: Platform, files: PackageFiles, databases = DATABASES): Origin {
  let opened: DatabaseSync | undefined;
  return (path) => {
    if (os !== 'linux') return undefined;
    const place = databases.find((one) => files.isThere(one, MAX_DATABASE_BYTES));
    if (place === undefined) return undefined;
    try {
      opened ??= open(place);
      const found = fileIn(opened, path, paths.basename(path), files);
      if (found === undefined) return undefined;
      const isSame = files.sumOf(path, MAX_BYTES, found.algorithm)?.digest('hex') === found.digest;
      return isSame ? found.package : undefined;
    } catch {
      // Damaged, or being written.
      return undefined;
    }
  };
}

/** For reading only: without locks, and without files of SQLite beside the database. */
function open(path: string): DatabaseSync {
  const { DatabaseSync } = process.getBuiltinModule('node:sqlite');
  return new DatabaseSync(new URL(`${pathToFileURL(path).href}?immutable=1`), { readOnly: true });
}

function fileIn(
  database: DatabaseSync,
  path: string,
  name: string,
  files: PackageFiles,
): PackagedFile | undefined {
  const candidates = database.prepare('SELECT hnum, idx FROM Basenames WHERE key = ? LIMIT ?');
  const header = database.prepare('SELECT blob FROM Packages WHERE hnum = ? AND length(blob) <= ?');
  for (const { hnum = 0, idx } of candidates.all(name, MAX_CANDIDATES)) {
    const blob = header.get(hnum, MAX_HEADER_BYTES)?.['blob'];
    if (!(blob instanceof Uint8Array) || !files.mayRead(blob.length)) return undefined;
    const found = packagedFile(Buffer.from(blob.buffer, blob.byteOffset, blob.length), Number(idx), path);
    if (found !== undefined) return found;
  }
  return undefined;
}
