/**
 * The access of a state directory on Windows in a run as SYSTEM: only SYSTEM and administrators. A folder below `ProgramData` inherits
 * that every user may create files in it, and a file that another user creates stays accessible to that user.
 *
 * - The owner is checked in every run, because an owner can change the access list at any time.
 * - An existing list is never corrected: whatever is in an open folder may be another user's. An empty folder is replaced.
 * - A new folder gets its list under another name, and the directory's name once it has been checked. A run that is killed in between
 *   leaves nothing that a later run would trust.
 */
import {
  mkdtempSync,
  readdirSync,
  realpathSync,
  renameSync,
  rmSync,
  rmdirSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { codeOf } from '../exit/task-error.ts';
import { RefusedDirectory } from './refused-directory.ts';
import { type Windows, readAccess, restrictAccess } from './windows-access.ts';

/** A file in each new folder: Windows turns only an empty one into a junction, through which the list would be set elsewhere. */
const NOTICE = 'access-restricted.txt';
const NOTICE_TEXT =
  'The state of a program that runs as SYSTEM. Only SYSTEM and administrators have access to this folder.\r\n';

const REMEDY = 'remove it, so that the next run creates it with access for SYSTEM and administrators only';

/** Times that the directory is looked at, while other runs create it at the same time. */
const MAX_ATTEMPTS = 3;

/**
 * Checks who can access an existing directory. An empty one to which others have access is replaced.
 * @param directory absolute, without links
 * @throws RefusedDirectory, or the file system's error
 */
export async function makePrivateOnWindows(
  windows: Windows,
  directory: string,
  signal?: AbortSignal,
): Promise<void> {
  for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt += 1) {
    // Before the check: what another run adds, it adds to a private folder.
    const [name] = readdirSync(directory);
    const { foreignOwner, openTo } = await readAccess(windows, directory, signal);
    if (foreignOwner !== undefined) {
      throw new RefusedDirectory(
        `belongs to ${foreignOwner}, not to SYSTEM or the Administrators group: ${REMEDY}`,
      );
    }
    if (openTo === undefined) return;
    if (name !== undefined) {
      throw new RefusedDirectory(
        `is accessible to others (${openTo}), and ${name} in it may belong to another user: ${REMEDY}`,
      );
    }
    const folder = await newPrivateFolder(windows, directory, signal);
    if (replaced(directory, folder)) return;
  }
  throw new RefusedDirectory('is changed by other processes: try again');
}

/** @returns the path of a folder beside the directory */
async function newPrivateFolder(
  windows: Windows,
  directory: string,
  signal: AbortSignal | undefined,
): Promise<string> {
  const folder = mkdtempSync(`${directory}.new-`);
  try {
    const notice = join(folder, NOTICE);
    writeFileSync(notice, NOTICE_TEXT, { flag: 'wx' });
    if (realpathSync.native(notice).toLowerCase() !== notice.toLowerCase()) {
      throw new RefusedDirectory(
        'was replaced with a link by another user: find out who did it, then try again',
      );
    }
    await restrictAccess(windows, folder, signal);
    const { foreignOwner, openTo } = await readAccess(windows, folder, signal);
    if (foreignOwner !== undefined || openTo !== undefined) {
      throw new RefusedDirectory(
        `is still accessible to others (${foreignOwner ?? openTo}) after icacls.exe`,
      );
    }
    const other = readdirSync(folder).find((name) => name !== NOTICE);
    if (other === undefined) return folder;
    throw new RefusedDirectory(
      `received a file from another user (${other}): find out who created it, then try again`,
    );
  } catch (error) {
    discard(folder);
    throw error;
  }
}

/** Puts the new folder in place of the empty directory. Returns false if the directory is not empty any more, or in use. */
function replaced(directory: string, folder: string): boolean {
  try {
    rmdirSync(directory);
    renameSync(folder, directory);
    return true;
  } catch (error) {
    discard(folder);
    if (['EACCES', 'EBUSY', 'EEXIST', 'ENOENT', 'ENOTEMPTY', 'EPERM'].includes(codeOf(error))) return false;
    throw error;
  }
}

/** Removes the folder if it has nothing but the notice. What another user has placed in it stays. */
function discard(folder: string): void {
  try {
    rmSync(join(folder, NOTICE), { force: true });
    rmdirSync(folder);
  } catch {
    // It has a random name and is not used.
  }
}
