/** Says whether secrets of a repository's history are still in its work tree: in the file at the same path. */
import type { Platform } from '../../host/platform/index.ts';
import { openFile } from '../files/open-file.ts';
import { MAX_HELD_BYTES } from './limits.ts';

/** Files that are looked at for one repository. */
const MAX_FILES = 1000;

/** The folder above `.git`; a repository elsewhere has no work tree, or one that only its configuration knows. */
export function workTreeOf(repository: string, { path: paths }: Platform): string | undefined {
  return paths.basename(repository) === '.git' ? paths.dirname(repository) : undefined;
}

/**
 * The contents of files of the work tree.
 * @param top without links
 * @param names below it, with forward slashes: of the repository, and not to be trusted
 * @returns by name: undefined for a file that is not there, or that is too large to be looked at
 */
export function* contentsIn(
  top: string,
  names: Iterable<string>,
  platform: Platform,
): Generator<readonly [name: string, content: Buffer], void, undefined> {
  let rest = MAX_FILES;
  for (const name of new Set(names)) {
    rest -= 1;
    if (rest < 0) return;
    const content = isPlain(name) ? contentOf(top, name, platform) : undefined;
    if (content !== undefined) yield [name, content];
  }
}

/** Git refuses other names when it checks a file out. */
function isPlain(name: string): boolean {
  return name
    .split('/')
    .every((part) => part !== '' && part !== '.' && part !== '..' && !/[\\\0]/.test(part));
}

function contentOf(top: string, name: string, { fs, os, path: paths }: Platform): Buffer | undefined {
  const path = paths.join(top, name);
  try {
    const place = { kind: 'file' as const, path, name: paths.basename(path), parent: paths.dirname(path) };
    const opened = openFile({ fs, os }, { ...place, folder: undefined });
    if (opened.kind === 'skipped') return undefined;
    const { descriptor, status } = opened;
    try {
      if (status.size > MAX_HELD_BYTES) return undefined;
      const content = Buffer.alloc(status.size);
      return content.subarray(0, fs.read(descriptor, content, 0, content.length, 0));
    } finally {
      fs.close(descriptor);
    }
  } catch {
    return undefined;
  }
}
