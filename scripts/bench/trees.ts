/**
 * Trees to measure, made from the corpus by hard links: parts of it, several copies of it, many small files. They
 * take no space for contents, and contents of the corpus that are in the page cache are cached for them too.
 */
import { linkSync, lstatSync, mkdirSync, openSync, readSync, closeSync, readdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Random } from '../shared/random.ts';

export interface TreeFile {
  /** Path below the tree, with forward slashes. */
  readonly path: string;
  /** In bytes. */
  readonly size: number;
}

export interface Tree {
  readonly root: string;
  readonly files: number;
  readonly bytes: number;
}

/** Maximum size of a small file, in bytes. */
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
 * About `bytes` of the corpus: a representative sample of its files, with the folders that contain them, repeated
 * when the corpus is smaller. Replaces `target`.
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

/** This many small files, in folders of 256. Replaces `target`. */
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
