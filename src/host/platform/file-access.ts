/**
 * Who else can access a file, according to its status. On Windows, Node reports neither owner nor mode, so nothing is refused: there,
 * the access list of a folder protects its contents.
 */
import { type Stats, chmodSync } from 'node:fs';

/** The uid of the owner, if it is not the current user. */
export function foreignOwner({ uid }: Pick<Stats, 'uid'>): number | undefined {
  return process.getuid === undefined || uid === process.getuid() ? undefined : uid;
}

/** The uid of the owner, if it is neither the current user nor root. */
export function untrustedOwner(status: Pick<Stats, 'uid'>): number | undefined {
  return status.uid === 0 ? undefined : foreignOwner(status);
}

/** The permissions in octal (`644`), if other users have any access. */
export function modeForOthers({ mode }: Pick<Stats, 'mode'>): string | undefined {
  return process.getuid === undefined || (mode & 0o077) === 0 ? undefined : (mode & 0o777).toString(8);
}

/** Removes all access of other users. The file must belong to the current user. */
export function makePrivate(path: string, { mode }: Pick<Stats, 'mode'>): void {
  if (process.getuid !== undefined && (mode & 0o777) !== 0o600) chmodSync(path, 0o600);
}
