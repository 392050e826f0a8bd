/**
 * Rules of vendors whose credentials have no mark of their own: a value of a usual shape, given to a name that holds the
 * vendor's. There are hundreds, and no search for that many names passes over a text quickly. So they are looked for only
 * where a rule that leads has found that something is assigned to a `key`, a `token`, a `password`.
 */
import { allRules } from './rules/index.ts';

/** Letters by which names are looked up; no name is shorter. */
const PREFIX = 3;

interface Name {
  readonly text: string;
  /** Indices into all rules. */
  readonly rules: readonly number[];
}

let byPrefix: ReadonlyMap<number, readonly Name[]> | undefined;

/** Which of those rules have a name in a text of a few hundred characters: indices into all rules. */
export function followersIn(text: string): number[] {
  byPrefix ??= prepare();
  const small = text.toLowerCase();
  const rules = new Set<number>();
  let code = 0;
  for (let index = 0; index < small.length; index += 1) {
    code = ((code << 8) | small.charCodeAt(index)) & 0xff_ffff;
    for (const name of byPrefix.get(code) ?? []) {
      if (small.startsWith(name.text, index - PREFIX + 1)) for (const rule of name.rules) rules.add(rule);
    }
  }
  return [...rules];
}

function prepare(): ReadonlyMap<number, readonly Name[]> {
  const names = new Map<string, number[]>();
  for (const [index, { isFollower = false, keywords }] of allRules.entries()) {
    for (const keyword of isFollower ? keywords : []) {
      const rules = names.get(keyword);
      if (rules === undefined) names.set(keyword, [index]);
      else rules.push(index);
    }
  }
  const prefixes = new Map<number, Name[]>();
  for (const [text, rules] of names) {
    const code = (text.charCodeAt(0) << 16) | (text.charCodeAt(1) << 8) | text.charCodeAt(2);
    const known = prefixes.get(code);
    if (known === undefined) prefixes.set(code, [{ text, rules }]);
    else known.push({ text, rules });
  }
  return prefixes;
}
