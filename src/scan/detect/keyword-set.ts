/** Which of many words a short text holds, in small letters or capitals: without an expression of all of them, which takes 10 ms to make. */

/** Characters of a word by which it is looked up. */
const MAX_BEGINNING_CHARS = 3;
const HASH_BITS = 12;

export class KeywordSet {
  /** By code of their beginnings. */
  readonly #words = new Map<number, string[]>();
  /** By the last bits of a code: 1 where words have one with them. Most places need no look-up: 2 % of a scan. */
  readonly #isAny = new Uint8Array(1 << HASH_BITS);
  readonly #beginning: number;

  constructor(words: readonly string[]) {
    const small = new Set(words.map((word) => word.toLowerCase()));
    this.#beginning = Math.min(MAX_BEGINNING_CHARS, ...Array.from(small, ({ length }) => length));
    for (const word of small) {
      const code = this.#codeAt(word, 0);
      this.#isAny[code % this.#isAny.length] = 1;
      const alike = this.#words.get(code);
      if (alike === undefined) this.#words.set(code, [word]);
      else alike.push(word);
    }
  }

  isAnyIn(text: string): boolean {
    return !this.#each(text).next().done;
  }

  /** The words in the text, in small letters. */
  in(text: string): Set<string> {
    return new Set(this.#each(text));
  }

  *#each(text: string): Generator<string, void, undefined> {
    const small = text.toLowerCase();
    for (let at = 0; at + this.#beginning <= small.length; at += 1) {
      const code = this.#codeAt(small, at);
      if (this.#isAny[code % this.#isAny.length] === 0) continue;
      for (const word of this.#words.get(code) ?? []) if (small.startsWith(word, at)) yield word;
    }
  }

  /** A number for what stands there, the same for few other texts. */
  #codeAt(text: string, at: number): number {
    let code = 0;
    for (let index = at; index < at + this.#beginning; index += 1) code = 61 * code + text.charCodeAt(index);
    return code;
  }
}
