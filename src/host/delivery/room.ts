/**
 * How much a bounded queue holds, and for whom. Announcements and ordinary records have room of their own, so that neither
 * pushes the other out. Of the room for announcements an owner may use as much as is still free afterwards: one flooding
 * owner gets half of it, two get a third each, and there is always some left for an owner with few records.
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

  /** True when an announcement of this length fits into what the owner may use. */
  accepts(owner: string, length: number): boolean {
    const free = this.#limits.announcements - this.#announcements - length;
    return (this.#byOwner.get(owner) ?? 0) + length <= free;
  }

  /** Ordinary records take more room than they have: some must go. */
  get isOverfull(): boolean {
    return this.#ordinary > this.#limits.ordinary;
  }

  /**
   * Counts what came, or went with a negative length.
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
