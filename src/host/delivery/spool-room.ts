/**
 * How much of a bounded queue is used, and by whom. Announcements and ordinary records have separate limits, so that neither
 * displaces the other. An owner may use as much of the room for announcements as is still free afterwards: one flooding owner gets
 * half of it, two get a third each, and there is always some left for an owner with few records.
 */

/** Characters of payload. */
export interface RoomLimits {
  readonly ordinary: number;
  readonly announcements: number;
}

export class Room {
  readonly #limits: RoomLimits;
  #ordinary = 0;
  #announcements = 0;
  readonly #byOwner = new Map<string, number>();

  constructor(limits: RoomLimits) {
    this.#limits = limits;
  }

  /** True if the owner may use room for an announcement of this length. */
  accepts(owner: string, length: number): boolean {
    const free = this.#limits.announcements - this.#announcements - length;
    return (this.#byOwner.get(owner) ?? 0) + length <= free;
  }

  /** True if ordinary records exceed their limit: some must be dropped. */
  get isOverfull(): boolean {
    return this.#ordinary > this.#limits.ordinary;
  }

  /**
   * Counts an added record, or a removed one with a negative length.
   * @param owner undefined for ordinary records
   */
  add(owner: string | undefined, length: number): void {
    if (owner === undefined) {
      this.#ordinary += length;
      return;
    }
    this.#announcements += length;
    const left = (this.#byOwner.get(owner) ?? 0) + length;
    if (left > 0) this.#byOwner.set(owner, left);
    else this.#byOwner.delete(owner);
  }
}
