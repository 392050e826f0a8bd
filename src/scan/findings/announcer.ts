/**
 * Limits the records that a run logs about one owner's files, in number and size, and by the space in the queue.
 * Reports whether a record was logged; a later run logs the others.
 */
import type { Announce, Fields, LogEvent } from '../../host/log/index.ts';

export interface AnnouncerLimits {
  readonly records: number;
  /** Approximate payload size, in bytes. */
  readonly bytes: number;
}

/** Size of a payload without the path, and of the longest payload, in bytes. */
const USUAL_BYTES = 500;
const MAX_BYTES = 8 * 1024;

interface Used {
  records: number;
  bytes: number;
  /** The queue has refused a record. */
  isRefused: boolean;
}

export class Announcer {
  readonly #announce: Announce;
  readonly #limits: AnnouncerLimits;
  readonly #used = new Map<string, Used>();

  constructor(announce: Announce, limits: AnnouncerLimits) {
    this.#announce = announce;
    this.#limits = limits;
  }

  /** False when `announce` will not log anything more about this owner. */
  hasRoom(owner: string): boolean {
    const used = this.#used.get(owner);
    if (used === undefined) return true;
    const { records, bytes } = this.#limits;
    return !used.isRefused && used.records < records && used.bytes < bytes;
  }

  /**
   * @param path path of the file that the record is about
   * @returns whether it was logged
   */
  announce(owner: string, path: string, event: LogEvent, fields: Fields): boolean {
    if (!this.hasRoom(owner)) return false;
    const used = this.#used.get(owner) ?? { records: 0, bytes: 0, isRefused: false };
    this.#used.set(owner, used);
    if (!this.#announce(event, fields, owner)) {
      used.isRefused = true;
      return false;
    }
    used.records += 1;
    // The path is in the message and in the fields.
    used.bytes += Math.min(MAX_BYTES, USUAL_BYTES + 2 * path.length);
    return true;
  }
}
