/**
 * Matches in short texts, without windows and chunks. Each rule whose keyword occurs runs over the whole text, as
 * it would over a file of its own.
 */
import { CONTEXT, secretPlace } from '../engine/index.ts';
import { type Span, contextualNamesIn } from './contextual-rules.ts';
import { KeywordSet } from './keyword-set.ts';
import { between } from '../rules/authoring/builders.ts';
import { type Encoding, type Rule, allRules, encodings } from '../rules/index.ts';

/** What a rule's expression matched. Offsets are those of the secret. */
export interface ShortMatch {
  /** Index into all rules. */
  readonly index: number;
  readonly rule: Rule;
  readonly start: number;
  readonly end: number;
  readonly groups: Readonly<Record<string, string | undefined>>;
  /** The text before the whole match: up to `CONTEXT` characters. */
  readonly before: string;
}

interface Prepared {
  readonly keywords: KeywordSet;
  /** By keyword in lower case: indices into all rules. */
  readonly rules: ReadonlyMap<string, readonly number[]>;
}

let prepared: Prepared | undefined;

/** Every text that a rule matches contains one of these words, in lower case or capitals. */
export function keywords(): string[] {
  return [...new Set(rulesWithKeywords().flatMap(([, rule]) => rule.keywords))];
}

/** True when some rule is worth running. */
export function hasKeyword(text: string): boolean {
  prepared ??= prepare();
  return prepared.keywords.isAnyIn(text);
}

/**
 * The matches of all rules except those for certain files, in no particular order. @param text one character
 * per byte
 */
export function matchesIn(text: string): ShortMatch[] {
  const searching = rulesFor(text);
  if (searching.size === 0) return [];
  return [...[...searching].flatMap((index) => matchesOf(index, text)), ...contextualMatchesIn(text)];
}

/** A match in a name, where other characters may be joined to a token. */
export interface NameMatch extends ShortMatch {
  /** The rule itself matches; otherwise other characters are joined to the token. */
  readonly isWhole: boolean;
}

/**
 * Like `matchesIn`, plus the matches of the rules without their conditions on the text before and after. Matches
 * may overlap: the first of two joined tokens may match into the second.
 */
export function matchesInName(text: string): NameMatch[] {
  const searching = rulesFor(text);
  if (searching.size === 0) return [];
  const whole = (match: ShortMatch) => ({ ...match, isWhole: true });
  const inRule = [...searching].flatMap((index) => {
    const joined = matchesOf(index, text, joinedOf, true);
    // Every match with edges is also one without.
    if (joined.length === 0) return [];
    return [
      ...joined.map((match) => ({ ...match, isWhole: false })),
      ...matchesOf(index, text, globalOf, true).map(whole),
    ];
  });
  return [...inRule, ...contextualMatchesIn(text).map(whole)];
}

/** Indices of the rules with a keyword in the text. */
function rulesFor(text: string): ReadonlySet<number> {
  prepared ??= prepare();
  const { keywords, rules } = prepared;
  return new Set([...keywords.in(text)].flatMap((keyword) => rules.get(keyword) ?? []));
}

/** The matches of the contextual rules. @param value what the secrets overlap, if known */
export function contextualMatchesIn(text: string, value?: Span): ShortMatch[] {
  return [...contextualNamesIn(text, value)].flatMap(([index, names]) =>
    contextualMatchesOf(index, text, names),
  );
}

/** The values that belong to some of these names, which are in the order of their positions. */
function contextualMatchesOf(index: number, text: string, names: readonly Span[]): ShortMatch[] {
  const rule = allRules[index];
  if (rule?.follows === undefined) return [];
  const expression = globalOf(index, rule);
  const matches: ShortMatch[] = [];
  /** Names before this one end too far away, or in the last value. */
  let first = 0;
  let settled = 0;
  expression.lastIndex = names[0]?.end ?? 0;
  for (let match = expression.exec(text); match !== null; match = expression.exec(text)) {
    const start = match.index;
    expression.lastIndex = start + 1;
    const isPast = (name: Span) => name.start < settled || name.end + rule.window.after < start;
    for (let name = names[first]; name !== undefined && isPast(name); name = names[first]) first += 1;
    if (first === names.length) break;
    for (let at = first, name = names[at]; name !== undefined && name.end <= start; name = names[(at += 1)]) {
      const groups = between(rule.follows, text.slice(name.start, start), name.end - name.start);
      if (groups === undefined) continue;
      settled = start + match[0].length;
      expression.lastIndex = settled;
      matches.push({ index, rule, start, end: settled, groups, before: beforeOf(text, name.start) });
      break;
    }
  }
  return matches;
}

function beforeOf(text: string, at: number): string {
  return text.slice(Math.max(0, at - CONTEXT), at);
}

const expressions = new Map<number, RegExp>();

/** `matchAll` would create a new expression for each text, which costs as much as running it. */
function globalOf(index: number, { pattern: { source, flags } }: Rule): RegExp {
  const expression = expressions.get(index) ?? new RegExp(source, `${flags}g`);
  expressions.set(index, expression);
  return expression;
}

const joinedExpressions = new Map<number, RegExp>();
/** A class of characters that must, or must not, be next to a match. */
const EDGE = /\(\?<[!=]\[(?:\\.|[^\]\\])*\]\)|\(\?!\[(?:\\.|[^\]\\])*\](?:\|[^()]*)?\)/g;

/** The rule's expression without its edges, for a secret that other characters are joined to. */
function joinedOf(index: number, { pattern: { source, flags } }: Rule): RegExp {
  const expression = joinedExpressions.get(index) ?? new RegExp(source.replaceAll(EDGE, ''), `${flags}g`);
  joinedExpressions.set(index, expression);
  return expression;
}

/** @param mayOverlap continue after the first character of a match instead of after the last one */
function matchesOf(index: number, text: string, expressionOf = globalOf, mayOverlap = false): ShortMatch[] {
  const rule = allRules[index];
  if (rule === undefined) return [];
  if (expressionOf === globalOf && !mayOverlap && rule.window.before === 0)
    return matchesAtKeywords(index, rule, text);
  const expression = expressionOf(index, rule);
  const matches: ShortMatch[] = [];
  expression.lastIndex = 0;
  for (let match = expression.exec(text); match !== null; match = expression.exec(text)) {
    matches.push(shortMatch(index, rule, text, expression, match));
    expression.lastIndex = mayOverlap ? match.index + 1 : Math.max(match.index + 1, expression.lastIndex);
  }
  return matches;
}

const stickyExpressions = new Map<number, RegExp>();

/**
 * The matches of a rule that begin with one of its keywords. The expression has the flags that the engine uses, so that
 * V8 does not compile it twice.
 */
function matchesAtKeywords(index: number, rule: Rule, text: string): ShortMatch[] {
  const { keywords, caseless = false, pattern } = rule;
  const expression = stickyExpressions.get(index) ?? new RegExp(pattern.source, `${pattern.flags}y`);
  stickyExpressions.set(index, expression);
  const searched = caseless ? text.toLowerCase() : text;
  const starts = new Set<number>();
  for (const keyword of keywords) {
    const word = caseless ? keyword.toLowerCase() : keyword;
    for (let at = searched.indexOf(word); at >= 0; at = searched.indexOf(word, at + 1)) starts.add(at);
  }
  const matches: ShortMatch[] = [];
  let next = 0;
  for (const start of [...starts].sort((a, b) => a - b)) {
    if (start < next) continue;
    expression.lastIndex = start;
    const match = expression.exec(text);
    if (match === null) continue;
    matches.push(shortMatch(index, rule, text, expression, match));
    next = expression.lastIndex;
  }
  return matches;
}

function shortMatch(
  index: number,
  rule: Rule,
  text: string,
  expression: RegExp,
  match: RegExpExecArray,
): ShortMatch {
  const { groups = {} } = match;
  const [start, end] = secretPlace(expression, match);
  return { index, rule, start, end, groups, before: beforeOf(text, match.index) };
}

/** The encoded texts of all encodings. */
export function encodedIn(
  text: string,
): { readonly encoding: Encoding; readonly start: number; readonly text: string }[] {
  return preparedEncodings.flatMap(({ encoding, keyword, regExp }) =>
    keyword.test(text)
      ? Array.from(text.matchAll(regExp), ({ 0: match, index }) => ({ encoding, start: index, text: match }))
      : [],
  );
}

const preparedEncodings = encodings.map((encoding) => ({
  encoding,
  keyword: anyOf(encoding.keywords, encoding.caseless === true),
  regExp: new RegExp(encoding.pattern.source, `${encoding.pattern.flags}g`),
}));

function rulesWithKeywords(): [index: number, rule: Rule][] {
  return [...allRules.entries()].filter(
    ([, rule]) => rule.keywords.length > 0 && rule.files === undefined && rule.follows === undefined,
  );
}

function prepare(): Prepared {
  const rules = new Map<string, number[]>();
  for (const [index, rule] of rulesWithKeywords()) {
    for (const keyword of rule.keywords) {
      const word = keyword.toLowerCase();
      const known = rules.get(word);
      if (known === undefined) rules.set(word, [index]);
      else known.push(index);
    }
  }
  return { keywords: new KeywordSet([...rules.keys()]), rules };
}

function anyOf(keywords: readonly string[], isCaseless: boolean): RegExp {
  const sources = [...new Set(keywords)].map((keyword) => RegExp.escape(keyword));
  return new RegExp(sources.join('|'), isCaseless ? 'i' : '');
}
