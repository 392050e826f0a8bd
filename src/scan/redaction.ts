/**
 * Redacts texts that leave the process. Short strings, so no windows and no chunks: each rule whose keyword occurs runs
 * over the whole text. What a validator would reject is redacted too: better a word too many than a secret.
 */
import { REDACTED } from '../log/index.ts';
import { type Rule, allRules } from './rules/index.ts';

interface Prepared {
  readonly keywords: RegExp;
  readonly rules: readonly { readonly rule: Rule; readonly regExp: RegExp }[];
}

let prepared: Prepared | undefined;

/** The text with every secret in it replaced. */
export function redactSecrets(text: string): string {
  prepared ??= prepare();
  if (!prepared.keywords.test(text)) return text;
  let clean = text;
  for (const { rule, regExp } of prepared.rules) {
    if (rule.keywords.some((keyword) => clean.includes(keyword))) clean = replaceSecrets(clean, regExp);
  }
  return clean;
}

function prepare(): Prepared {
  const keywords = [...new Set(allRules.flatMap((rule) => rule.keywords))];
  return {
    keywords: new RegExp(keywords.map((keyword) => RegExp.escape(keyword)).join('|')),
    rules: allRules.map((rule) => ({ rule, regExp: new RegExp(rule.pattern.source, 'dg') })),
  };
}

function replaceSecrets(text: string, regExp: RegExp): string {
  let clean = '';
  let end = 0;
  for (const match of text.matchAll(regExp)) {
    const [from, to] = match.indices?.groups?.['secret'] ?? [match.index, match.index + match[0].length];
    clean += text.slice(end, from) + REDACTED;
    end = to;
  }
  return clean + text.slice(end);
}
