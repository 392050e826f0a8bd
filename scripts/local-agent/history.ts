/** The latest of something, in order: what a long-running agent remembers without growing for ever. */

export class History<Item> {
  readonly #items: Item[] = [];
  readonly #limit: number;

  readonly #onItem: ((item: Item) => void) | undefined;

  constructor(limit: number, onItem?: (item: Item) => void) {
    this.#limit = limit;
    this.#onItem = onItem;
  }

  /** The same array at all times, oldest first. */
  get items(): readonly Item[] {
    return this.#items;
  }

  add(item: Item): void {
    this.#items.push(item);
    if (this.#items.length > this.#limit) this.#items.splice(0, this.#items.length - this.#limit);
    this.#onItem?.(item);
  }
}
