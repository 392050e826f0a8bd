/**
 * Executables that are always trusted. KEPM lists Authenticode thumbprints in
 * `Settings:AlternativeSignatures` (documentation, "Job and plugin settings keys"); this agent lists SHA-256 hashes of
 * executables, because Linux has no signature with a thumbprint. For a script, it is the hash of the interpreter.
 */
import { createHash } from 'node:crypto';
import { closeSync, openSync, readSync, statSync } from 'node:fs';
import { allProcesses, ownsSocket } from './process-info.ts';

const BLOCK = 1024 * 1024;

/** SHA-256 of a file, hexadecimal, lower case. */
export function fileHash(path: string): string {
  const hash = createHash('sha256');
  const block = Buffer.alloc(BLOCK);
  const descriptor = openSync(path, 'r');
  try {
    for (let read = readSync(descriptor, block); read > 0; read = readSync(descriptor, block)) {
      hash.update(block.subarray(0, read));
    }
  } finally {
    closeSync(descriptor);
  }
  return hash.digest('hex');
}

export class ExecutableAllowList {
  readonly #hashes: ReadonlySet<string>;
  readonly #known = new Map<string, string>();

  constructor(hashes: readonly string[]) {
    this.#hashes = new Set(hashes.map((hash) => hash.toLowerCase()));
  }

  /** The process that has the socket open and runs an allowed executable. Checks all processes of the machine. */
  ownerOf(inode: string): number | undefined {
    if (this.#hashes.size === 0) return undefined;
    return allProcesses().find((pid) => ownsSocket(pid, inode) && this.allows(pid));
  }

  /** True if the process runs an allowed executable. */
  allows(pid: number): boolean {
    const path = `/proc/${pid}/exe`;
    try {
      const { dev, ino, size, mtimeMs } = statSync(path);
      const identity = `${dev}:${ino}:${size}:${mtimeMs}`;
      const hash = this.#known.get(identity) ?? fileHash(path);
      this.#known.set(identity, hash);
      return this.#hashes.has(hash);
    } catch {
      return false;
    }
  }
}
