/** A temporary folder in which a packer finds the files of a package. */
import { chmodSync, mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

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
