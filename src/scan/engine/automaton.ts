/**
 * All keywords in one pass over bytes: the automaton of Aho and Corasick ("Efficient string matching", 1975) as a table
 * with a row of 256 next states per state. Its cost per byte is one look-up, whatever the text and the number of words.
 */

/** Told of each occurrence: the word's index, and the offset after its last byte. In order of that offset. */
export type OnWord = (word: number, end: number) => void;

interface Node {
  readonly next: Map<number, Node>;
  /** The words that end here, those of shorter suffixes included. */
  words: number[];
  fallback: Node | undefined;
}

export class Automaton {
  /** `table[state * 256 + byte]` is the next state. States in which a word ends come last. */
  readonly #table: Uint16Array;
  readonly #firstWithWords: number;
  /** By state, from `#firstWithWords` on. */
  readonly #words: readonly (readonly number[])[];

  constructor(words: readonly string[]) {
    const nodes = trie(words);
    linkFallbacks(nodes);
    const quiet = nodes.filter((node) => node.words.length === 0);
    const loud = nodes.filter((node) => node.words.length > 0);
    const states = new Map([...quiet, ...loud].map((node, state) => [node, state]));
    if (states.size > 0xffff) throw new RangeError(`too many keywords: ${states.size} states`);

    this.#firstWithWords = quiet.length;
    this.#words = loud.map((node) => node.words);
    this.#table = new Uint16Array(states.size * 256);
    // Parents stand before their children, and a fallback is nearer to the root: its row is complete when it is copied.
    for (const node of nodes) {
      const row = (states.get(node) ?? 0) * 256;
      const fallback = node.fallback === undefined ? -1 : (states.get(node.fallback) ?? 0) * 256;
      if (fallback >= 0) this.#table.copyWithin(row, fallback, fallback + 256);
      for (const [byte, child] of node.next) this.#table[row + byte] = states.get(child) ?? 0;
    }
  }

  /** Reports every occurrence of every word in the first `length` bytes. */
  search(bytes: Uint8Array, length: number, onWord: OnWord): void {
    const table = this.#table;
    const firstWithWords = this.#firstWithWords;
    let state = 0;
    for (let index = 0; index < length; index += 1) {
      state = table[(state << 8) | (bytes[index] ?? 0)] ?? 0;
      if (state >= firstWithWords) {
        for (const word of this.#words[state - firstWithWords] ?? []) onWord(word, index + 1);
      }
    }
  }
}

/** The tree of all words, parents first. */
function trie(words: readonly string[]): Node[] {
  const root: Node = { next: new Map(), words: [], fallback: undefined };
  for (const [index, word] of words.entries()) {
    if (word === '') throw new RangeError('a keyword is empty');
    let node = root;
    for (const byte of Buffer.from(word, 'latin1')) {
      let child = node.next.get(byte);
      if (child === undefined) {
        child = { next: new Map(), words: [], fallback: undefined };
        node.next.set(byte, child);
      }
      node = child;
    }
    node.words.push(index);
  }
  const nodes = [root];
  for (const node of nodes) nodes.push(...node.next.values());
  return nodes;
}

/** Links each node to the longest suffix of its text that is also in the tree, and takes over that one's words. */
function linkFallbacks(nodes: readonly Node[]): void {
  const [root] = nodes;
  for (const node of nodes) {
    for (const [byte, child] of node.next) {
      let suffix = node.fallback;
      while (suffix !== undefined && !suffix.next.has(byte)) suffix = suffix.fallback;
      child.fallback = suffix?.next.get(byte) ?? root;
      child.words = [...child.words, ...(child.fallback?.words ?? [])];
    }
  }
}
