/**
 * Rules of vendors whose credentials have no mark of their own: a value of a usual shape, given to a name that holds the
 * vendor's. There are hundreds, and no search for that many names passes over a text quickly. So they are looked for only
 * where a rule that leads has found that something is assigned to a `key`, a `token`, a `password`.
 */
import { allRules } from './rules/index.ts';

/** Characters by which names are looked up. With three, four times as many places look like a name's beginning. */
const PREFIX = 4;
/** Knuth's multiplicative hashing: 2^32 divided by the golden ratio. */
const HASH_FACTOR = 0x9e3779b1;
const HASH_BITS = 15;
/** The bit that tells a small ASCII letter from its capital. */
const SMALL = 0x20;

interface Name {
  readonly text: string;
  /** Indices into all rules. */
  readonly rules: readonly number[];
}

interface Names {
  readonly byPrefix: ReadonlyMap<number, readonly Name[]>;
  /** By hash of a prefix: 1 where a name has it. Nearly all of a text is passed over by this. */
  readonly isPrefix: Uint8Array;
}

let names: Names | undefined;

/**
 * Which of those rules have a name in a text of a few hundred characters, by index into all rules, and where each begins.
 * @param end names that begin later are left out
 */
export function followersIn(text: string, end = text.length): ReadonlyMap<number, readonly number[]> {
  const { byPrefix, isPrefix } = (names ??= prepare());
  let small: string | undefined;
  const starts = new Map<number, number[]>();
  let code = 0;
  for (let index = 0; index < end; index += 1) {
    code = next(code, text.charCodeAt(index));
    if (isPrefix[hashOf(code)] === 0) continue;
    small ??= text.toLowerCase();
    for (const name of byPrefix.get(code) ?? []) {
      const start = index - PREFIX + 1;
      if (!small.startsWith(name.text, start)) continue;
      for (const rule of name.rules) {
        const known = starts.get(rule);
        if (known === undefined) starts.set(rule, [start]);
        else known.push(start);
      }
    }
  }
  return starts;
}

/** The last four characters as a number that is the same for both cases of letters. */
function next(code: number, character: number): number {
  return (code << 8) | character | SMALL;
}

function hashOf(code: number): number {
  return Math.imul(code, HASH_FACTOR) >>> (32 - HASH_BITS);
}

/** What texts begin with that begin with this name: of a name of three letters, any character may be the fourth. */
function prefixesOf(name: string): Set<number> {
  const code = (text: string) => Array.from(text).reduce((before, at) => next(before, at.charCodeAt(0)), 0);
  if (name.length >= PREFIX) return new Set([code(name.slice(0, PREFIX))]);
  return new Set(Array.from({ length: 256 }, (_, byte) => code(name + String.fromCharCode(byte))));
}

function prepare(): Names {
  const rulesOf = new Map<string, number[]>();
  for (const [index, { isFollower = false, keywords }] of allRules.entries()) {
    for (const keyword of isFollower ? keywords : []) {
      const rules = rulesOf.get(keyword);
      if (rules === undefined) rulesOf.set(keyword, [index]);
      else rules.push(index);
    }
  }
  const byPrefix = new Map<number, Name[]>();
  const isPrefix = new Uint8Array(1 << HASH_BITS);
  for (const [text, rules] of rulesOf) {
    for (const code of prefixesOf(text)) {
      isPrefix[hashOf(code)] = 1;
      const known = byPrefix.get(code);
      if (known === undefined) byPrefix.set(code, [{ text, rules }]);
      else known.push({ text, rules });
    }
  }
  return { byPrefix, isPrefix };
}
