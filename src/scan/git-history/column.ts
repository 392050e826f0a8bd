/** A list of numbers that grows, in a few bytes for each. */
type Numbers = Uint8Array | Uint16Array | Uint32Array | Float64Array;

const FIRST_LENGTH = 1024;

export class Column<Kind extends Numbers> {
  readonly #make: (length: number) => Kind;
  #numbers: Kind;
  #length = 0;

  constructor(make: (length: number) => Kind) {
    this.#make = make;
    this.#numbers = make(FIRST_LENGTH);
  }

  get length(): number {
    return this.#length;
  }

  push(value: number): void {
    if (this.#length === this.#numbers.length) {
      const larger = this.#make(2 * this.#length);
      larger.set(this.#numbers);
      this.#numbers = larger;
    }
    this.#numbers[this.#length] = value;
    this.#length += 1;
  }

  /** 0 for what was not added. */
  at(index: number): number {
    return this.#numbers[index] ?? 0;
  }

  set(index: number, value: number): void {
    this.#numbers[index] = value;
  }
}
