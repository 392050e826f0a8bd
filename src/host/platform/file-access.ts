/**
 * Who else can reach a file, from its status. On Windows a folder's access list protects what is in it, and Node reports neither
 * owner nor mode: nothing is refused there.
 */
import { type Stats, chmodSync } from 'node:fs';

/** The uid of the owner, if that is another user than the current one. */
export function foreignOwner({ uid }: Pick<Stats, 'uid'>): number | undefined {
  return process.getuid === undefined || uid === process.getuid() ? undefined : uid;
}

/** The same, but root counts as the current user. */
export function untrustedOwner(status: Pick<Stats, 'uid'>): number | undefined {
  return status.uid === 0 ? undefined : foreignOwner(status);
}

/** The permissions in octal (`644`), if they give others any access. */
export function modeForOthers({ mode }: Pick<Stats, 'mode'>): string | undefined {
  return process.getuid === undefined || (mode & 0o077) === 0 ? undefined : (mode & 0o777).toString(8);
}

/** Takes every access from others. The file must belong to the current user. */
export function makePrivate(path: string, { mode }: Pick<Stats, 'mode'>): void {
  if (process.getuid !== undefined && (mode & 0o777) !== 0o600) chmodSync(path, 0o600);
}
