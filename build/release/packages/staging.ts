/** A temporary folder in which a packer finds the files of a package, and the packer's process. */
import { execFile } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';

/** A file to stage. */
export interface StagedFile {
  /** Relative, with forward slashes. */
  readonly path: string;
  readonly content: Buffer | string;
  readonly executable?: boolean;
}

/** Calls `pack` with an empty temporary folder, and removes it afterwards. */
export async function inTemporaryFolder<T>(pack: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'package-'));
  try {
    return await pack(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Writes files below a folder, with this time, and with modes that do not depend on the umask. */
export function stage(folder: string, files: readonly StagedFile[], time: Date): void {
  for (const { path, content, executable = false } of files) {
    const names = path.split('/');
    for (let depth = 0; depth < names.length; depth += 1) {
      const parent = join(folder, ...names.slice(0, depth));
      mkdirSync(parent, { recursive: true });
      chmodSync(parent, 0o755);
    }
    const file = join(folder, ...names);
    writeFileSync(file, content);
    chmodSync(file, executable ? 0o755 : 0o644);
    utimesSync(file, time, time);
  }
}

/** A program that makes packages. */
export interface Tool {
  readonly program: string;
  /** The Debian package that has it. */
  readonly debianPackage: string;
}

/** The tools that are not on PATH. */
export function missingTools(tools: readonly Tool[]): Tool[] {
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  return tools.filter(({ program }) => !folders.some((folder) => existsSync(join(folder, program))));
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
