/**
 * Names the files of a repository: for each one, the first commit that contains it, and its path there. Commits are visited from the oldest
 * to the newest, and each folder once, in the first of them.
 */
import { MAX_PATH_CHARS } from './limits.ts';
import type { Commit, ObjectIndex } from './object-index.ts';

/** A folder or a file in a tree (gitformat-pack(5), and the source of git: tree-walk.c). */
interface TreeEntry {
  readonly isFolder: boolean;
  /** Where its name begins and ends, and where its id begins. */
  readonly name: number;
  readonly nameEnd: number;
  readonly id: number;
}

const SPACE = 0x20;
/** Of the modes of folders (40000, or 040000) and of submodules (160000), which are commits of other repositories. */
const FOLDER_MODES: ReadonlySet<string> = new Set(['40000', '040000']);
const SUBMODULE_MODE = '160000';

/** What a commit's text says. Undefined if it is none. */
export function commitIn(content: Buffer): { readonly tree: Buffer; readonly time: number } | undefined {
  const text = content.toString('latin1', 0, MAX_COMMIT_HEADER_BYTES);
  const [, tree] = /^tree ([0-9a-f]{40,64})\n/.exec(text) ?? [];
  if (tree === undefined) return undefined;
  const [, time] = /^committer .* (\d{1,12}) [+-]\d{4}$/m.exec(text) ?? [];
  return { tree: Buffer.from(tree, 'hex'), time: Number(time ?? 0) };
}

/** A commit may have many parents. */
const MAX_COMMIT_HEADER_BYTES = 16 * 1024;

/**
 * Names the files of one commit that no earlier one has.
 * @param contentOf the content of a folder; undefined when it cannot be read
 * @returns after each folder, so that the work can be interrupted
 */
export function* nameFiles(
  { rank: commit, tree }: Commit,
  index: ObjectIndex,
  idBytes: number,
  contentOf: (number: number) => Buffer | undefined,
): Generator<void, void, undefined> {
  const root = index.find(tree);
  const waiting = root === undefined ? [] : [{ number: root, prefix: '' }];
  for (let folder = waiting.pop(); folder !== undefined; folder = waiting.pop()) {
    const { number, prefix } = folder;
    if (index.isNamed(number) || index.typeOf(number) !== 'tree') continue;
    index.name(number, commit, undefined);
    const content = contentOf(number);
    for (const { isFolder, name, nameEnd, id } of entriesOf(content, idBytes)) {
      const child = content && index.find(content, id);
      if (child === undefined || index.isNamed(child)) continue;
      const path = `${prefix}${content?.toString('utf8', name, nameEnd)}`;
      if (path.length > MAX_PATH_CHARS) continue;
      if (isFolder) waiting.push({ number: child, prefix: `${path}/` });
      else index.name(child, commit, path);
    }
    yield;
  }
}

/** Ends at what is no entry. */
function* entriesOf(content: Buffer | undefined, idBytes: number): Generator<TreeEntry, void, undefined> {
  if (content === undefined) return;
  for (let at = 0; at < content.length;) {
    const space = content.indexOf(SPACE, at);
    const nameEnd = content.indexOf(0, space + 1);
    const id = nameEnd + 1;
    if (space < 0 || nameEnd < 0 || id + idBytes > content.length) return;
    const mode = content.toString('latin1', at, space);
    if (mode !== SUBMODULE_MODE) yield { isFolder: FOLDER_MODES.has(mode), name: space + 1, nameEnd, id };
    at = id + idBytes;
  }
}
