/** Tokens of platforms that hold a structure or a checksum, which can be verified offline. */
import type { MatchContext } from '../model/rule.ts';
import { base62Checksum, graded } from './checksum.ts';
import { isMixed, opaque } from './opaque.ts';
import { type Verdict, proven, regraded, rejected } from '../model/verdict.ts';

/** A short token after a prefix that also begins words: it must have letters of both cases and digits. */
export function mixedToken(secret: string, body: string): Verdict {
  return isMixed(body) ? opaque(secret, body) : rejected;
}

/** JSR: a prefix, 29 random characters, the CRC-32 of all before it in base62. */
export function jsrToken(secret: string): Verdict {
  const body = secret.slice(0, -6);
  return graded(secret, body.slice(5), base62Checksum(body) === secret.slice(-6));
}

/** Polar: a prefix, 37 random characters, their CRC-32 in base62; tokens of other lengths are older. */
export function polarToken(secret: string): Verdict {
  const body = secret.slice(secret.lastIndexOf('_') + 1);
  if (body.length !== 43) return opaque(secret, body);
  return graded(secret, body, base62Checksum(body.slice(0, -6)) === body.slice(-6));
}

/** Digits of crates.io's and NuGet's fields. */
const LETTERS_FIRST = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
const DIGITS_FIRST = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/** The last character of crates.io's tokens for trusted publishing: the exclusive or of those before it. */
export function cratesChecksum(body: string): string {
  const sum = Buffer.from(body, 'latin1').reduce((all, byte) => all ^ byte, 0);
  return LETTERS_FIRST.charAt(sum % LETTERS_FIRST.length);
}

/** crates.io: `cio_tp_`, 31 random characters, one of checksum. */
export function cratesToken(secret: string): Verdict {
  const body = secret.slice(7, -1);
  return graded(secret, body, cratesChecksum(body) === secret.slice(-1));
}

/** Convex: the deployment or the project, `|`, base64 of JSON whose only key is the version. */
export function convexKey(secret: string): Verdict {
  const encoded = secret.slice(secret.indexOf('|') + 1);
  const verdict = encodedJson(encoded, ['v2']);
  return verdict.ok && secret.startsWith('dev:') ? regraded('medium', 'development key') : verdict;
}

/** Base64 of a JSON object that has these keys. */
export function encodedJson(secret: string, keys: readonly string[]): Verdict {
  let value: unknown;
  try {
    value = JSON.parse(Buffer.from(secret, 'base64').toString('utf8'));
  } catch {
    return rejected;
  }
  if (typeof value !== 'object' || value === null) return rejected;
  if (!keys.every((key) => Object.hasOwn(value, key))) return rejected;
  const verdict = opaque(secret, secret);
  return verdict.ok && verdict.severity === undefined ? proven('structure valid') : verdict;
}

/** Elasticsearch: four bytes of version, `elastic/SERVICE/NAME:`, a random part. */
export function elasticServiceToken(secret: string): Verdict {
  const text = Buffer.from(secret, 'base64').toString('latin1').slice(4);
  const random = /^elastic\/[a-z-]{3,40}\/[A-Za-z0-9_-]{1,256}:([A-Za-z0-9_-]{16,64})$/.exec(text)?.[1];
  if (random === undefined) return rejected;
  const verdict = opaque(secret, random);
  return verdict.ok && verdict.severity === undefined ? proven('structure valid') : verdict;
}

/** NuGet.org, the annotated form: it says when it was made, and how many times five minutes it is valid. */
export function nuGetKey(secret: string, { now }: MatchContext): Verdict {
  const verdict = mixedToken(secret, secret.slice(0, 52));
  if (!verdict.ok || verdict.severity !== undefined) return verdict;
  const at = (index: number) => LETTERS_FIRST.indexOf(secret.charAt(index));
  const made = Date.UTC(2024 + at(58), at(59), 1 + at(69), at(70), at(71));
  let periods = 0;
  for (const digit of secret.slice(73, 76)) periods = periods * 62 + DIGITS_FIRST.indexOf(digit);
  const end = made + periods * 300_000;
  const day = new Date(end).toISOString().slice(0, 10);
  return end < now
    ? regraded('low', `expired ${day}`)
    : { ...verdict, evidence: [...verdict.evidence, `expires ${day}`] };
}
