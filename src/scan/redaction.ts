/**
 * Redacts texts that leave the process. Short strings, so no windows and no chunks: each rule whose keyword occurs runs
 * over the whole text, and over each name in it as if it were a path, where a slash ends what base64 would go on with.
 * Of a vendor's own format, what a validator would reject is redacted too: better a word too many than a secret. What is
 * only known by its name must be valid, or every `key=value` would be blackened.
 */
import { REDACTED } from '../log/index.ts';
import { type Rule, allRules } from './rules/index.ts';

interface Prepared {
  readonly anyKeyword: RegExp;
  readonly rules: readonly {
    readonly rule: Rule;
    readonly keyword: RegExp;
    readonly regExp: RegExp;
  }[];
}

/** Offsets in the text: from the first character to the one after the last. */
type Span = readonly [from: number, to: number];

let prepared: Prepared | undefined;

/** The text with every secret in it replaced. */
export function redactSecrets(text: string): string {
  prepared ??= prepare();
  if (!prepared.anyKeyword.test(text)) return text;
  const spans = secretsIn(text, 0);
  for (const { 0: name, index } of text.matchAll(/[^\\/]+/g)) spans.push(...secretsIn(name, index));
  return replaced(text, spans);
}

function prepare(): Prepared {
  const rules = allRules.filter(({ keywords, files }) => keywords.length > 0 && files === undefined);
  const keywords = new Set(rules.flatMap((rule) => rule.keywords));
  return {
    anyKeyword: new RegExp(anyOf([...keywords]), 'i'),
    rules: rules.map((rule) => ({
      rule,
      keyword: new RegExp(anyOf(rule.keywords), rule.caseless === true ? 'i' : ''),
      regExp: new RegExp(rule.pattern.source, `${rule.pattern.flags}dg`),
    })),
  };
}

function anyOf(keywords: readonly string[]): string {
  return keywords.map((keyword) => RegExp.escape(keyword)).join('|');
}

/** The secrets of all rules, in no order; `origin` is where the text begins. */
function secretsIn(text: string, origin: number): Span[] {
  const spans: Span[] = [];
  for (const { rule, keyword, regExp } of prepared?.rules ?? []) {
    if (!keyword.test(text)) continue;
    for (const match of text.matchAll(regExp)) {
      const { groups = {}, index, indices } = match;
      const [from, to] = indices?.groups?.['secret'] ?? [index, index + match[0].length];
      const isSure = (rule.confidence ?? 'high') === 'high';
      if (isSure || rule.validate(text.slice(from, to), { now: 0, path: '', groups }).ok) {
        spans.push([origin + from, origin + to]);
      }
    }
  }
  return spans;
}

function replaced(text: string, spans: readonly Span[]): string {
  let clean = '';
  let end = 0;
  for (const [from, to] of spans.toSorted(([a], [b]) => a - b)) {
    if (from >= end) clean += text.slice(end, from) + REDACTED;
    end = Math.max(end, to);
  }
  return clean + text.slice(end);
}
