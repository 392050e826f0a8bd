/**
 * The access of a state directory on Windows in a run as SYSTEM: only SYSTEM and administrators. A folder below `ProgramData` inherits
 * that every user may create files in it, and a file that another user creates stays accessible to that user.
 *
 * - The owner is checked first and in every run: an owner can change the access list at any time.
 * - The access list is set only in an empty folder. Whatever is in an open folder may be another user's.
 * - Before the list is set, a file is created in the folder. Windows turns only an empty folder into a junction, so that the
 *   list is not set on a folder that another user chose. This file remains.
 */
import { readdirSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { RefusedDirectory } from './refused-directory.ts';
import { type Windows, readAccess, restrictAccess } from './windows-access.ts';

/** The file that keeps the folder from being empty. No other folder has a file of this name. */
const NOTICE = 'access-restricted.txt';
const NOTICE_TEXT =
  'The state of a program that runs as SYSTEM. Only SYSTEM and administrators have access to this folder.\r\n';

const REMEDY = 'remove it, so that the next run creates it with access for SYSTEM and administrators only';

/**
 * Checks who can access the directory, and restricts the access if the directory is empty.
 * @param directory absolute, without links
 * @throws RefusedDirectory, or the file system's error
 */
export async function makePrivateOnWindows(
  windows: Windows,
  directory: string,
  signal?: AbortSignal,
): Promise<void> {
  const openTo = await readOpenTo(windows, directory, signal);
  if (openTo === undefined) return;
  refuseContents(directory, `is accessible to others (${openTo})`);
  placeNotice(directory);
  await restrictAccess(windows, directory, signal);
  const stillOpenTo = await readOpenTo(windows, directory, signal);
  if (stillOpenTo !== undefined) {
    throw new RefusedDirectory(
      `stays accessible to others (${stillOpenTo}) after its access list was set: ${REMEDY}`,
    );
  }
  refuseContents(directory, 'was accessible to others');
}

/** @throws RefusedDirectory if the directory belongs to another user */
async function readOpenTo(
  windows: Windows,
  directory: string,
  signal: AbortSignal | undefined,
): Promise<string | undefined> {
  const { foreignOwner, openTo } = await readAccess(windows, directory, signal);
  if (foreignOwner === undefined) return openTo;
  throw new RefusedDirectory(
    `belongs to ${foreignOwner}, not to SYSTEM or the Administrators group: ${REMEDY}`,
  );
}

function refuseContents(directory: string, problem: string): void {
  const name = readdirSync(directory).find((entry) => entry !== NOTICE);
  if (name !== undefined)
    throw new RefusedDirectory(`${problem}, and ${name} in it may be another user's: ${REMEDY}`);
}

/** Creates the file anew: another user could remove an earlier one. */
function placeNotice(directory: string): void {
  const path = join(directory, NOTICE);
  rmSync(path, { force: true });
  writeFileSync(path, NOTICE_TEXT, { flag: 'wx' });
  if (realpathSync.native(path).toLowerCase() === path.toLowerCase()) return;
  throw new RefusedDirectory(`was replaced with a link while it was opened: ${REMEDY}`);
}
