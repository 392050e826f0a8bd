/** Compares files with those of the compressed archive that they were unpacked from. */
import { createHash } from 'node:crypto';
import { MAX_BYTES } from './origin.ts';
import type { PackageFiles } from './package-files.ts';
import { type TarEntry, tarEntries } from './tar-archive.ts';

/** Maximum size of an archive, in bytes. Few packages are larger. */
const MAX_ARCHIVE_BYTES = 8 * 1024 * 1024;

/** How an archive keeps its files. */
export interface TarballForm {
  /** The archive's files, given its bytes; undefined if it is something else. */
  readonly unpacked?: (archive: Buffer) => Buffer | undefined;
  /** The name of a file below the package's folder. */
  readonly nameOf?: (entry: string) => string;
}

/** True if the file at a path is as in the archive, under this name. */
export function isAsInTarball(
  files: PackageFiles,
  path: string,
  archive: string,
  name: string,
  form: TarballForm = {},
): boolean {
  const sum = tarballSums(files, archive, form).get(name.replaceAll('\\', '/'));
  return sum !== undefined && files.sumOf(path, MAX_BYTES, 'sha256')?.digest('hex') === sum;
}

/** The SHA-256 of the files in an archive, by name; empty for one that cannot be read or is too large. */
export function tarballSums(
  files: PackageFiles,
  archive: string,
  form: TarballForm = {},
): ReadonlyMap<string, string> {
  return files.sums(archive, () => sumsOf(files, archive, form));
}

function sumsOf(files: PackageFiles, archive: string, form: TarballForm): ReadonlyMap<string, string> {
  const { unpacked = (bytes) => files.gunzip(bytes), nameOf = belowFirstFolder } = form;
  const bytes = files.bytesOf(archive, MAX_ARCHIVE_BYTES);
  const tar = bytes && unpacked(bytes);
  return new Map(
    tar && tarEntries(tar).map(({ name, content }: TarEntry) => [nameOf(name), sumOfBytes(content)]),
  );
}

/** `lib/a.js` for `package/lib/a.js`. */
function belowFirstFolder(name: string): string {
  return name.slice(name.indexOf('/') + 1);
}

function sumOfBytes(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}
