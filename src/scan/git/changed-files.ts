/** The files that differ between two or more states of a repository, as git's commands for comparing list them. */
import { GitFailed } from './git.ts';

export interface ChangedFile {
  /** Below the top folder of the work tree, with forward slashes. Bytes that are not UTF-8 are replaced. */
  readonly name: string;
  readonly kind: 'file' | 'link' | 'submodule' | 'unmerged';
  /** Id of the new content. */
  readonly blob: string;
  /** Ids of the contents before. */
  readonly before: readonly string[];
}

/**
 * One record for each changed file, with all its contents. A renamed file is compared with the one that it was. Relative paths, drivers for
 * comparing and other settings that would change the list are turned off.
 */
export const RAW_DIFF = [
  '--raw',
  '-z',
  '--no-abbrev',
  '--find-renames',
  '--no-relative',
  '--no-ext-diff',
  '--no-textconv',
  '--no-color',
  '--ignore-submodules=all',
];

/** git-diff(1), "Raw output format" and "Diff format for merges": `:100644 100644 <id> <id> M`, with a colon for each state before. */
const ENTRY = /^:+((?:\d{6} )+)((?:[0-9a-f]{40,64} )+)([A-Z]+)\d*$/;
const OBJECT_ID = /^[0-9a-f]{40,64}$/;
const NO_OBJECT = /^0+$/;

/**
 * Reads records that end with NUL.
 * @returns the changed files, and, for a comparison of several commits, the id of a commit before its files. Deleted files are left out
 * @throws GitFailed for anything else
 */
export async function* changesIn(records: AsyncIterable<string>): AsyncGenerator<ChangedFile | string> {
  const iterator = records[Symbol.asyncIterator]();
  const next = async () => {
    const { value, done } = await iterator.next();
    return done === true ? undefined : value;
  };
  try {
    for (let record = await next(); record !== undefined; record = await next()) {
      if (OBJECT_ID.test(record)) {
        yield record;
        continue;
      }
      const [, modes = '', ids = '', status = ''] = ENTRY.exec(record) ?? [];
      if (status === '') throw new GitFailed('its list of changes has an unknown format');
      // The name before comes first.
      const isMoved = status === 'R' || status === 'C';
      if (isMoved) await next();
      const name = (await next()) ?? '';
      if (!/^D+$/.test(status)) yield { name, ...contentsOf(modes.trim(), ids.trim(), status) };
    }
  } finally {
    await iterator.return?.();
  }
}

function contentsOf(modes: string, ids: string, status: string): Omit<ChangedFile, 'name'> {
  const before = ids.split(' ');
  const blob = before.pop() ?? '';
  return {
    kind: status === 'U' ? 'unmerged' : kindOf(modes.split(' ').at(-1) ?? ''),
    blob,
    // A copy is a new file.
    before: status === 'C' ? [] : before.filter((id) => !NO_OBJECT.test(id)),
  };
}

/** Modes of git's trees. */
function kindOf(mode: string): ChangedFile['kind'] {
  if (mode === '120000') return 'link';
  return mode === '160000' ? 'submodule' : 'file';
}
