/**
 * Redacts texts that leave the process: the rules run over the whole text, and over each name in it as if it were a
 * path, where a slash ends a base64 string. For a vendor's own format, values that a validator would reject are
 * redacted too: better one word too many than a secret. A value that is recognized only by its name must be valid;
 * otherwise every `key=value` would be redacted.
 *
 * In a name, other characters may be joined to a token: `backup-TOKEN_old.txt`, `xTOKEN`. Such a match is redacted
 * only if it looks random, since many names merely begin like tokens. An encoded part is redacted as a whole when
 * it contains a secret.
 */
import { REDACTED } from '../../host/log/index.ts';
import { type EncodedPart, encodedParts } from './encoded-names.ts';
import { looksRandom } from '../rules/validators/randomness.ts';
import { type NameMatch, hasKeyword, matchesInName } from './short-text.ts';

/** Offsets in the text: from the first character to the one after the last. */
type Span = readonly [from: number, to: number];

/** Passes after which a text that still changes must be crafted: it is redacted as a whole. */
const MAX_PASSES = 20;

/** The text with every secret in it replaced; doing it again changes nothing. */
export function redactSecrets(text: string): string {
  let clean = text;
  // The text before a redacted secret may look like a secret itself after that.
  for (let pass = 0; pass < MAX_PASSES; pass += 1) {
    const next = redactedOnce(clean);
    if (next === clean) return clean;
    clean = next;
  }
  return REDACTED;
}

function redactedOnce(text: string): string {
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

/** The secrets that any rule finds, in no particular order; `origin` is where the text begins. */
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
 * Minimum length of a run of letters and digits that must look random. With fewer, half of all hexadecimal tokens
 * would be missed; with more, all short tokens.
 */
const MIN_RANDOM_CHARS = 18;

/** True when some part of the text looks random: words may be joined to it. */
function isDrawn(secret: string): boolean {
  const text = secret.replaceAll(/[^A-Za-z0-9]/g, '');
  // Names made of words rarely have digits or capitals, but many joined words can look random.
  if (!/[0-9A-Z]/.test(text)) return false;
  for (let at = 0; at === 0 || at + MIN_RANDOM_CHARS <= text.length; at += 1) {
    if (looksRandom(text.slice(at, at + MIN_RANDOM_CHARS))) return true;
  }
  return false;
}

/**
 * Replaces the text in the spans. Adjacent spans are merged, together with the marks of an earlier pass that
 * they overlap.
 */
function replaced(text: string, spans: readonly Span[]): string {
  const marks = Array.from(text.matchAll(MARK), ({ index }): Span => [index, index + REDACTED.length]);
  const isSecret = ([from, to]: Span) => !marks.some(([first, last]) => first <= from && to <= last);
  let clean = '';
  let copied = 0;
  for (const [from, to] of joined([...spans.filter(isSecret), ...marks])) {
    clean += text.slice(copied, from) + REDACTED;
    copied = to;
  }
  return clean + text.slice(copied);
}

const MARK = new RegExp(RegExp.escape(REDACTED), 'g');

/** The spans in order; those that touch or overlap are merged. */
function joined(spans: readonly Span[]): Span[] {
  const result: Span[] = [];
  for (const [from, to] of spans.toSorted(([a], [b]) => a - b)) {
    const last = result.at(-1);
    if (last === undefined || from > last[1]) result.push([from, to]);
    else result[result.length - 1] = [last[0], Math.max(last[1], to)];
  }
  return result;
}
