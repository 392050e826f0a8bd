/**
 * Short texts: no windows and no chunks. Each rule whose keyword occurs runs over the whole of the text, as it would over a
 * file of its own.
 */
import { followersIn } from './followers.ts';
import { KeywordSet } from './keyword-set.ts';
import { type Layer, type Rule, allRules, layers } from './rules/index.ts';

/** What a rule's expression matched. Offsets are those of the secret. */
export interface ShortMatch {
  /** Index into all rules. */
  readonly index: number;
  readonly rule: Rule;
  readonly start: number;
  readonly end: number;
  readonly groups: Readonly<Record<string, string | undefined>>;
}

interface Prepared {
  readonly keywords: KeywordSet;
  readonly rules: readonly {
    readonly index: number;
    readonly keyword: RegExp;
  }[];
}

let prepared: Prepared | undefined;

/** The words of which every text holds one that a rule matches, in small letters or capitals. */
export function keywords(): string[] {
  return [...new Set(rulesWithKeywords().flatMap(([, rule]) => rule.keywords))];
}

/** True when some rule is worth running. */
export function hasKeyword(text: string): boolean {
  prepared ??= prepare();
  return prepared.keywords.isAnyIn(text);
}

/** The matches of all rules but those for certain files, in no order. @param text one character per byte */
export function matchesIn(text: string): ShortMatch[] {
  prepared ??= prepare();
  if (!prepared.keywords.isAnyIn(text)) return [];
  const searching = prepared.rules.filter(({ keyword }) => keyword.test(text));
  return [...searching.flatMap(({ index }) => matchesOf(index, text)), ...followingMatchesIn(text)];
}

/**
 * The matches of the rules that follow. Each begins with a name, so it is only tried where one is.
 * @param end names that begin later are left out
 */
export function followingMatchesIn(text: string, end?: number): ShortMatch[] {
  return Array.from(followersIn(text, end), ([index, starts]) => matchesOf(index, text, starts)).flat();
}

const expressions = new Map<number, RegExp>();

/** The matches of one rule: from anywhere, or from these places on. */
function matchesOf(index: number, text: string, starts?: readonly number[]): ShortMatch[] {
  const rule = allRules[index];
  if (rule === undefined) return [];
  const { source, flags } = rule.pattern;
  const expression =
    expressions.get(index) ?? new RegExp(source, `${flags}d${starts === undefined ? 'g' : 'y'}`);
  expressions.set(index, expression);
  const matches: ShortMatch[] = [];
  let next = 0;
  const find = (at: number) => {
    expression.lastIndex = at;
    const match = expression.exec(text);
    if (match === null) return false;
    const { groups = {}, indices } = match;
    const [start, end] = indices?.groups?.['secret'] ?? [match.index, match.index + match[0].length];
    matches.push({ index, rule, start, end, groups });
    next = Math.max(match.index + 1, expression.lastIndex);
    return true;
  };
  // `matchAll` would make a new expression for each text, which costs as much as running it.
  if (starts === undefined) while (find(next));
  else for (const start of starts) if (start >= next) find(start);
  return matches;
}

/** The encoded texts of all layers. */
export function encodedIn(
  text: string,
): { readonly layer: Layer; readonly start: number; readonly text: string }[] {
  return preparedLayers.flatMap(({ layer, keyword, regExp }) =>
    keyword.test(text)
      ? Array.from(text.matchAll(regExp), ({ 0: match, index }) => ({ layer, start: index, text: match }))
      : [],
  );
}

const preparedLayers = layers.map((layer) => ({
  layer,
  keyword: anyOf(layer.keywords, layer.caseless === true),
  regExp: new RegExp(layer.pattern.source, `${layer.pattern.flags}g`),
}));

function rulesWithKeywords(): [index: number, rule: Rule][] {
  return [...allRules.entries()].filter(
    ([, rule]) => rule.keywords.length > 0 && rule.files === undefined && rule.isFollower !== true,
  );
}

function prepare(): Prepared {
  return {
    keywords: new KeywordSet(keywords()),
    rules: rulesWithKeywords().map(([index, rule]) => ({
      index,
      keyword: anyOf(rule.keywords, rule.caseless === true),
    })),
  };
}

function anyOf(keywords: readonly string[], isCaseless: boolean): RegExp {
  const sources = [...new Set(keywords)].map((keyword) => RegExp.escape(keyword));
  return new RegExp(sources.join('|'), isCaseless ? 'i' : '');
}
