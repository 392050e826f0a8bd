/** Puts pieces of text together to lines, from the places at which they are shown on a page. */

/** A change of coordinates: x' = ax + cy + e, y' = bx + dy + f. */
export type Matrix = readonly [a: number, b: number, c: number, d: number, e: number, f: number];

export const IDENTITY: Matrix = [1, 0, 0, 1, 0, 0];

/** First `one`, then `other`. */
export function product(one: Matrix, other: Matrix): Matrix {
  const [a, b, c, d, e, f] = one;
  const [A, B, C, D, E, F] = other;
  return [a * A + b * C, a * B + b * D, c * A + d * C, c * B + d * D, e * A + f * C + E, e * B + f * D + F];
}

/** Distances, in units of the font's size: of another line, of another word, of another column. */
const LINE = 0.4;
const WORD = 0.17;
const COLUMN = 1.5;
/** Text that goes back further than this is not the continuation of a word. */
const BACK = 0.5;

export class TextLayout {
  readonly #lines: string[] = [];
  #line = '';
  /** Where the last piece ended. */
  #end: readonly [x: number, y: number] | undefined;

  /** @param from where it begins, with the directions and sizes of the text @param to where it ends */
  add(text: string, from: Matrix, to: Matrix): void {
    const [a, b, c, d, x, y] = from;
    const size = Math.hypot(c, d) || 1;
    const length = Math.hypot(a, b) || 1;
    if (this.#end !== undefined) {
      const [dx, dy] = [x - this.#end[0], y - this.#end[1]];
      const along = (dx * a + dy * b) / length / size;
      const across = Math.abs(dy * a - dx * b) / length / size;
      if (across > LINE) this.#break();
      else if (along > COLUMN) this.#line += '\t';
      else if ((along > WORD || along < -BACK) && !/\s$/.test(this.#line) && !/^\s/.test(text))
        this.#line += ' ';
    }
    this.#line += text;
    this.#end = [to[4], to[5]];
  }

  lines(): readonly string[] {
    this.#break();
    return this.#lines;
  }

  #break(): void {
    if (this.#line !== '') this.#lines.push(this.#line);
    this.#line = '';
  }
}
