/** JSON Web Tokens (RFC 7519): the header must parse; the payload determines whether the token is still valid. */
import { createHmac } from 'node:crypto';
import { type Verdict, proven, regraded, rejected, sample } from '../model/verdict.ts';
import type { MatchContext } from '../model/rule.ts';
import { isRecord } from './json.ts';
import { isDocumentedSample } from './samples.ts';

export function jsonWebToken(secret: string, { now }: MatchContext): Verdict {
  const [header = '', payload = '', signature = ''] = secret.split('.');
  const algorithm = decode(header)?.['alg'];
  const claims = decode(payload);
  if (typeof algorithm !== 'string' || claims === undefined) return rejected;
  if (isDocumentedSample(secret)) return sample('documented sample');
  if (/^none$/i.test(algorithm)) return rejected;
  if (signature === '') return regraded('low', 'not signed');
  if (knownKeys.some((key) => signed(secret, key))) return sample('signed with a well-known key');
  const expiry = claims['exp'];
  if (typeof expiry !== 'number' || !Number.isFinite(expiry)) return proven('header valid', 'never expires');
  const day = dayOf(expiry);
  return expiry * 1000 < now
    ? regraded('low', 'header valid', `expired ${day}`)
    : proven('header valid', `expires ${day}`);
}

/** HMAC keys with which documentation signs its examples. */
const knownKeys = [
  'secret',
  'your-256-bit-secret',
  'your-384-bit-secret',
  'your-512-bit-secret',
  'a-string-secret-at-least-256-bits-long',
  'your_secret_key',
  'your-secret-key',
  'secretkey',
  'secret_key',
  'secret-key',
  'mysecret',
  'my_secret',
  'my-secret',
  'shhhhh',
  'key',
  'password',
  'test',
  'changeme',
  'supersecret',
  '',
];

/** Is it signed with HMAC-SHA-256 and this key (RFC 7515, section 3)? */
function signed(token: string, key: string): boolean {
  const at = token.lastIndexOf('.');
  return createHmac('sha256', key).update(token.slice(0, at)).digest('base64url') === token.slice(at + 1);
}

/** The day of a NumericDate (RFC 7519, section 2); `beyond the calendar` for one that no date can represent. */
function dayOf(seconds: number): string {
  const date = new Date(seconds * 1000);
  return Number.isNaN(date.getTime()) ? 'after the year 9999' : date.toISOString().slice(0, 10);
}

/** One part as a JSON object, or undefined. */
function decode(part: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString('utf8'));
    return isRecord(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
