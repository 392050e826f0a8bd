/** A table of the entries that were used last: the others are made again. */
export class Recent<V> {
  readonly #most: number;
  readonly #entries = new Map<string, V>();

  /** @param most number of entries that are kept */
  constructor(most: number) {
    this.#most = most;
  }

  /** The entry, or undefined. */
  get(key: string): V | undefined {
    return this.#entries.get(key);
  }

  set(key: string, value: V): V {
    this.#entries.delete(key);
    this.#entries.set(key, value);
    for (const oldest of this.#entries.keys()) {
      if (this.#entries.size <= this.#most) break;
      this.#entries.delete(oldest);
    }
    return value;
  }
}
