/**
 * Numbers of objects by the beginning of their ids, in a few bytes for each: a hash table with the first 64 bits of each id, which are
 * random already. Two objects whose ids begin alike count as one; that can only make a finding's commit unknown or wrong.
 */

/** Steps after which a search ends. Only ids that somebody has chosen on purpose collide this often. */
const MAX_STEPS = 64;
const FIRST_SIZE = 1024;

export class IdTable {
  #high = new Uint32Array(FIRST_SIZE);
  #low = new Uint32Array(FIRST_SIZE);
  /** The numbers, plus one: 0 means that a place is free. */
  #numbers = new Uint32Array(FIRST_SIZE);
  #count = 0;

  get size(): number {
    return this.#count;
  }

  /** Undefined for an id that was not added. */
  find(id: Buffer, at = 0): number | undefined {
    const place = this.#placeOf(id.readUInt32BE(at), id.readUInt32BE(at + 4));
    const number = place === undefined ? 0 : (this.#numbers[place] ?? 0);
    return number === 0 ? undefined : number - 1;
  }

  /** Adds an id. One that is known keeps its first number. */
  add(id: Buffer, number: number): void {
    if (2 * this.#count >= this.#numbers.length) this.#grow();
    this.#put(id.readUInt32BE(0), id.readUInt32BE(4), number + 1);
  }

  #put(high: number, low: number, number: number): void {
    const place = this.#placeOf(high, low);
    if (place === undefined || this.#numbers[place] !== 0) return;
    this.#high[place] = high;
    this.#low[place] = low;
    this.#numbers[place] = number;
    this.#count += 1;
  }

  /** The place of an id, or the free one for it; undefined when there is none. */
  #placeOf(high: number, low: number): number | undefined {
    const mask = this.#numbers.length - 1;
    for (let step = 0; step < MAX_STEPS; step += 1) {
      const place = (low + step) & mask;
      if (this.#numbers[place] === 0) return place;
      if (this.#low[place] === low && this.#high[place] === high) return place;
    }
    return undefined;
  }

  #grow(): void {
    const [high, low, numbers] = [this.#high, this.#low, this.#numbers];
    const size = 2 * numbers.length;
    [this.#high, this.#low, this.#numbers] = [
      new Uint32Array(size),
      new Uint32Array(size),
      new Uint32Array(size),
    ];
    this.#count = 0;
    for (const [place, number] of numbers.entries()) {
      if (number !== 0) this.#put(high[place] ?? 0, low[place] ?? 0, number);
    }
  }
}
