/**
 * Finds all words in one pass over bytes, without SIMD: the automaton of Aho and Corasick ("Efficient string
 * matching", 1975) as a table with a row of 256 next states per state. Its cost per byte is one look-up, whatever
 * the text and the words.
 */
import type { OnWord } from './word-search.ts';
import { CASE, type Word, isLetter } from './word.ts';

interface Node {
  readonly next: Map<number, Node>;
  /** The words that end here, including those of shorter suffixes. */
  words: number[];
  fallback: Node | undefined;
}

export class Automaton {
  readonly #words: readonly Word[];
  /** `table[state * 256 + byte]` is the next state. States in which a word ends come last. */
  readonly #table: Uint16Array;
  readonly #firstWithWords: number;
  /** By state, from `#firstWithWords` on. */
  readonly #ending: readonly (readonly number[])[];

  /** @throws RangeError when there are more than 65,535 states: one per byte of the words, at most. */
  constructor(words: readonly Word[]) {
    const nodes = trie(words);
    linkFallbacks(nodes);
    const quiet = nodes.filter((node) => node.words.length === 0);
    const loud = nodes.filter((node) => node.words.length > 0);
    const states = new Map([...quiet, ...loud].map((node, state) => [node, state]));
    if (states.size > 0xffff) throw new RangeError(`too many keywords: ${states.size} states`);

    this.#words = words;
    this.#firstWithWords = quiet.length;
    this.#ending = loud.map((node) => node.words);
    this.#table = new Uint16Array(states.size * 256);
    // Parents precede their children, and a fallback is nearer to the root: its row is complete when it is
    // copied.
    for (const node of nodes) {
      const row = (states.get(node) ?? 0) * 256;
      const fallback = node.fallback === undefined ? -1 : (states.get(node.fallback) ?? 0) * 256;
      if (fallback >= 0) this.#table.copyWithin(row, fallback, fallback + 256);
      for (const [byte, child] of node.next) {
        const state = states.get(child) ?? 0;
        this.#table[row + byte] = state;
        if (isLetter(byte)) this.#table[row + (byte & ~CASE)] = state;
      }
    }
  }

  /** Reports every occurrence of every word in `bytes` from `start` to before `end`, ordered by where they end. */
  search(bytes: Uint8Array, start: number, end: number, onWord: OnWord): void {
    const table = this.#table;
    const firstWithWords = this.#firstWithWords;
    let state = 0;
    for (let index = start; index < end; index += 1) {
      state = table[(state << 8) | (bytes[index] ?? 0)] ?? 0;
      if (state < firstWithWords) continue;
      for (const word of this.#ending[state - firstWithWords] ?? []) {
        const { bytes: literal, caseless } = this.#words[word] ?? { bytes, caseless: true };
        const first = index + 1 - literal.length;
        if (caseless || literal.every((byte, at) => bytes[first + at] === byte)) onWord(word, first);
      }
    }
  }
}

/** The tree of all words in lower case, parents first. */
function trie(words: readonly Word[]): Node[] {
  const root: Node = { next: new Map(), words: [], fallback: undefined };
  for (const [index, word] of words.entries()) {
    let node = root;
    for (const byte of word.bytes) {
      const small = isLetter(byte) ? byte | CASE : byte;
      let child = node.next.get(small);
      if (child === undefined) {
        child = { next: new Map(), words: [], fallback: undefined };
        node.next.set(small, child);
      }
      node = child;
    }
    node.words.push(index);
  }
  const nodes = [root];
  for (const node of nodes) nodes.push(...node.next.values());
  return nodes;
}

/**
 * Links each node to the longest suffix of its text that is also in the tree, and adds that node's words to its
 * own.
 */
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
