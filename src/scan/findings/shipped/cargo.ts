/**
 * Files of Rust crates: cargo keeps the archive of each crate that it unpacks from the registry, and `cargo vendor` lists the SHA-256 of
 * each file. Only crates from crates.io: others are not known to everybody.
 */
import type { Platform } from '../../../host/platform/index.ts';
import { fieldsOf } from './json-object.ts';
import { MAX_BYTES, type Origin } from './origin.ts';
import type { PackageFiles } from './package-files.ts';
import { isAsInTarball, tarballSums } from './tarball.ts';

const MAX_LARGE_BYTES = 256 * 1024 * 1024;
/** The time that `cargo package` gives every file: 2006-07-24. It shows that a file of a crate that is too large to unpack is unmodified. */
const PACKAGED_AT = 1_153_704_088_000;
const MAX_LIST_BYTES = 4 * 1024 * 1024;
/** The names of crates.io in the registry, for its two protocols. */
const unpacked =
  /^(.*[\\/]registry)[\\/]src[\\/](index\.crates\.io-[0-9a-f]{16}|github\.com-1ecc6299db9ec823)[\\/]([^\\/]+)[\\/](.+)$/;
const vendored = /^(.*[\\/]vendor[\\/][^\\/]+)[\\/](.+)$/;

/** Finds the crate of a file, if the file is as the crate brought it. */
export function cargoOrigin({ path: paths, fs }: Platform, files: PackageFiles): Origin {
  const isOfLargeCrate = (path: string, archive: string) =>
    files.isThere(archive, MAX_LARGE_BYTES) &&
    tarballSums(files, archive).size === 0 &&
    fs.status(path).mtimeMs === PACKAGED_AT;
  return (path) => {
    const [, registry = '', index = '', crate = '', rest = ''] = unpacked.exec(path) ?? [];
    if (registry !== '') {
      const archive = paths.join(registry, 'cache', index, `${crate}.crate`);
      const isSame = isAsInTarball(files, path, archive, rest) || isOfLargeCrate(path, archive);
      return isSame ? nameOf(crate) : undefined;
    }
    const [, folder = '', name = ''] = vendored.exec(path) ?? [];
    if (folder === '') return undefined;
    const list = paths.join(folder, '.cargo-checksum.json');
    const sums = files.sums(list, () => sumsOf(files.jsonOf(list, MAX_LIST_BYTES)));
    const sum = sums.get(name.replaceAll('\\', '/'));
    if (sum === undefined || files.sumOf(path, MAX_BYTES, 'sha256')?.digest('hex') !== sum) return undefined;
    return `${paths.basename(folder)} ${versionOf(files, paths.join(folder, 'Cargo.toml'))}`;
  };
}

/** `itoa 1.0.19` for `itoa-1.0.19`. */
function nameOf(crate: string): string {
  return crate.replace(/-(?=\d+\.\d+\.\d+)/, ' ');
}

/** Empty for a crate that has no archive: it is not from a registry. */
function sumsOf(list: unknown): ReadonlyMap<string, string> {
  const { package: archive, files } = fieldsOf(list);
  const entries = typeof archive === 'string' ? Object.entries(fieldsOf(files)) : [];
  return new Map(entries.flatMap(([name, sum]) => (typeof sum === 'string' ? [[name, sum]] : [])));
}

function versionOf(files: PackageFiles, manifest: string): string {
  const version = /^version\s*=\s*"([^"]{1,100})"/;
  return files.inLines(manifest, MAX_LIST_BYTES, 'version', (line) => version.exec(line)?.[1]) ?? '';
}
