/**
 * The owner of a file. Limits on findings are shares for each owner, so that a flood in the files of one user takes
 * nothing from the others. On Linux, user ids that `/etc/subuid` assigns to a user count as that user (subuid(5)),
 * so that a user namespace does not multiply a share. Node reports no owner on Windows: there it is the profile
 * folder that contains the file.
 */
import { type FileStatus, PASSWD, type Platform, accountsIn, textOf } from '../../host/platform/index.ts';

/** The owner of a file as a short text; `status` is undefined when it is unknown. */
export type OwnerOf = (path: string, status: Pick<FileStatus, 'uid'> | undefined) => string;

/** The owner of a file whose owner is unknown. */
export const UNKNOWN_OWNER = 'unknown';
/** Number of user ids whose owner is cached. */
const MAX_KNOWN = 1000;
/** On Windows: the owner of files outside the profiles. */
const SYSTEM = 'system';

/** `C:\Users\NAME\...`, with or without the prefix for long paths. */
const profile = /^(?:\\\\\?\\)?[a-z]:\\users\\([^\\]+)\\/i;

interface SubordinateIds {
  readonly start: number;
  /** The first id after the range. */
  readonly end: number;
  readonly owner: string;
}

/** Determines owners on this platform. Reads the system's tables once, on first use. */
export function ownersOn({ os, fs }: Pick<Platform, 'os' | 'fs'>): OwnerOf {
  if (os === 'windows') return (path) => profile.exec(path)?.[1]?.toLowerCase() ?? SYSTEM;
  let ranges: readonly SubordinateIds[] | undefined;
  const known = new Map<number, string>();
  return (_, status) => {
    if (status === undefined) return UNKNOWN_OWNER;
    const { uid } = status;
    const before = known.get(uid);
    if (before !== undefined) return before;
    ranges ??= os === 'linux' ? subordinateIds((path) => textOf({ fs }, path)) : [];
    const owner = ranges.find(({ start, end }) => uid >= start && uid < end)?.owner ?? String(uid);
    if (known.size === MAX_KNOWN) known.clear();
    known.set(uid, owner);
    return owner;
  };
}

/** Lines such as `NAME:100000:65536`; the name may be a number. */
function subordinateIds(read: (path: string) => string): readonly SubordinateIds[] {
  const lines = read('/etc/subuid').split('\n');
  const ranges = lines.flatMap((line) => {
    const [, name, start, count] = /^([^:]+):(\d{1,10}):(\d{1,10})\s*$/.exec(line) ?? [];
    return name === undefined ? [] : [{ name, start: Number(start), end: Number(start) + Number(count) }];
  });
  if (ranges.length === 0) return [];
  const ids = new Map(accountsIn(read(PASSWD)).map(({ name, uid }) => [name, String(uid)]));
  // A user of a directory service has no entry: the name is used instead.
  return ranges.map(({ name, start, end }) => ({ start, end, owner: ids.get(name) ?? name }));
}
