/**
 * Rules of vendors whose credentials have no mark of their own: a value of a usual shape, given to a name that holds the
 * vendor's. There are hundreds, and no search for that many names passes over a text quickly. So they are looked for only
 * where a rule that leads has found that something is assigned to a `key`, a `token`, a `password`.
 */
import { bytesOfClass } from './engine/index.ts';
import { type Rule, allRules } from './rules/index.ts';

/** Characters by which names are looked up. With three, four times as many places look like a name's beginning. */
const PREFIX = 4;
/** Knuth's multiplicative hashing: 2^32 divided by the golden ratio. */
const HASH_FACTOR = 0x9e3779b1;
const HASH_BITS = 15;
/** The bit that tells a small ASCII letter from its capital. */
const SMALL = 0x20;

/** Offsets in a text: of the first character, and of the one after the last. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

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
 * Which of those rules have a name in a text of a few hundred characters, by index into all rules, and where each is.
 * Of the places where a rule that leads finds something in source code, one in 50 is left.
 * @param value what the secret overlaps, if that is known: names that begin in it or later, and rules whose secrets are of
 *   other characters, are left out
 */
export function followersIn(text: string, value?: Span): ReadonlyMap<number, readonly Span[]> {
  const { byPrefix, isPrefix } = (names ??= prepare());
  let small: string | undefined;
  const places = new Map<number, Span[]>();
  const impossible = new Set<number>();
  let code = 0;
  const end = Math.min(text.length, (value?.start ?? Infinity) + PREFIX - 1);
  const bytes = bytesOfText(text, end);
  for (let index = 0; index < end; index += 1) {
    code = next(code, bytes[index] ?? 0);
    if (isPrefix[hashOf(code)] === 0) continue;
    const begun = byPrefix.get(code);
    if (begun === undefined) continue;
    small ??= text.toLowerCase();
    for (const name of begun) {
      const start = index - PREFIX + 1;
      if (!small.startsWith(name.text, start)) continue;
      for (const rule of name.rules) {
        if (impossible.has(rule)) continue;
        const place = { start, end: start + name.text.length };
        const known = places.get(rule);
        if (known !== undefined) known.push(place);
        else if (canHold(text, value ?? { start: 0, end: text.length }, allRules[rule]))
          places.set(rule, [place]);
        else impossible.add(rule);
      }
    }
  }
  return places;
}

let scratch = Buffer.alloc(1024);

/** The text was put together of others: asking it for one character after the other takes five times as long. */
function bytesOfText(text: string, length: number): Uint8Array {
  if (length > scratch.length) scratch = Buffer.alloc(2 * length);
  scratch.write(text, 0, length, 'latin1');
  return scratch;
}

/** Can the text's characters around and in the value be a secret of this rule? */
function canHold(text: string, { start, end }: Span, rule: Rule | undefined): boolean {
  if (rule?.follows === undefined) return false;
  const { of, least } = rule.follows.value;
  const isOf = bytesOfClass(of);
  const isMember = (at: number) => isOf[text.charCodeAt(at)] === 1;
  let first = start;
  while (first > 0 && isMember(first - 1)) first -= 1;
  for (let at = first; at < text.length; at += 1) {
    if (!isMember(at)) {
      first = at + 1;
      if (first >= end) return false;
    } else if (at + 1 - first >= least) return true;
  }
  return false;
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
  for (const [index, { follows, keywords }] of allRules.entries()) {
    for (const keyword of follows === undefined ? [] : keywords) {
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
