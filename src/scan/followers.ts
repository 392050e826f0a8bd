/**
 * Rules of vendors whose credentials have no mark of their own: a value of a usual shape, given to a name that holds the
 * vendor's. There are hundreds, and no search for that many names passes over a text quickly. So they are looked for only
 * where a rule that leads has found that something is assigned to a `key`, a `token`, a `password`.
 */
import { allRules } from './rules/index.ts';

/** Letters by which names are looked up; no name is shorter. */
const PREFIX = 3;
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
 * @param end names that reach beyond this place are left out
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

/** The last three characters as a number that is the same for both cases of letters. */
function next(code: number, character: number): number {
  return ((code << 8) | character | SMALL) & 0xff_ffff;
}

function hashOf(code: number): number {
  return (code ^ (code >> 9)) & 0x7fff;
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
  const isPrefix = new Uint8Array(0x8000);
  for (const [text, rules] of rulesOf) {
    const code = [0, 1, 2].reduce((before, at) => next(before, text.charCodeAt(at)), 0);
    isPrefix[hashOf(code)] = 1;
    const known = byPrefix.get(code);
    if (known === undefined) byPrefix.set(code, [{ text, rules }]);
    else known.push({ text, rules });
  }
  return { byPrefix, isPrefix };
}
