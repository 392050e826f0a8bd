/** Finds other programs in the folders of `PATH`: never in the current folder, which Windows would search first. */
import { accessSync, constants, statSync } from 'node:fs';
import type { Platform } from './platform.ts';
import { trustedPath } from './trusted-path.ts';

/**
 * The absolute path of a program.
 * @param name without an extension
 * @returns undefined when it is in none of the folders
 * @throws UntrustedPath when the run is privileged and another user could replace the program
 */
export function findProgram(
  { os, path: paths, elevated, programFolders }: Platform,
  name: string,
): string | undefined {
  const file = os === 'windows' ? `${name}.exe` : name;
  const found = programFolders.map((folder) => paths.join(folder, file)).find(isExecutable);
  return found !== undefined && elevated ? trustedPath(found) : found;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
