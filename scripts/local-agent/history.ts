/** The latest entries of a list, in order and in bounded memory. */

export class History<Item> {
  readonly #items: Item[] = [];
  readonly #limit: number;

  readonly #onItem: ((item: Item) => void) | undefined;

  constructor(limit: number, onItem?: (item: Item) => void) {
    this.#limit = limit;
    this.#onItem = onItem;
  }

  /** Always the same array, oldest first. */
  get items(): readonly Item[] {
    return this.#items;
  }

  add(item: Item): void {
    this.#items.push(item);
    if (this.#items.length > this.#limit) this.#items.splice(0, this.#items.length - this.#limit);
    this.#onItem?.(item);
  }
}
