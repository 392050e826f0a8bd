/**
 * The rules of a file, compiled: which keywords they need, what they find in a text in which some occurred, and
 * which parts of a name they consider secret.
 */
import { describeError } from '../../../host/exit/task-error.ts';
import { REDACTED } from '../../../host/log/index.ts';
import type { RuleDescription } from '../../model/finding.ts';
import type { Pattern } from '../../engine/index.ts';
import { type Allowlist, type Suspect, allowlistOf } from './allowlist.ts';
import { entropyOf } from './entropy.ts';
import { Exceptions } from './exceptions.ts';
import { type Found, type Occurrence, SecretExpression, compile } from './expression.ts';
import { lowerCase, spellingsOf } from './letter-case.ts';
import { lineAround, textOf } from './line.ts';
import { type RequiredData, type RuleData, type RuleSet, refusal } from './rule-set.ts';

/** How far the match of a rule may reach in a text that comes in chunks, in bytes. */
const MAX_MATCH_BYTES = 32 * 1024;

/** A match of a rule. Offsets are those of the secret, in bytes. */
export interface CustomMatch extends Found {
  /** Index into `descriptions`. */
  readonly rule: number;
  readonly entropy: number;
  /** A global allowlist permits it. */
  readonly isAllowed: boolean;
}

/** A text, or a chunk of one. Offsets are those of the bytes. */
export interface CustomText {
  readonly bytes: Uint8Array;
  /** Where the bytes begin in the text. */
  readonly base: number;
  /** The path of the file. */
  readonly path: string;
  /** By keyword: the offsets where it occurs. */
  readonly occurrences: ReadonlyMap<number, readonly Occurrence[]>;
  /** Matches start at this offset or later ... */
  readonly from: number;
  /** ... and before this one. */
  readonly limit: number;
  /** By rule: where its last match ended in the text. It is updated. */
  readonly ends: Map<number, number>;
}

interface Prepared {
  readonly data: RuleData;
  readonly index: number;
  readonly expression: SecretExpression | undefined;
  readonly path: ReturnType<typeof compile> | undefined;
  /** Its keywords in lower case. */
  readonly words: readonly string[];
  /** What is searched for, by index: every spelling of these words. */
  readonly keywords: readonly number[];
  readonly allowlists: readonly Allowlist[];
}

export class CustomRules {
  /** The name of the rules' file. */
  readonly file: string;
  /** The descriptions of the rules, as used in reports. */
  readonly descriptions: readonly RuleDescription[];
  /** For the engine: the keywords, a marker for each, and the reach of the matches at the end. */
  readonly patterns: readonly Pattern[];
  /** The built-in rules are disabled. */
  readonly areAlone: boolean;
  /** For findings of the built-in rules; undefined if there are none, or the built-in rules are disabled. */
  readonly exceptions: Exceptions | undefined;
  /** Some rule has no keyword, and must see every text. */
  readonly wantsEveryText: boolean;
  readonly #rules: readonly Prepared[];
  readonly #byId: ReadonlyMap<string, Prepared>;
  readonly #allowlists: readonly Allowlist[];
  readonly #pathOnly: readonly Prepared[];

  /** @throws TaskError `config` that names the rule whose expression RE2 does not support */
  constructor(set: RuleSet, areAlone = false) {
    this.file = set.file;
    this.areAlone = areAlone;
    // A generic rule ranks below a specific one, wherever it is in the file.
    const sorted = set.rules.toSorted((a, b) => Number(isGeneric(a)) - Number(isGeneric(b)));
    const searched = [...new Set(sorted.flatMap(({ keywords }) => keywords.flatMap(searchedFor)))];
    const numbers = new Map(searched.map((keyword, number) => [keyword, number]));
    this.#rules = sorted.map((data, index) =>
      honoured(set, `rule "${data.id}"`, () => prepare(data, index, numbers)),
    );
    this.#byId = new Map(this.#rules.map((rule) => [rule.data.id, rule]));
    const lists = set.allowlists.map((data) => ({
      data,
      allows: honoured(set, 'the global allowlist', () => allowlistOf(data)),
    }));
    this.#allowlists = lists.flatMap(({ data, allows }) => (data.targets.length === 0 ? [allows] : []));
    this.exceptions = areAlone || lists.length === 0 ? undefined : new Exceptions(lists);
    this.#pathOnly = this.#rules.filter(({ data, expression }) => expression === undefined && !data.isSilent);
    this.wantsEveryText = this.#rules.some(({ expression, keywords, data }) => {
      return expression !== undefined && keywords.length === 0 && !data.isSilent;
    });
    this.descriptions = sorted.map(({ id, title }) => ({
      id,
      title,
      severity: 'medium',
      remediation: 'Revoke the credential where it was issued, then remove it from the file.',
      source: set.file,
    }));
    const marker = { caseless: true, isMarker: true, pattern: /(?!)/, window: { before: 0, after: 0 } };
    this.patterns = [
      ...searched.map((keyword) => ({ ...marker, keywords: [keyword] })),
      { keywords: [], pattern: /(?!)/, window: { before: 0, after: MAX_MATCH_BYTES } },
    ];
  }

  /** The matches in a text, rule by rule; one step for each rule that runs. */
  *matchesIn(text: CustomText): Generator<void, CustomMatch[], void> {
    const path = slashed(text.path);
    const required = new Map<Prepared, readonly Found[]>();
    const found: CustomMatch[] = [];
    for (const rule of this.#rules) {
      if (rule.data.isSilent || !isMeant(rule, path, text.occurrences)) continue;
      for (const match of this.#run(
        rule,
        text,
        path,
        Math.max(text.from, (text.ends.get(rule.index) ?? 0) - text.base),
      )) {
        if (match.start >= text.limit) break;
        text.ends.set(rule.index, text.base + match.end);
        const { entropy, suspect } = match;
        if (!this.#hasRequired(rule, match, text, path, required)) continue;
        const isAllowed = this.#allowlists.some((allows) => allows(suspect));
        const { start, end, secretStart, secretEnd } = match;
        found.push({ rule: rule.index, start, end, secretStart, secretEnd, entropy, isAllowed });
      }
      yield;
    }
    return found;
  }

  /** The rules for which a path alone is sufficient, and whether a global allowlist permits it. */
  matchesOfPath(systemPath: string): { readonly rule: number; readonly isAllowed: boolean }[] {
    if (this.#pathOnly.length === 0) return [];
    const path = slashed(systemPath);
    const suspect: Suspect = { path, textOf: undefined };
    return this.#pathOnly
      .filter((rule) => rule.path?.test(path) === true && !rule.allowlists.some((allows) => allows(suspect)))
      .map(({ index }) => ({ rule: index, isAllowed: this.#allowlists.some((allows) => allows(suspect)) }));
  }

  /** Replaces every secret in a text that leaves the process, such as a path: in the whole, and in each name. */
  redact(text: string): string {
    const parts = [text, ...text.split(/[\\/]/)];
    const secrets = new Set(parts.flatMap((part) => this.#secretsIn(part)));
    return [...secrets]
      .sort((a, b) => b.length - a.length)
      .reduce((clean, secret) => clean.replaceAll(secret, REDACTED), text);
  }

  #secretsIn(text: string): string[] {
    const bytes = Buffer.from(text);
    const small = lowerCase(text);
    return this.#rules.flatMap(({ data, expression, words }) => {
      const isWanted = words.length === 0 || words.some((word) => small.includes(word));
      if (expression === undefined || data.isSilent || !isWanted) return [];
      return Array.from(expression.matches(bytes, 0, []), ({ secretStart, secretEnd }) =>
        bytes.subarray(secretStart, secretEnd),
      ).flatMap((secret) =>
        data.entropy > 0 && entropyOf(secret) <= data.entropy ? [] : [secret.toString()],
      );
    });
  }

  /** The matches of one rule that satisfy its own conditions. */
  *#run(
    { data, expression, keywords, allowlists }: Prepared,
    { bytes, occurrences }: CustomText,
    path: string,
    from: number,
  ): Generator<Found & { readonly entropy: number; readonly suspect: Suspect }> {
    if (expression === undefined) return;
    const places = keywords.flatMap((keyword) => occurrences.get(keyword) ?? []);
    places.sort((a, b) => a.start - b.start);
    for (const found of expression.matches(bytes, from, places)) {
      const match = trimmed(bytes, found);
      const entropy = entropyOf(bytes.subarray(match.secretStart, match.secretEnd));
      if (data.entropy > 0 && entropy <= data.entropy) continue;
      const suspect: Suspect = { path, textOf: (target) => targeted(bytes, match, target) };
      if (allowlists.some((allows) => allows(suspect))) continue;
      yield { ...match, entropy, suspect };
    }
  }

  #hasRequired(
    { data }: Prepared,
    match: Found,
    text: CustomText,
    path: string,
    known: Map<Prepared, readonly Found[]>,
  ): boolean {
    return data.required.every((required) => {
      const other = this.#byId.get(required.id);
      if (other === undefined || !isMeant(other, path, text.occurrences)) return false;
      const matches = known.get(other) ?? [...this.#run(other, text, path, 0)];
      known.set(other, matches);
      return matches.some((one) => isWithin(text.bytes, match, one, required));
    });
  }
}

function prepare(data: RuleData, index: number, numbers: ReadonlyMap<string, number>): Prepared {
  const words = [...new Set(data.keywords.map(lowerCase))];
  return {
    data,
    index,
    expression:
      data.regex === undefined ? undefined : new SecretExpression(data.regex, data.secretGroup, words),
    path: data.path === undefined ? undefined : compile(data.path),
    words,
    keywords: words.flatMap(searchedFor).flatMap((keyword) => numbers.get(keyword) ?? []),
    allowlists: data.allowlists.map(allowlistOf),
  };
}

function honoured<Result>({ path }: RuleSet, what: string, make: () => Result): Result {
  try {
    return make();
  } catch (error) {
    throw refusal(
      path,
      `${what} cannot be used: ${describeError(error)}; expressions have RE2 syntax, as in Go, without look-around and back-references: change or remove it`,
    );
  }
}

function isGeneric({ id }: RuleData): boolean {
  return id.includes('generic');
}

/** What the engine searches for to find a keyword in any case: one character per byte. */
function searchedFor(keyword: string): string[] {
  return spellingsOf(keyword).map((spelling) => Buffer.from(spelling).toString('latin1'));
}

function slashed(path: string): string {
  return path.replaceAll('\\', '/');
}

/** Does the rule apply to this path, and did one of its keywords occur, if it has any? */
function isMeant({ path, keywords }: Prepared, of: string, occurrences: CustomText['occurrences']): boolean {
  if (keywords.length > 0 && !keywords.some((keyword) => occurrences.has(keyword))) return false;
  return path === undefined || path.test(of);
}

/** Without the line ends around the secret. */
function trimmed(bytes: Uint8Array, { start, end, secretStart, secretEnd }: Found): Found {
  let [first, last] = [secretStart, secretEnd];
  while (first < last && bytes[first] === 0x0a) first += 1;
  while (last > first && bytes[last - 1] === 0x0a) last -= 1;
  return { start, end, secretStart: first, secretEnd: last };
}

function targeted(bytes: Uint8Array, match: Found, target: 'secret' | 'match' | 'line'): string {
  const { start, end, secretStart, secretEnd } = match;
  if (target === 'secret') return textOf(bytes, secretStart, secretEnd);
  if (target === 'match') return textOf(bytes, start, end);
  const line = lineAround(bytes, match);
  return textOf(bytes, line.start, line.end);
}

/** Is the other match within the required distance? Columns count bytes here. */
function isWithin(
  bytes: Uint8Array,
  match: Found,
  other: Found,
  { withinLines, withinColumns }: RequiredData,
) {
  if (withinLines !== undefined) {
    const from = Math.min(match.secretStart, other.secretStart);
    const to = Math.max(match.secretStart, other.secretStart);
    let lines = 0;
    for (let at = bytes.indexOf(0x0a, from); at >= 0 && at < to && lines <= withinLines; lines += 1) {
      at = bytes.indexOf(0x0a, at + 1);
    }
    if (lines > withinLines) return false;
  }
  if (withinColumns === undefined) return true;
  return Math.abs(columnOf(bytes, match) - columnOf(bytes, other)) <= withinColumns;
}

function columnOf(bytes: Uint8Array, { secretStart }: Found): number {
  return secretStart - (secretStart === 0 ? 0 : bytes.lastIndexOf(0x0a, secretStart - 1) + 1);
}
