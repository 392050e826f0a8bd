/** The commits that the other side of a push does not have, or those of a range, and the files that each of them adds or changes. */
import { type ChangedFile, RAW_DIFF, changesIn } from './changed-files.ts';
import { type Git, GitFailed } from './git.ts';
import type { RefUpdates } from './ref-updates.ts';

/** A file that a commit adds or changes. */
export interface CommittedFile extends ChangedFile {
  /** The commit's id; that of the tag for a file or folder without a commit. */
  readonly commit: string;
}

/** Parents before their children, so that a secret is found in the commit that added it. */
const LIST = ['rev-list', '--topo-order', '--reverse'];
/** A merge has the files that differ from those of all its parents. */
const COMPARE = ['diff-tree', '--stdin', '--root', '-r', '-c', ...RAW_DIFF];

/** The folder that paths are below: the top of the work tree, or the repository itself if it has none. @throws GitFailed outside of both */
export async function topFolder(git: Git): Promise<string> {
  try {
    return await git.text(['rev-parse', '--show-toplevel']);
  } catch (error) {
    if (!(error instanceof GitFailed)) throw error;
    return await git.text(['rev-parse', '--absolute-git-dir']);
  }
}

/**
 * What the commits of a range add.
 * @param range as gitrevisions(7) describes it
 * @param remote without the commits that this remote had when it was last contacted
 * @throws GitFailed
 */
export async function* addedInRange(
  git: Git,
  range: string,
  remote: string | undefined,
): AsyncGenerator<CommittedFile> {
  const known = remote === undefined ? [] : ['--not', `--remotes=${remote}`, '--not'];
  yield* addedBy(git, await git.output([...LIST, ...known, '--end-of-options', range, '--']));
}

/**
 * What updates of branches and tags add to the side that receives them.
 * @param remote the name of that side, if it is known
 * @throws GitFailed
 */
export async function* addedByUpdates(
  git: Git,
  { updates, isReceiver }: RefUpdates,
  remote: string | undefined,
): AsyncGenerator<CommittedFile> {
  const added = updates.filter(({ after }) => after !== undefined);
  if (added.length === 0) return;
  const after = added.map(({ after: id = '' }) => id);
  const before = added.flatMap(({ before: id }) => id ?? []);
  const types = await typesOf(git, [...after, ...before]);
  const isCommit = (id: string) => types.get(id) === 'commit';
  for (const { after: id = '', ref } of added) yield* withoutCommit(git, id, ref, types.get(id));
  // This side may not have what the other side had.
  const lines = [...after.filter(isCommit), ...before.filter(isCommit).map((id) => `^${id}`)];
  const known = isReceiver
    ? ['--not', '--all']
    : remote === undefined
      ? []
      : ['--not', `--remotes=${remote}`];
  yield* addedBy(git, await git.output([...LIST, '--stdin', ...known], `${lines.join('\n')}\n`));
}

/** What objects are, or what the tags that they are lead to. */
async function typesOf(git: Git, ids: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const names = ids.map((id) => `${id}^{}\n`).join('');
  const types = (await git.text(['cat-file', '--batch-check=%(objecttype)'], names)).split('\n');
  return new Map(ids.map((id, index) => [id, types[index] ?? '']));
}

/** A tag may lead to a file or a folder. */
async function* withoutCommit(git: Git, id: string, ref: string, type = ''): AsyncGenerator<CommittedFile> {
  if (type === 'commit') return;
  if (type === 'blob') yield { commit: id, name: ref, kind: 'file', blob: `${id}^{}`, before: [] };
  else if (type === 'tree') yield* filesOfTree(git, id);
  else throw new GitFailed(`${ref} is to become ${id}, which is not there`);
}

/** git-ls-tree(1): `100644 blob <id>`, a tab and the path. */
async function* filesOfTree(git: Git, id: string): AsyncGenerator<CommittedFile> {
  for await (const record of git.records(['ls-tree', '-r', '-z', '--full-tree', id])) {
    const [, mode, blob, name] = /^(\d{6}) \w+ ([0-9a-f]+)\t(.+)$/s.exec(record) ?? [];
    if (mode === undefined || blob === undefined || name === undefined)
      throw new GitFailed('its list of files has an unknown format');
    if (mode.startsWith('100')) yield { commit: id, name, kind: 'file', blob, before: [] };
  }
}

async function* addedBy(git: Git, commits: Buffer): AsyncGenerator<CommittedFile> {
  if (commits.length === 0) return;
  let commit = '';
  for await (const change of changesIn(git.records(COMPARE, commits))) {
    if (typeof change === 'string') commit = change;
    else yield { commit, ...change };
  }
}
