/**
 * Rules of vendors whose credentials have no mark of their own: a value of a usual shape, given to a name that holds the
 * vendor's. There are hundreds, and no search for that many names is quick. So they are looked for only where a rule that
 * is a trigger has found that something is assigned to a `key`, a `token`, a `password`.
 */
import { bytesOfClass } from '../engine/index.ts';
import { type Rule, allRules } from '../rules/index.ts';

/** Characters of a name by which it is looked up. With three, four times as many places look like some name's. */
const NAME_WINDOW_CHARS = 4;
/** How far into a name they may begin: what few names have is beyond the `token_` or `secret-` that many begin with. */
const MAX_WINDOW_OFFSET = 6;
/** Knuth's multiplicative hashing: 2^32 divided by the golden ratio. */
const HASH_FACTOR = 0x9e3779b1;
const HASH_BITS = 18;
/** The bit that tells a small ASCII letter from its capital. */
const CASE_BIT = 0x20;

/** Offsets in a text: of the first character, and of the one after the last. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

interface Name {
  readonly text: string;
  /** Where in it the window begins. */
  readonly offset: number;
  /** Indices into all rules. */
  readonly rules: readonly number[];
}

interface Names {
  readonly byWindow: ReadonlyMap<number, readonly Name[]>;
  /** A bit for each hash of a window: set where a name has it. Nearly all places of a text are ruled out by this. */
  readonly isWindow: Uint8Array;
}

let names: Names | undefined;

/**
 * Which of those rules have a name in a text of a few hundred characters, by index into all rules, and where each is.
 * Of the places where a trigger finds something in source code, one in 50 is left.
 * @param value what the secret overlaps, if that is known: names that begin in it or later, and rules whose secrets are of
 *   other characters, are left out
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
  // Windows are anywhere in a name, so one that begins later may have come before.
  for (const spans of places.values()) spans.sort((a, b) => a.start - b.start);
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
  return (code << 8) | character | CASE_BIT;
}

function hashOf(code: number): number {
  return Math.imul(code, HASH_FACTOR) >>> (32 - HASH_BITS);
}

/** What a text may have in the place of this window: of a name of three letters, any character may be the fourth. */
function codesOf(window: string): number[] {
  const code = (text: string) => Array.from(text).reduce((before, at) => next(before, at.charCodeAt(0)), 0);
  if (window.length === NAME_WINDOW_CHARS) return [code(window)];
  return [...new Set(Array.from({ length: 256 }, (_, byte) => code(window + String.fromCharCode(byte))))];
}

/** The windows that a name may be looked up by. */
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
  /** The words of triggers are in each text. */
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
