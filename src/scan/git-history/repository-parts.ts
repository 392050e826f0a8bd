/**
 * What a repository's object store consists of (gitrepository-layout(5)): packs and loose objects. Nothing else in the repository is read: not
 * its configuration, not its references, not the stores of other repositories that it names (`alternates`).
 */
import { hash } from 'node:crypto';
import { codeOf } from '../../host/exit/task-error.ts';
import type { FileStatus, FolderWalk, Platform, WalkedFolder } from '../../host/platform/index.ts';
import { ContainerError } from '../containers/container.ts';
import { MAX_LOOSE_OBJECTS, MAX_PACKS } from './limits.ts';

/** A file of the store. */
export interface Part {
  /** Below `objects`: `pack/pack-4f2a.pack`, `4f/2a...`. */
  readonly name: string;
  /** The folder that contains it, below `objects`. */
  readonly folder: string;
  /** The id of a loose object, hexadecimal; undefined for a pack. */
  readonly id: string | undefined;
  readonly size: number;
  /** 16 hexadecimal digits that differ when the file is another one, or has changed. */
  readonly key: string;
}

export interface RepositoryParts {
  readonly parts: readonly Part[];
  /** 20 for SHA-1, 32 for SHA-256: as the names say. */
  readonly idBytes: number;
}

const PACK = /^pack-([0-9a-f]{40}|[0-9a-f]{64})\.pack$/;
const LOOSE_FOLDER = /^[0-9a-f]{2}$/;
const LOOSE = /^(?:[0-9a-f]{38}|[0-9a-f]{62})$/;

/**
 * Lists the parts, loose objects last.
 * @param objects the folder, without links
 * @param isExcluded called with the name of each part, and that of its file
 * @throws the file system's error; ContainerError when there are too many
 */
export function partsIn(
  objects: string,
  walk: FolderWalk,
  { fs, path: paths }: Platform,
  isExcluded: (part: string, name: string) => boolean,
): RepositoryParts {
  const parts: Part[] = [];
  const folderOf = (name: string): WalkedFolder | undefined => {
    try {
      return walk.open(paths.join(objects, name));
    } catch (error) {
      if (codeOf(error) === 'ENOENT') return undefined;
      throw error;
    }
  };
  const add = (folder: string, name: string, status: FileStatus, id?: string) =>
    parts.push({
      name: `${folder}/${name}`,
      folder,
      id,
      size: status.size,
      key: keyOf(`${folder}/${name}`, status),
    });
  const packs = folderOf('pack');
  if (packs !== undefined) {
    for (const { name } of fs.list(packs)) {
      if (!name.endsWith('.pack') || isExcluded(paths.join('pack', name), name)) continue;
      add('pack', name, fs.status(packs.pathOf(name)));
      if (parts.length > MAX_PACKS) throw new ContainerError('container-limit', 'too many packs');
    }
  }
  const isLong = parts.some(({ name }) => PACK.exec(name.slice('pack/'.length))?.[1]?.length === 64);
  let idBytes = isLong ? 32 : 20;
  let loose = 0;
  const prefixes = [...fs.list(walk.open(objects))]
    .map(({ name }) => name)
    .filter((name) => LOOSE_FOLDER.test(name));
  for (const prefix of prefixes.toSorted()) {
    const folder = folderOf(prefix);
    if (folder === undefined) continue;
    for (const { name } of fs.list(folder)) {
      if (!LOOSE.test(name) || isExcluded(paths.join(prefix, name), name)) continue;
      add(prefix, name, fs.status(folder.pathOf(name)), prefix + name);
      if (name.length > 38) idBytes = 32;
      loose += 1;
      if (loose > MAX_LOOSE_OBJECTS) throw new ContainerError('container-limit', 'too many loose objects');
    }
  }
  return { parts, idBytes };
}

function keyOf(name: string, { dev, ino, size, mtimeMs, ctimeMs }: FileStatus): string {
  return hash('sha256', JSON.stringify([name, dev, ino, size, mtimeMs, ctimeMs]), 'hex').slice(0, 16);
}
