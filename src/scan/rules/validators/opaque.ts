/**
 * Tokens without structure: all that can be checked is whether they look random. A string of a few repeated
 * characters is not a token; one that spells a word from documentation is reported with low severity.
 */
import { type Verdict, accepted, rejected, sample } from '../model/verdict.ts';
import { isCounting } from './other-value.ts';
import { isDocumentedSample } from './samples.ts';

/** A random token of 16 or more characters has this few distinct ones less than once in 10^12. */
const FEWEST_DISTINCT = 5;

/** Words and runs that people write in place of a token. Each is long enough not to occur in a random token. */
const placeholder =
  /example|placeholder|changeme|your[_-]?(?:token|key|secret|api)|dummy|redacted|(.)\1{5}|12345678|abcdefgh/i;

/** True when a run of characters cannot be random: it has too few different ones, or they count. */
export function isDegenerate(body: string): boolean {
  return hasFewDistinct(body) || isCounting(body);
}

function hasFewDistinct(body: string): boolean {
  let distinct = '';
  let count = 0;
  for (const character of body) {
    if (distinct.includes(character)) continue;
    distinct += character;
    count += 1;
    if (count > FEWEST_DISTINCT) return false;
  }
  return true;
}

/**
 * Judges a token only by its appearance.
 * @param body the random part of `secret`, without prefix and separators.
 */
export function opaque(secret: string, body: string, ...evidence: string[]): Verdict {
  if (isDegenerate(body)) return rejected;
  if (isDocumentedSample(secret)) return sample('documented sample');
  if (placeholder.test(body)) return sample('looks like a placeholder');
  return accepted(...evidence);
}

/**
 * True when a text has lower-case letters, capitals and digits: random base64 of 40 characters practically
 * always does.
 */
export function isMixed(text: string): boolean {
  return /[a-z]/.test(text) && /[A-Z]/.test(text) && /[0-9]/.test(text);
}
