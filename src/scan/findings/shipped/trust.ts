/**
 * Whose lists count. Whoever can write a list can have a secret taken for a part of a package, so a list counts only for files that
 * its writers could have written too: those of its owner, or any file if the list is root's.
 */
import type { FileStatus, Platform } from '../../../host/platform/index.ts';
import { type OwnerOf, ownersOn } from '../../model/file-owner.ts';

/** A file whose package is looked up. */
export interface Subject {
  readonly path: string;
  readonly status: Pick<FileStatus, 'uid' | 'gid' | 'mode'>;
}

const WRITABLE_BY_GROUP = 0o020;
const WRITABLE_BY_OTHERS = 0o002;

export class Trust {
  readonly #isPosix: boolean;
  readonly #ownerOf: OwnerOf;
  #subject: Subject | undefined;

  constructor(platform: Platform) {
    this.#isPosix = platform.os !== 'windows';
    this.#ownerOf = ownersOn(platform);
  }

  /** Sets the file that the following calls are about. */
  begin(subject: Subject): void {
    this.#subject = subject;
  }

  /** Differs for files for which other lists count. */
  get key(): string {
    const { path = '', status } = this.#subject ?? {};
    return status === undefined ? '' : `${this.#ownerOf(path, status)} ${status.gid} ${status.mode & 0o022}`;
  }

  /** True for a list that only root and those who may write the file could have written, and for the file itself. */
  mayVouch(path: string, status: Subject['status']): boolean {
    const subject = this.#subject;
    if (subject === undefined) return false;
    const isRoots = this.#isPosix && status.uid === 0;
    if (!isRoots && this.#ownerOf(path, status) !== this.#ownerOf(subject.path, subject.status)) return false;
    // On Windows, permissions cannot be read.
    return !this.#isPosix || !hasOtherWriters(status, subject.status);
  }
}

function hasOtherWriters(list: Subject['status'], file: Subject['status']): boolean {
  const may = (permission: number) => (list.mode & permission) !== 0;
  const mayToo = (permission: number) => (file.mode & permission) !== 0;
  if (may(WRITABLE_BY_OTHERS) && !mayToo(WRITABLE_BY_OTHERS)) return true;
  return may(WRITABLE_BY_GROUP) && !(mayToo(WRITABLE_BY_GROUP) && list.gid === file.gid);
}
