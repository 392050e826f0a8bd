/**
 * Checks whether another user can change where a path leads. The files that control a privileged run, and its state, must be out of
 * reach of other users: a user who can write to one folder of the path can replace the file (like OpenSSH's StrictModes).
 *
 * Every component must belong to root or to this user, and no folder may be writable by its group or by others. A sticky folder
 * (`/tmp`) may be: only the owner of an entry can replace it there, and that owner must be root or this user, too. The check proceeds
 * from the top down, so that only trusted users can change what has been checked. POSIX access lists appear as the group's
 * permissions. Those of macOS and Windows cannot be read with Node.
 */
import type { Stats } from 'node:fs';
import { untrustedOwner } from './file-access.ts';
import { withoutLinks } from './open-folder.ts';

const WRITABLE_BY_OTHERS = 0o022;
const STICKY = 0o1000;

/** Another user could change or replace the file at a path. The message names the place and the remedy. */
export class UntrustedPath extends Error {
  override readonly name = 'UntrustedPath';
}

/**
 * Resolves the links of a path after checking that only root and this user can change where it leads. Missing components stay
 * unchanged. On Windows, only links are refused.
 * @param path absolute
 * @throws UntrustedPath, LinkInPath, or the system's error
 */
export function trustedPath(path: string): string {
  return withoutLinks(path, refuseUntrusted);
}

/** @throws UntrustedPath for a file or a folder that another user can change */
export function refuseUntrusted(path: string, status: Pick<Stats, 'uid' | 'mode' | 'isDirectory'>): void {
  if (process.getuid === undefined) return;
  const { uid, mode } = status;
  const octal = (mode & 0o7777).toString(8).padStart(4, '0');
  if (untrustedOwner(status) !== undefined) {
    throw new UntrustedPath(
      `${path} belongs to user ${uid} (mode ${octal}), who could change it; make root its owner`,
    );
  }
  if ((mode & WRITABLE_BY_OTHERS) === 0) return;
  if (status.isDirectory() && (mode & STICKY) !== 0) return;
  throw new UntrustedPath(
    `${path} can be written by other users (owner ${uid}, mode ${octal}); remove that permission (chmod go-w)`,
  );
}
