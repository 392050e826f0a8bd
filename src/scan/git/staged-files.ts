/**
 * What git is about to commit: the files of the index that differ from the last commit, and the contents that they had there. Reads the
 * index and never the work tree.
 */
import { type Git, GitFailed } from './git.ts';

export interface StagedFile {
  /** Below the top folder of the work tree, with forward slashes. Bytes that are not UTF-8 are replaced. */
  readonly name: string;
  readonly kind: 'file' | 'link' | 'submodule' | 'unmerged';
  /** Id of the staged content. */
  readonly blob: string;
  /** Ids of the contents before: in the last commit and, during a merge, in the commit that is merged. */
  readonly before: readonly string[];
}

export interface Staged {
  /** The top folder of the work tree: absolute. */
  readonly top: string;
  readonly files: readonly StagedFile[];
}

/**
 * One record for each changed file, with both contents. A renamed file is compared with the one that it was. Relative paths, drivers for
 * comparing and other settings that would change the list are turned off.
 */
const DIFF = [
  'diff',
  '--cached',
  '--raw',
  '-z',
  '--no-abbrev',
  '--find-renames',
  '--diff-filter=ACMRTU',
  '--no-relative',
  '--no-ext-diff',
  '--no-textconv',
  '--no-color',
  '--ignore-submodules=all',
];

/** @throws GitFailed outside a work tree */
export async function stagedFiles(git: Git): Promise<Staged> {
  const top = (await git.output(['rev-parse', '--show-toplevel'])).toString('utf8').replace(/\r?\n$/, '');
  if (top === '') throw new GitFailed('this operation must be run in a work tree');
  const files = entriesIn(await git.output([...DIFF, '--']));
  const merged = await mergedCommit(git);
  if (merged === undefined || files.length === 0) return { top, files };
  // What is as it was on either side is not new.
  const others = new Map(
    entriesIn(await git.output([...DIFF, merged, '--'])).map((file) => [file.name, file] as const),
  );
  return {
    top,
    files: files.flatMap((file) => {
      const other = others.get(file.name);
      return other === undefined ? [] : [{ ...file, before: [...file.before, ...other.before] }];
    }),
  };
}

/** The commit that is being merged. */
async function mergedCommit(git: Git): Promise<string | undefined> {
  try {
    return (await git.output(['rev-parse', '--verify', '--quiet', 'MERGE_HEAD'])).toString('latin1').trim();
  } catch (error) {
    if (error instanceof GitFailed) return undefined;
    throw error;
  }
}

/** git-diff(1), "Raw output format": `:100644 100644 <id> <id> M`, NUL, path, NUL. Renames and copies have two paths. */
function entriesIn(output: Buffer): StagedFile[] {
  const parts = output.toString('utf8').split('\0');
  const files: StagedFile[] = [];
  for (let at = 0; at + 1 < parts.length;) {
    const [, mode = '', before = '', blob = '', status = ''] =
      /^:\d{6} (\d{6}) ([0-9a-f]+) ([0-9a-f]+) ([A-Z])\d*$/.exec(parts[at] ?? '') ?? [];
    if (status === '') throw new GitFailed('its list of changes has an unknown format');
    const paths = status === 'R' || status === 'C' ? 2 : 1;
    const isFirst = status === 'A' || status === 'C' || /^0+$/.test(before);
    files.push({
      name: parts[at + paths] ?? '',
      kind: status === 'U' ? 'unmerged' : kindOf(mode),
      blob,
      before: isFirst ? [] : [before],
    });
    at += 1 + paths;
  }
  return files;
}

/** Modes of git's trees. */
function kindOf(mode: string): StagedFile['kind'] {
  if (mode === '120000') return 'link';
  return mode === '160000' ? 'submodule' : 'file';
}
