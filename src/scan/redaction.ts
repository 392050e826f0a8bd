/**
 * Redacts texts that leave the process: the rules run over the whole text, and over each name in it as if it were a path,
 * where a slash ends what base64 would go on with. Of a vendor's own format, what a validator would reject is redacted too:
 * better a word too many than a secret. What is only known by its name must be valid, or every `key=value` would be
 * blackened.
 *
 * In a name, a token may be joined to anything: `backup-TOKEN_old.txt`, `xTOKEN`. Such a match is redacted only if it looks
 * random, since many names merely begin like tokens. An encoded part is redacted whole when it contains a secret.
 */
import { REDACTED } from '../log/index.ts';
import { type EncodedPart, encodedParts } from './encoded-names.ts';
import { looksRandom } from './rules/validators/randomness.ts';
import { type NameMatch, hasKeyword, matchesInName } from './short-text.ts';

/** Offsets in the text: from the first character to the one after the last. */
type Span = readonly [from: number, to: number];

/** The text with every secret in it replaced. */
export function redactSecrets(text: string): string {
  const encoded = encodedParts(text).filter(({ decoded }) => hasKeyword(decoded));
  if (encoded.length === 0 && !hasKeyword(text)) return text;
  return replaced(text, [
    ...spansIn(text),
    ...encoded.filter(hidesSecret).map(({ start, end }): Span => [start, end]),
  ]);
}

function spansIn(text: string): Span[] {
  const spans = secretsIn(text, 0);
  for (const { 0: name, index } of text.matchAll(/[^\\/]+/g)) spans.push(...secretsIn(name, index));
  return spans;
}

function hidesSecret({ decoded }: EncodedPart): boolean {
  return spansIn(decoded).length > 0;
}

/** The secrets of all rules, in no order; `origin` is where the text begins. */
function secretsIn(text: string, origin: number): Span[] {
  return matchesInName(text)
    .filter((match) => isSecret(match, text))
    .map(({ start, end }) => [origin + start, origin + end]);
}

function isSecret({ rule, start, end, groups, before, isWhole }: NameMatch, text: string): boolean {
  const { confidence = 'high' } = rule;
  if (!isWhole && (confidence === 'low' || !isDrawn(text.slice(start, end)))) return false;
  return (
    confidence === 'high' || rule.validate(text.slice(start, end), { now: 0, path: '', groups, before }).ok
  );
}

/**
 * How many letters and digits in a row must look random. With fewer, half of all hexadecimal tokens would be missed; with more,
 * all short tokens.
 */
const DRAWN = 18;

/** True when some part of the text looks random: words may be joined to it. */
function isDrawn(secret: string): boolean {
  const text = secret.replaceAll(/[^A-Za-z0-9]/g, '');
  // Names made of words rarely have digits or capitals, but many joined words can look random.
  if (!/[0-9A-Z]/.test(text)) return false;
  for (let at = 0; at === 0 || at + DRAWN <= text.length; at += 1) {
    if (looksRandom(text.slice(at, at + DRAWN))) return true;
  }
  return false;
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
