/**
 * The executable below an agent's root. It is replaced in one step, so that no start sees half of it and a running one is not affected.
 * The previous version is kept in `previous/` beside it, with its job document.
 */
import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { copyFileSync, renameSync, rmSync, writeSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

export interface Version {
  readonly executable: Buffer;
  /** The job document's text. */
  readonly job: string;
}

/** Absolute paths of a job and its executable. */
export interface Places {
  readonly executable: string;
  readonly job: string;
}

/** @throws Error when there is no previous version */
export function previousVersion(places: Places): Version {
  const folder = previousFolder(places);
  const executable = join(folder, basename(places.executable));
  const job = join(folder, basename(places.job));
  if (!existsSync(executable) || !existsSync(job)) {
    throw new Error(`${folder} holds no version to go back to; deploy an archive`);
  }
  return { executable: readFileSync(executable), job: readFileSync(job, 'utf8') };
}

/** An installed executable whose job document the agent has not accepted yet. */
export interface Installing {
  /** Keeps the replaced version as the previous one. */
  keep(): void;
  /** Restores the replaced version. */
  undo(): void;
}

/** Installs an executable. */
export function installExecutable(places: Places, content: Buffer): Installing {
  const { executable, job } = places;
  const previous = previousFolder(places);
  const unfinished = `${previous}.unfinished`;
  const hadOne = existsSync(executable);
  rmSync(unfinished, { recursive: true, force: true });
  if (hadOne) {
    mkdirSync(unfinished, { recursive: true });
    copyFileSync(executable, join(unfinished, basename(executable)));
    if (existsSync(job)) copyFileSync(job, join(unfinished, basename(job)));
  }
  replaceFile(executable, content, 0o755);
  return {
    keep: () => {
      if (!hadOne) return;
      rmSync(previous, { recursive: true, force: true });
      renameSync(unfinished, previous);
    },
    undo: () => {
      if (!hadOne) return rmSync(executable);
      replaceFile(executable, readFileSync(join(unfinished, basename(executable))), 0o755);
      rmSync(unfinished, { recursive: true });
    },
  };
}

/** Writes a file under a temporary name, syncs it to disk, and renames it. */
export function replaceFile(path: string, content: Buffer | string, mode: number): void {
  const unfinished = `${path}.unfinished`;
  mkdirSync(dirname(path), { recursive: true });
  rmSync(unfinished, { force: true });
  const descriptor = openSync(unfinished, 'wx', mode);
  try {
    const bytes = Buffer.from(content);
    for (let at = 0; at < bytes.length;) at += writeSync(descriptor, bytes, at);
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
  // Windows lets a running executable be renamed, but not replaced.
  if (process.platform === 'win32' && existsSync(path)) {
    rmSync(`${path}.running`, { force: true });
    renameSync(path, `${path}.running`);
  }
  renameSync(unfinished, path);
}

function previousFolder({ executable }: Places): string {
  return join(dirname(executable), 'previous');
}
