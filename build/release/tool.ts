/** Programs of other projects that a release is made with. */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** A program. */
export interface Tool {
  readonly program: string;
  /** The Debian package that has it. */
  readonly debianPackage: string;
}

/** @throws Error that names those that are not on PATH. @param otherwise the way without them */
export function requireTools(tools: readonly Tool[], otherwise: string): void {
  const missing = tools.filter((tool) => !isInstalled(tool));
  if (missing.length === 0) return;
  const programs = missing.map(({ program }) => program).join(', ');
  const packages = [...new Set(missing.map(({ debianPackage }) => debianPackage))].join(', ');
  throw new Error(`${programs}: not found; install Debian's ${packages}, or ${otherwise}`);
}

/** True if it is on PATH. */
function isInstalled({ program }: Tool): boolean {
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  return folders.some((folder) => existsSync(join(folder, program)));
}

/**
 * Runs a tool. What it reads of the environment is the same everywhere: language, time zone, time.
 * @returns its output
 * @throws Error with what it says when it fails
 */
export async function runTool(
  { program }: Tool,
  arguments_: readonly string[],
  { folder, time }: { readonly folder: string; readonly time: Date },
): Promise<string> {
  const env = {
    PATH: process.env['PATH'],
    HOME: folder,
    LC_ALL: 'C.UTF-8',
    TZ: 'UTC',
    SOURCE_DATE_EPOCH: String(Math.floor(time.getTime() / 1000)),
  };
  return await new Promise((resolve, reject) => {
    execFile(program, arguments_, { cwd: folder, env }, (error, stdout, stderr) => {
      if (error === null) resolve(stdout);
      else reject(new Error(`${program} failed: ${stderr.trim() || error.message}`));
    });
  });
}
