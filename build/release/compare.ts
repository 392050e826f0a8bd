/** Compares two builds: byte for byte, or without the organisation's signature of a published archive. */
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Target } from '../targets.ts';
import { readArchive } from '../../src/host/commands/deploy/archive/archive.ts';
import type { Entry } from '../../src/host/commands/deploy/archive/entry.ts';
import { executablePathIn } from './contents.ts';
import { sha256 } from './manifest.ts';
import { signatureOf, withoutOrganisation } from './signature.ts';

export interface Comparison {
  readonly isSame: boolean;
  /** A short summary, and each file that differs. */
  readonly verdict: string;
  readonly differences: readonly string[];
}

/** @throws Error when one of them is not an archive of this target's kind */
export async function compareArchives(
  target: Target,
  published: Buffer,
  rebuilt: Buffer,
): Promise<Comparison> {
  if (published.equals(rebuilt)) return { isSame: true, verdict: 'identical', differences: [] };
  const name = `.${target.archive}`;
  const [left, right] = await Promise.all([readArchive(name, published), readArchive(name, rebuilt)]);
  const executable = left.find(({ path }) => path === executablePathIn(target));
  if (executable === undefined || signatureOf(target, executable.content).kind !== 'organisation') {
    const found = differences(left, right);
    const differing =
      found.length > 0 ? found : ['how the files are packed: order, times, owners or compression'];
    return { isSame: false, verdict: 'differs', differences: differing };
  }
  const unsigned = left.map((entry) =>
    entry === executable ? { ...entry, content: withoutOrganisation(target, entry.content) } : entry,
  );
  const found = differences(unsigned, right);
  return found.length === 0
    ? { isSame: true, verdict: 'identical but for the signature', differences: [] }
    : { isSame: false, verdict: 'differs in more than the signature', differences: found };
}

/** Packages are compared as a whole: what they run and declare is as important as their files. */
export function comparePackages(published: Buffer, rebuilt: Buffer): Comparison {
  const at = firstDifference(published, rebuilt);
  return at === undefined
    ? { isSame: true, verdict: 'identical', differences: [] }
    : { isSame: false, verdict: 'differs', differences: [`other bytes, from ${at} on`] };
}

/** Compares the files of two builds by name: equal or not, with both hashes, or missing. */
export function compareFolders(
  first: string,
  second: string,
): { readonly file: string; readonly isSame: boolean; readonly hashes: readonly string[] }[] {
  const builds = [first, second].map(
    (folder) => new Map(readdirSync(folder).map((file) => [file, sha256(readFileSync(join(folder, file)))])),
  );
  const files = [...new Set(builds.flatMap((build) => [...build.keys()]))].sort();
  return files.map((file) => {
    const hashes = new Set(builds.map((build) => build.get(file) ?? 'missing'));
    return { file, isSame: hashes.size === 1, hashes: [...hashes] };
  });
}

function differences(published: readonly Entry[], rebuilt: readonly Entry[]): string[] {
  const paths = [...new Set([...published, ...rebuilt].map(({ path }) => path))].sort();
  return paths.flatMap((path) => {
    const [left, right] = [published, rebuilt].map((entries) =>
      entries.filter((entry) => entry.path === path),
    );
    const [one, other] = [left?.[0], right?.[0]];
    if (one === undefined) return [`${path}: only in what the source makes`];
    if (other === undefined) return [`${path}: only in the published archive`];
    if (left?.length !== 1) return [`${path}: more than once in the published archive`];
    if (one.executable !== other.executable) return [`${path}: another mode`];
    const at = firstDifference(one.content, other.content);
    return at === undefined ? [] : [`${path}: other bytes, from ${at} on`];
  });
}

function firstDifference(left: Buffer, right: Buffer): number | undefined {
  if (left.equals(right)) return undefined;
  const at = left.findIndex((byte, index) => byte !== right[index]);
  return at === -1 ? left.length : at;
}
