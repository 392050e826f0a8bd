/** Which files are as a package manager installed them, for each manager: real files, laid out as it does. */
import { chmodSync, chownSync, readFileSync, truncateSync, utimesSync, writeFileSync } from 'node:fs';
import { afterEach, describe, expect, test } from '@jest/globals';
import { originOn } from '../../../src/scan/findings/shipped/shipped.ts';
import { rootUser, testWith } from '../../tool.ts';
import { layouts } from '../package-layouts.ts';
import { OTHER_USER, PackageTree } from '../package-tree.ts';

const trees: PackageTree[] = [];
afterEach(() => {
  for (const tree of trees.splice(0)) tree.remove();
});

function newTree(): PackageTree {
  const tree = new PackageTree();
  trees.push(tree);
  return tree;
}

/** Seconds since 1970: after everything that these tests write. */
const later = Date.now() / 1000 + 3600;

describe.each([...layouts])('$name', ({ origin, byTime, write }) => {
  // Some files have their sums in their paths.
  const hasList = write(newTree(), 'a key').lists.length > 0;
  /** Lays the package out, changes something, and looks the file up. */
  const lookedUp = (change: (laid: ReturnType<typeof write>) => void) => {
    const tree = newTree();
    const laid = write(tree, 'a key');
    change(laid);
    return originOn(tree.platform)(laid.file);
  };

  test('an unmodified file, again and again', () => {
    const tree = newTree();
    const { file } = write(tree, 'a key');
    const originOf = originOn(tree.platform);
    expect([originOf(file), originOf(file)]).toEqual([origin, origin]);
  });

  test('a modified file', () => {
    const modify = (content: string) =>
      lookedUp(({ file }) => {
        writeFileSync(file, content);
        utimesSync(file, later, later);
      });
    expect(modify('my key')).toBeUndefined();
    expect(modify('')).toBeUndefined();
  });

  test('a file that a user adds', () => {
    const tree = newTree();
    const own = `${write(tree, 'a key').file}.own`;
    writeFileSync(own, 'a key of a user');
    utimesSync(own, later, later);
    expect(originOn(tree.platform)(own)).toBeUndefined();
  });

  if (!hasList) return;

  testWith(rootUser)('lists of another user, and of the same', () => {
    expect(lookedUp(({ lists: [list = ''] }) => chownSync(list, OTHER_USER, 0))).toBeUndefined();
    const toOther = ({ file, lists }: ReturnType<typeof write>) => {
      for (const one of [file, ...lists]) chownSync(one, OTHER_USER, OTHER_USER);
    };
    expect(lookedUp(toOther)).toBe(origin);
    expect(lookedUp(({ file }) => chownSync(file, OTHER_USER, OTHER_USER))).toBe(origin);
  });

  test('a list that others can write', () => {
    expect(lookedUp(({ lists: [list = ''] }) => chmodSync(list, 0o666))).toBeUndefined();
  });

  test('a list that is huge, cut off, or something else', () => {
    expect(lookedUp(({ lists: [list = ''] }) => truncateSync(list, 3 * 1024 ** 3))).toBeUndefined();
    expect(lookedUp(({ lists: [list = ''] }) => writeFileSync(list, ''))).toBe(byTime && origin);
    for (const size of [1, 7, 40, 100, 511, 600]) {
      const cut = lookedUp(({ lists: [list = ''] }) =>
        writeFileSync(list, readFileSync(list).subarray(0, size)),
      );
      expect([origin, undefined]).toContain(cut);
    }
    const garbage = Buffer.from(Array.from({ length: 5000 }, (_, index) => (index * index * 31) % 256));
    for (const bytes of [
      garbage,
      Buffer.from('[null, {"a": []}]'),
      Buffer.from('{"packages": 1, "files": null}'),
    ]) {
      const tree = newTree();
      const { file, lists } = write(tree, 'a key');
      writeFileSync(lists[0] ?? '', bytes);
      expect(originOn(tree.platform)(file)).toBe(byTime && origin);
    }
  });
});
