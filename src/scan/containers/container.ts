/**
 * What a reader of one format receives and yields. A reader knows its format and nothing of rules, findings or coverage; it works within
 * the limits that it is given, and says why it stops.
 */

import type { ContainerGap } from '../model/coverage.ts';

export type { ContainerGap };

const NAME_OF_ERROR = 'ContainerError';

/** Ends a reader, or the content of one entry. */
export class ContainerError extends Error {
  override readonly name = NAME_OF_ERROR;
  readonly reason: ContainerGap;

  /** True also for an error of another part of the executable, which has a copy of this class. */
  static override [Symbol.hasInstance](error: unknown): boolean {
    return error instanceof Error && error.name === NAME_OF_ERROR;
  }

  constructor(reason: ContainerGap, message: string) {
    super(message);
    this.reason = reason;
  }
}

/** Bytes that can be read anywhere, without waiting: a file, or an entry that is held in memory. */
export interface ContainerBytes {
  readonly size: number;
  /** @returns the number of bytes that were read: fewer than `length` only at the end */
  read(target: Uint8Array, offset: number, length: number, position: number): number;
}

/** Bytes in order, in pieces of at most some 64 KiB. */
export type ByteSource = AsyncIterable<Uint8Array>;

export interface ContainerEntry {
  /** As the container spells it, with `/` between folders: may be hostile, and is never used to open a file. */
  readonly name: string;
  /**
   * What it contains, decoded piece by piece as it is asked for, or why that cannot be read. Is read, or left, before the next entry is
   * asked for. Iterating may throw a `ContainerError`; the container's other entries can be read all the same.
   */
  readonly content: ByteSource | ContainerGap;
}

/** Limits that a reader itself must keep, because nobody else sees what it holds. */
export interface ReaderLimits {
  /** Maximum number of bytes that it may keep in memory at a time. */
  readonly memoryBytes: number;
  /** True when the run must end, or the container has used its time: the reader then stops with `container-limit`. */
  isOver(): boolean;
}

/** Reads a format whose parts follow each other, such as tar or gzip. */
export interface StreamReader {
  readonly needs: 'stream';
  /** @throws ContainerError while it is iterated */
  read(content: ByteSource, name: string, limits: ReaderLimits): AsyncIterable<ContainerEntry>;
}

/** Reads a format with a directory, such as zip, PDF or SQLite. An inner container of this kind is held in memory, if it fits. */
export interface BytesReader {
  readonly needs: 'bytes';
  /** @throws ContainerError while it is iterated */
  read(content: ContainerBytes, name: string, limits: ReaderLimits): AsyncIterable<ContainerEntry>;
}

export type ContainerReader = StreamReader | BytesReader;
