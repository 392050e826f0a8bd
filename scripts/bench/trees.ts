/**
 * Trees to measure that are made of the corpus by hard links: parts of it, it several times over, many small files. They
 * cost no space for contents, and what is warm of the corpus is warm of them.
 */
import { linkSync, lstatSync, mkdirSync, openSync, readSync, closeSync, readdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Random } from '../shared/random.ts';

export interface TreeFile {
  /** Below the tree, with forward slashes. */
  readonly path: string;
  /** In bytes. */
  readonly size: number;
}

export interface Tree {
  readonly root: string;
  readonly files: number;
  readonly bytes: number;
}

/** What a small file is, in bytes. */
const SMALL = { least: 512, most: 2048 };
const FILES_IN_FOLDER = 256;

/** All regular files below a folder, sorted by path. */
export function filesOf(root: string): readonly TreeFile[] {
  const files: TreeFile[] = [];
  const folders = [''];
  for (const folder of folders) {
    for (const entry of readdirSync(join(root, folder), { withFileTypes: true })) {
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
      if (entry.isDirectory()) folders.push(path);
      else if (entry.isFile()) files.push({ path, size: lstatSync(join(root, path)).size });
    }
  }
  return files.toSorted((a, b) => (a.path < b.path ? -1 : 1));
}

/** Reads every file once, so that all commands find them in the page cache. */
export function warm(root: string, files: readonly TreeFile[]): void {
  const buffer = Buffer.allocUnsafe(1024 * 1024);
  for (const { path } of files) {
    const descriptor = openSync(join(root, path), 'r');
    while (readSync(descriptor, buffer) === buffer.length);
    closeSync(descriptor);
  }
}

/**
 * About `bytes` of the corpus: a fair draw of its files, with the folders that they stand in, again from the start when
 * the corpus is smaller. Replaces what is at `target`.
 */
export function treeOfBytes(target: string, root: string, files: readonly TreeFile[], bytes: number): Tree {
  const drawn: Link[] = [];
  let left = bytes;
  for (let round = 0; ; round += 1) {
    const before = left;
    for (const { path, size } of new Random('tree').shuffled(files)) {
      if (size > left) continue;
      drawn.push({ from: path, to: `copy-${round}/${path}`, size });
      left -= size;
    }
    if (left === before || left < bytes / 1000) break;
  }
  return link(target, root, drawn);
}

/** So many small files, in folders of 256. Replaces what is at `target`. */
export function treeOfFiles(target: string, root: string, files: readonly TreeFile[], count: number): Tree {
  const small = files.filter(({ size }) => size >= SMALL.least && size <= SMALL.most);
  const shuffled = new Random('tree').shuffled(small);
  const drawn: Link[] = [];
  for (let index = 0; index < count; index += 1) {
    const file = shuffled[index % shuffled.length];
    if (file === undefined) throw new RangeError('the corpus has no small files');
    const to = `${Math.floor(index / FILES_IN_FOLDER)}/${index}.txt`;
    drawn.push({ from: file.path, to, size: file.size });
  }
  return link(target, root, drawn);
}

interface Link {
  readonly from: string;
  readonly to: string;
  readonly size: number;
}

function link(target: string, root: string, links: readonly Link[]): Tree {
  rmSync(target, { recursive: true, force: true });
  mkdirSync(target, { recursive: true });
  const made = new Set<string>();
  let bytes = 0;
  for (const { from, to, size } of links) {
    const path = join(target, to);
    const folder = dirname(path);
    if (!made.has(folder)) mkdirSync(folder, { recursive: true });
    made.add(folder);
    linkSync(join(root, from), path);
    bytes += size;
  }
  return { root: target, files: links.length, bytes };
}
