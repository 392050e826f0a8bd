/**
 * JSON for programs, which is also safe to print on a terminal. A long list is rendered item by item, one on each line: tens of
 * thousands of findings, in the objects of another format and then in a text with a line for each value, would need hundreds of megabytes.
 */
import { randomUUID } from 'node:crypto';
import { printable, printableLines } from '../../host/log/index.ts';

/** A list whose items are made when they are written. */
export class LongList<Item> {
  readonly #items: readonly Item[];
  readonly #toValue: (item: Item) => unknown;

  constructor(items: readonly Item[], toValue: (item: Item) => unknown) {
    this.#items = items;
    this.#toValue = toValue;
  }

  render(): string {
    const lines = this.#items.map((item) => printable(JSON.stringify(this.#toValue(item))));
    return lines.length === 0 ? '[]' : `[\n${lines.join(',\n')}\n]`;
  }
}

/** Renders an object with at most one `LongList`. */
export function serialize(value: unknown): string {
  let list: LongList<unknown> | undefined;
  // No text from outside can be the same.
  const place = randomUUID();
  const withoutList = (_: string, part: unknown) => {
    if (!(part instanceof LongList)) return part;
    list = part;
    return place;
  };
  const text = printableLines(JSON.stringify(value, withoutList, 2));
  return `${text.replace(`"${place}"`, () => list?.render() ?? '')}\n`;
}
