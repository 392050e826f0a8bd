/**
 * Redacts texts that leave the process: the rules run over the whole text, and over each name in it as if it were a path,
 * where a slash ends what base64 would go on with. Of a vendor's own format, what a validator would reject is redacted too:
 * better a word too many than a secret. What is only known by its name must be valid, or every `key=value` would be
 * blackened.
 */
import { REDACTED } from '../log/index.ts';
import { hasKeyword, matchesIn } from './short-text.ts';

/** Offsets in the text: from the first character to the one after the last. */
type Span = readonly [from: number, to: number];

/** The text with every secret in it replaced. */
export function redactSecrets(text: string): string {
  if (!hasKeyword(text)) return text;
  const spans = secretsIn(text, 0);
  for (const { 0: name, index } of text.matchAll(/[^\\/]+/g)) spans.push(...secretsIn(name, index));
  return replaced(text, spans);
}

/** The secrets of all rules, in no order; `origin` is where the text begins. */
function secretsIn(text: string, origin: number): Span[] {
  return matchesIn(text)
    .filter(
      ({ rule, start, end, groups, before }) =>
        (rule.confidence ?? 'high') === 'high' ||
        rule.validate(text.slice(start, end), { now: 0, path: '', groups, before }).ok,
    )
    .map(({ start, end }) => [origin + start, origin + end]);
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
