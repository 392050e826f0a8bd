/**
 * Redacts texts that leave the process. Short strings, so no windows and no chunks: each rule whose keyword occurs runs
 * over the whole text, and over each name in it as if it were a path, where a slash ends what base64 would go on with.
 * What a validator would reject is redacted too: better a word too many than a secret.
 */
import { REDACTED } from '../log/index.ts';
import { allRules } from './rules/index.ts';

interface Prepared {
  readonly anyKeyword: RegExp;
  readonly rules: readonly { readonly keywords: readonly string[]; readonly regExp: RegExp }[];
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
  const keywords = new Set(allRules.flatMap((rule) => rule.keywords));
  return {
    anyKeyword: new RegExp(Array.from(keywords, (keyword) => RegExp.escape(keyword)).join('|')),
    rules: allRules.map(({ keywords, pattern: { source, flags } }) => ({
      keywords,
      regExp: new RegExp(source, `${flags}dg`),
    })),
  };
}

/** The secrets of all rules, in no order; `origin` is where the text begins. */
function secretsIn(text: string, origin: number): Span[] {
  const spans: Span[] = [];
  for (const { keywords, regExp } of prepared?.rules ?? []) {
    if (!keywords.some((keyword) => text.includes(keyword))) continue;
    for (const match of text.matchAll(regExp)) {
      const [from, to] = match.indices?.groups?.['secret'] ?? [match.index, match.index + match[0].length];
      spans.push([origin + from, origin + to]);
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
