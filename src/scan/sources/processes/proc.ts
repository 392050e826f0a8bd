/**
 * The running processes of Linux, as `/proc` shows them (proc(5)). Nothing is started, and nothing of a process is changed. What a
 * process shows may change or end at any time, and belongs to its user: sizes are limited, and a read that blocks is abandoned.
 */
import { type FileHandle, open } from 'node:fs/promises';
import { codeOf } from '../../../host/exit/task-error.ts';
import type { Platform } from '../../../host/platform/index.ts';

const PROC = '/proc';
/** Of one environment, or one command line. */
const MAX_BYTES = 256 * 1024;
/** Usually, a read takes some microseconds. The kernel waits for the lock of a process's memory, which may be held for long. */
const READ_TIMEOUT_MS = 2000;
/** Each blocked read occupies a thread of Node's pool, which has four. */
const MAX_BLOCKED = 2;

/** What identifies a process, and whose it is. */
export interface ProcessStatus {
  readonly pid: number;
  readonly parent: number;
  readonly uid: number;
  /** Path of the file that it executes. */
  readonly program: string;
}

/** The environment and the arguments of a process, each entry with a NUL at its end. */
export interface ProcessMemory {
  readonly environment: Buffer;
  readonly commandLine: Buffer;
  /** One of them is longer than what is read. */
  readonly isCut: boolean;
}

/** Why a process cannot be read. */
export type Unreadable = 'ended' | 'denied' | 'not-answering';

/** A process whose program only its user or root may know. */
export interface HiddenProcess {
  readonly program: undefined;
  /** What it calls itself. */
  readonly name: string;
}

export class Proc {
  readonly #platform: Platform;
  #blocked = 0;

  constructor(platform: Platform) {
    this.#platform = platform;
  }

  /** The ids of all processes. @throws the system's error */
  ids(): number[] {
    const { fs } = this.#platform;
    const walk = fs.folderWalk();
    try {
      const names = [...fs.list(walk.open(PROC))].map(({ name }) => name);
      return names.filter((name) => /^[1-9]\d{0,9}$/.test(name)).map(Number);
    } finally {
      walk.close();
    }
  }

  /** Undefined for a thread of the kernel, and for a process that has ended. */
  status(pid: number): ProcessStatus | HiddenProcess | undefined {
    const { fs } = this.#platform;
    let text = '';
    try {
      text = fs.readText(`${PROC}/${pid}/status`);
      const [, parent] = /^PPid:\t(\d+)/m.exec(text) ?? [];
      const [, uid] = /^Uid:\t(\d+)/m.exec(text) ?? [];
      // Only a thread of the kernel, and a process that has ended, have no memory.
      if (parent === undefined || uid === undefined || !/^VmSize:/m.test(text)) return undefined;
      return { pid, parent: Number(parent), uid: Number(uid), program: this.#program(pid) };
    } catch (error) {
      const [, name = ''] = /^Name:\t(.*)$/m.exec(text) ?? [];
      return unreadable(error) === 'denied' ? { program: undefined, name } : undefined;
    }
  }

  /** What a process shows, unless it starts another program meanwhile. */
  async read({ pid, program }: ProcessStatus): Promise<ProcessMemory | Unreadable> {
    try {
      const environment = await this.#content(`${PROC}/${pid}/environ`);
      const commandLine = await this.#content(`${PROC}/${pid}/cmdline`);
      if (environment === undefined || commandLine === undefined) return 'not-answering';
      if (this.#program(pid) !== program) return 'ended';
      const isCut = environment.length > MAX_BYTES || commandLine.length > MAX_BYTES;
      return { environment: whole(environment), commandLine: whole(commandLine), isCut };
    } catch (error) {
      return unreadable(error);
    }
  }

  /** The systemd service that a process belongs to, if any: `nginx.service`. */
  service(pid: number): string | undefined {
    try {
      const text = this.#platform.fs.readText(`${PROC}/${pid}/cgroup`);
      return /\/([^/\n]{1,256}\.service)$/m.exec(text)?.[1];
    } catch {
      return undefined;
    }
  }

  /** A program that was replaced, as by an update, keeps its name. */
  #program(pid: number): string {
    return this.#platform.fs.readLink(`${PROC}/${pid}/exe`).replace(/ \(deleted\)$/, '');
  }

  /** The first bytes of a file, one more than are used if there are more; undefined if it does not answer. */
  async #content(path: string): Promise<Buffer | undefined> {
    if (this.#blocked >= MAX_BLOCKED) return undefined;
    const { promise: timeout, resolve } = Promise.withResolvers<undefined>();
    const timer = setTimeout(() => resolve(undefined), READ_TIMEOUT_MS);
    const content = firstBytes(path);
    content.catch(() => undefined); // It may fail when nobody waits any longer.
    try {
      const read = await Promise.race([content, timeout]);
      if (read === undefined) this.#blocked += 1;
      return read;
    } finally {
      clearTimeout(timer);
    }
  }
}

async function firstBytes(path: string): Promise<Buffer> {
  const file: FileHandle = await open(path, 'r');
  try {
    const pieces: Buffer[] = [];
    for (let length = 0; length <= MAX_BYTES;) {
      const piece = Buffer.allocUnsafe(Math.min(16 * 1024, MAX_BYTES + 1 - length));
      const { bytesRead } = await file.read(piece, 0, piece.length);
      if (bytesRead === 0) break;
      pieces.push(piece.subarray(0, bytesRead));
      length += bytesRead;
    }
    return Buffer.concat(pieces);
  } finally {
    await file.close();
  }
}

/** What was cut off may be half of an entry. */
function whole(content: Buffer): Buffer {
  return content.length > MAX_BYTES ? content.subarray(0, content.lastIndexOf(0) + 1) : content;
}

function unreadable(error: unknown): Unreadable {
  const code = codeOf(error);
  return code === 'EACCES' || code === 'EPERM' ? 'denied' : 'ended';
}
