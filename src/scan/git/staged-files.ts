/**
 * What git is about to commit: the files of the index that differ from the last commit, and the contents that they had there. Reads the
 * index and never the work tree.
 */
import { type ChangedFile, RAW_DIFF, changesIn } from './changed-files.ts';
import { type Git, GitFailed } from './git.ts';

export interface Staged {
  /** The top folder of the work tree: absolute. */
  readonly top: string;
  readonly files: readonly ChangedFile[];
}

const DIFF = ['diff', '--cached', ...RAW_DIFF, '--diff-filter=ACMRTU'];

/** @throws GitFailed outside a work tree */
export async function stagedFiles(git: Git): Promise<Staged> {
  const top = await git.text(['rev-parse', '--show-toplevel']);
  if (top === '') throw new GitFailed('this operation must be run in a work tree');
  const files = await filesOf(git, [...DIFF, '--']);
  const merged = await mergedCommit(git);
  if (merged === undefined || files.length === 0) return { top, files };
  // What is as it was on either side is not new.
  const others = new Map(
    (await filesOf(git, [...DIFF, merged, '--'])).map((file) => [file.name, file] as const),
  );
  return {
    top,
    files: files.flatMap((file) => {
      const other = others.get(file.name);
      return other === undefined ? [] : [{ ...file, before: [...file.before, ...other.before] }];
    }),
  };
}

async function filesOf(git: Git, args: readonly string[]): Promise<ChangedFile[]> {
  const files: ChangedFile[] = [];
  for await (const change of changesIn(git.records(args))) if (typeof change === 'object') files.push(change);
  return files;
}

/** The commit that is being merged. */
async function mergedCommit(git: Git): Promise<string | undefined> {
  try {
    return await git.text(['rev-parse', '--verify', '--quiet', 'MERGE_HEAD']);
  } catch (error) {
    if (error instanceof GitFailed) return undefined;
    throw error;
  }
}
