/**
 * Rules of vendors whose credentials have no distinctive format: a value of a common shape, assigned to a name that
 * contains the vendor's. There are hundreds of them, and searching for that many names is slow. So they are tried
 * only where a trigger rule has found an assignment to a `key`, a `token` or a `password`.
 */
import { bytesOfClass } from '../engine/index.ts';
import { type Rule, allRules } from '../rules/index.ts';

/**
 * Characters of a name that make up a window, by which it is looked up. With three, four times as many places
 * match some name.
 */
const NAME_WINDOW_CHARS = 4;
/** How far into a name a window may begin: few names differ within the `token_` or `secret-` that many begin with. */
const MAX_WINDOW_OFFSET = 6;
/** Knuth's multiplicative hashing: 2^32 divided by the golden ratio. */
const HASH_FACTOR = 0x9e3779b1;
const HASH_BITS = 18;
/** The bit that distinguishes a lower-case ASCII letter from its capital. */
const CASE_BIT = 0x20;

/** Offsets in a text: of the first character, and of the one after the last. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

interface Name {
  readonly text: string;
  /** Where in the name the window begins. */
  readonly offset: number;
  /** Indices into all rules. */
  readonly rules: readonly number[];
}

interface Names {
  readonly byWindow: ReadonlyMap<number, readonly Name[]>;
  /** One bit for each hash of a window: set where a name has it. Rules out nearly all places of a text. */
  readonly isWindow: Uint8Array;
}

let names: Names | undefined;

/**
 * Finds which of those rules have a name in a text of a few hundred characters (by index into all rules), and where
 * each name is. In source code, one in 50 of the places where a trigger matches remains.
 * @param value what the secret overlaps, if known: names that begin in it or later, and rules whose secrets consist
 *   of other characters, are left out
 */
export function contextualNamesIn(text: string, value?: Span): ReadonlyMap<number, readonly Span[]> {
  const { byWindow, isWindow } = (names ??= prepare());
  let small: string | undefined;
  const places = new Map<number, Span[]>();
  const impossible = new Set<number>();
  let code = 0;
  const before = value?.start ?? Infinity;
  const end = Math.min(text.length, before + MAX_WINDOW_OFFSET + NAME_WINDOW_CHARS - 1);
  const bytes = bytesOfText(text, end);
  for (let index = 0; index < end; index += 1) {
    code = next(code, bytes[index] ?? 0);
    const hash = hashOf(code);
    if ((((isWindow[hash >>> 3] ?? 0) >>> (hash & 7)) & 1) === 0) continue;
    const alike = byWindow.get(code);
    if (alike === undefined) continue;
    small ??= text.toLowerCase();
    for (const name of alike) {
      const start = index + 1 - NAME_WINDOW_CHARS - name.offset;
      if (start < 0 || start >= before || !small.startsWith(name.text, start)) continue;
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
  // A window may be anywhere in its name, so a window found later may belong to a name that begins earlier.
  for (const spans of places.values()) spans.sort((a, b) => a.start - b.start);
  return places;
}

let scratch = Buffer.alloc(1024);

/**
 * The text is a concatenation of others, so it is copied into a buffer: reading its characters one by one takes five
 * times as long.
 */
function bytesOfText(text: string, length: number): Uint8Array {
  if (length > scratch.length) scratch = Buffer.alloc(2 * length);
  scratch.write(text, 0, length, 'latin1');
  return scratch;
}

/** Can the characters in and around the value be a secret of this rule? */
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
  return (code << 8) | character | CASE_BIT;
}

function hashOf(code: number): number {
  return Math.imul(code, HASH_FACTOR) >>> (32 - HASH_BITS);
}

/** What a text may contain in place of this window: for a name of three letters, any character may be the fourth. */
function codesOf(window: string): number[] {
  const code = (text: string) => Array.from(text).reduce((before, at) => next(before, at.charCodeAt(0)), 0);
  if (window.length === NAME_WINDOW_CHARS) return [code(window)];
  return [...new Set(Array.from({ length: 256 }, (_, byte) => code(window + String.fromCharCode(byte))))];
}

/** The windows by which a name may be looked up. */
function windowsOf(name: string): string[] {
  const count = Math.min(MAX_WINDOW_OFFSET, Math.max(0, name.length - NAME_WINDOW_CHARS)) + 1;
  return Array.from({ length: count }, (_, offset) => name.slice(offset, offset + NAME_WINDOW_CHARS));
}

function prepare(): Names {
  const rulesOf = new Map<string, number[]>();
  const triggerWindows = new Set<string>();
  for (const [index, { follows, keywords, isTrigger }] of allRules.entries()) {
    for (const keyword of keywords) {
      if (isTrigger === true) for (const window of windowsOf(keyword)) triggerWindows.add(window);
      if (follows === undefined) continue;
      const rules = rulesOf.get(keyword);
      if (rules === undefined) rulesOf.set(keyword, [index]);
      else rules.push(index);
    }
  }
  /** How many names have a window. */
  const shares = new Map<string, number>();
  for (const name of rulesOf.keys()) {
    for (const window of windowsOf(name)) shares.set(window, (shares.get(window) ?? 0) + 1);
  }
  /** Every text contains the words of triggers. */
  const cost = (window: string) =>
    (shares.get(window) ?? 0) + (triggerWindows.has(window) ? rulesOf.size : 0);
  const byWindow = new Map<number, Name[]>();
  const isWindow = new Uint8Array(1 << (HASH_BITS - 3));
  for (const [text, rules] of rulesOf) {
    const windows = windowsOf(text);
    const [window = ''] = windows.toSorted((a, b) => cost(a) - cost(b));
    const name = { text, rules, offset: windows.indexOf(window) };
    for (const code of codesOf(window)) {
      const hash = hashOf(code);
      isWindow[hash >>> 3] = (isWindow[hash >>> 3] ?? 0) | (1 << (hash & 7));
      const known = byWindow.get(code);
      if (known === undefined) byWindow.set(code, [name]);
      else known.push(name);
    }
  }
  return { byWindow, isWindow };
}
