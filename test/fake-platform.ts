/** A machine made of a list of files, for the paths and errors of systems that the tests do not run on. */
import { posix, win32 } from 'node:path';
import type { FileSystem, Os, Platform } from '../src/host/platform/index.ts';

/** What stands at a path: a file's text, a kind of entry, or the error that any use of it ends in. */
export type FakeEntry = string | { readonly kind: 'link' | 'pipe' } | { readonly error: string };

function failure(code: string, path: string): Error {
  return Object.assign(new Error(`${code}: ${path}`), { code });
}

function kinds(entry: FakeEntry | undefined) {
  const kind =
    entry === undefined ? 'folder' : typeof entry === 'object' && 'kind' in entry ? entry.kind : 'file';
  return {
    isFile: () => kind === 'file',
    isDirectory: () => kind === 'folder',
    isSymbolicLink: () => kind === 'link',
  };
}

/**
 * A platform with these files; their folders exist too. A path that ends with the separator is a folder, and may have an
 * error in place of its entries.
 */
/** What no test asks for. */
const plain = { dev: 1, ino: 1, mtimeMs: 0, ctimeMs: 0, mode: 0o100644, uid: 1000, gid: 1000, blocks: 8 };

export function fakePlatform(os: Os, files: Readonly<Record<string, FakeEntry>>): Platform {
  const path = os === 'windows' ? win32 : posix;
  const entries = new Map<string, FakeEntry>();
  const folders = new Map<string, Set<string>>();
  const broken = new Map<string, string>();
  const addTo = (place: string) => {
    for (let child = place; path.dirname(child) !== child; child = path.dirname(child)) {
      const parent = path.dirname(child);
      folders.set(parent, (folders.get(parent) ?? new Set()).add(path.basename(child)));
    }
  };
  for (const [key, entry] of Object.entries(files)) {
    const isFolder = key.endsWith(path.sep) && typeof entry === 'object' && 'error' in entry;
    const place = isFolder ? key.slice(0, -1) : key;
    addTo(place);
    if (!isFolder) entries.set(place, entry);
    else {
      broken.set(place, entry.error);
      folders.set(place, new Set());
    }
  }
  const open: { readonly bytes: Buffer; position: number }[] = [];
  const fs: FileSystem = {
    folderWalk: () => ({
      open: (folder) => {
        const error = broken.get(folder);
        if (error !== undefined) throw failure(error, folder);
        if (!folders.has(folder)) throw failure('ENOENT', folder);
        return {
          path: folder,
          status: { ...kinds(undefined), ...plain, size: 0 },
          pathOf: (name) => path.join(folder, name),
        };
      },
      close: () => undefined,
    }),
    list: ({ path: folder }) => {
      const names = folders.get(folder) ?? [];
      return [...names].map((name) => ({ name, ...kinds(entries.get(path.join(folder, name))) }));
    },
    status: (place) => {
      const entry = entries.get(place);
      if (entry === undefined && !folders.has(place)) throw failure('ENOENT', place);
      const size = typeof entry === 'string' ? entry.length : 0;
      return { ...kinds(entry), ...plain, size };
    },
    statusOf: (descriptor) => {
      const size = open[descriptor]?.bytes.length ?? 0;
      return { ...kinds(''), ...plain, size };
    },
    open: (place) => {
      const entry = entries.get(place);
      if (typeof entry !== 'string') {
        throw failure(typeof entry === 'object' && 'error' in entry ? entry.error : 'ENOENT', place);
      }
      return open.push({ bytes: Buffer.from(entry), position: 0 }) - 1;
    },
    read: (descriptor, buffer, offset, length, position) => {
      const file = open[descriptor];
      if (file === undefined) throw failure('EBADF', String(descriptor));
      const from = position ?? file.position;
      const part = file.bytes.subarray(from, from + length);
      if (position === undefined) file.position += part.length;
      buffer.set(part, offset);
      return part.length;
    },
    close: () => undefined,
    readText: (place) => {
      const entry = entries.get(place);
      if (typeof entry !== 'string') throw failure('ENOENT', place);
      return entry;
    },
    withoutLinks: (place) => place,
    reach: (place) => ({ place, rest: [] }),
    typeAt: () => 0,
    readLink: () => '',
  };
  return {
    os,
    hostname: 'fake',
    pid: 1,
    elevated: false,
    userStateHome: path.join(path.sep, 'state'),
    systemStateHome: path.join(path.sep, 'state'),
    programFolders: [],
    standardInput: async function* () {},
    systemRoot: os === 'windows' ? 'C:\\Windows' : '',
    path,
    fs,
    clock: { now: () => 0, monotonic: () => performance.now() },
    lowerPriority: () => undefined,
  };
}
