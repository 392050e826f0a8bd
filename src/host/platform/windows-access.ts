/**
 * Reads and sets the access lists of folders on Windows. Node cannot, so the system's own tools do: `icacls.exe` sets a list, and
 * PowerShell's `Get-Acl` reads owner and list (`icacls` does not show owners). They are started by absolute path, without a shell, and
 * a path is passed as one argument or in a variable, so that no character in it is interpreted.
 */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { codeOf } from '../exit/task-error.ts';
import { type Access, accessOf } from './access-list.ts';
import type { Platform } from './platform.ts';
import { RefusedDirectory } from './refused-directory.ts';

/** Milliseconds that a tool may take. PowerShell takes half a second, and several while Windows starts. */
const TOOL_TIMEOUT_MS = 30_000;
const MAX_OUTPUT_BYTES = 64 * 1024;

/** Where the tools are. */
export type Windows = Pick<Platform, 'systemRoot' | 'path'>;

/** SYSTEM and the Administrators group: full access to the folder and to everything that is created in it. */
const grants = ['*S-1-5-18:(OI)(CI)F', '*S-1-5-32-544:(OI)(CI)F'];

/** Prints one line. Works in PowerShell's constrained language mode, too. */
const QUERY = '(Get-Acl -LiteralPath $env:QUERIED_FOLDER).Sddl';

/**
 * Grants access to SYSTEM and the Administrators group only, and inherits nothing. Entries of the folder itself for others stay:
 * read the list afterwards. A link is changed itself, not what it leads to.
 * @throws RefusedDirectory if the tool fails
 */
export async function restrictAccess(windows: Windows, folder: string, signal?: AbortSignal): Promise<void> {
  const tool = windows.path.join(windows.systemRoot, 'System32', 'icacls.exe');
  await run(tool, [folder, '/inheritance:r', '/grant:r', ...grants, '/L', '/Q'], {}, signal);
}

/**
 * Who can access a folder.
 * @throws RefusedDirectory if the tool fails
 */
export async function readAccess(windows: Windows, folder: string, signal?: AbortSignal): Promise<Access> {
  const home = windows.path.join(windows.systemRoot, 'System32', 'WindowsPowerShell', 'v1.0');
  const tool = windows.path.join(home, 'powershell.exe');
  const args = ['-NoLogo', '-NoProfile', '-NonInteractive', '-Command', QUERY];
  // The machine's variable may name modules of another PowerShell, which do not work in this one.
  const env = { QUERIED_FOLDER: folder, PSModulePath: windows.path.join(home, 'Modules') };
  const access = accessOf(await run(tool, args, env, signal));
  if (access !== undefined) return access;
  throw new RefusedDirectory(`cannot be checked: ${tool} did not show its owner and access list`);
}

/** Its standard output. */
async function run(
  tool: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  signal: AbortSignal | undefined,
): Promise<string> {
  const options = { env, timeout: TOOL_TIMEOUT_MS, maxBuffer: MAX_OUTPUT_BYTES, windowsHide: true, signal };
  try {
    const { stdout } = await promisify(execFile)(tool, [...args], options);
    return stdout;
  } catch (cause) {
    throw new RefusedDirectory(
      `cannot be protected: ${tool} ${failureOf(cause)}; let SYSTEM run this program`,
      { cause },
    );
  }
}

/** What `execFile` adds to its errors. The tools' own messages are translated, and in the code page of a console. */
function failureOf(error: unknown): string {
  if (Error.isError(error) && 'code' in error && typeof error.code === 'number') {
    return `ended with code ${error.code}`;
  }
  const isLate = Error.isError(error) && 'killed' in error && error.killed === true;
  return isLate ? `did not end within ${TOOL_TIMEOUT_MS / 1000} s` : `failed (${codeOf(error)})`;
}
