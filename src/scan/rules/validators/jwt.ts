/** JSON Web Tokens (RFC 7519): the header must parse; the payload tells whether the token still opens anything. */
import { type Verdict, doubtful, proven, regraded, rejected } from './verdict.ts';
import type { MatchContext } from '../rule.ts';
import { isDocumentedSample } from './samples.ts';

export function jsonWebToken(secret: string, { now }: MatchContext): Verdict {
  const [header = '', payload = '', signature = ''] = secret.split('.');
  const algorithm = decode(header)?.['alg'];
  const claims = decode(payload);
  if (typeof algorithm !== 'string' || claims === undefined) return rejected;
  if (isDocumentedSample(secret)) return doubtful('documented sample');
  if (/^none$/i.test(algorithm) || signature === '') return regraded('low', 'not signed');
  const expiry = claims['exp'];
  if (typeof expiry !== 'number' || !Number.isFinite(expiry)) return proven('header valid', 'never expires');
  const day = dayOf(expiry);
  return expiry * 1000 < now
    ? regraded('low', 'header valid', `expired ${day}`)
    : proven('header valid', `expires ${day}`);
}

/** The day of a NumericDate (RFC 7519, section 2); `beyond the calendar` for one that no date can hold. */
function dayOf(seconds: number): string {
  const date = new Date(seconds * 1000);
  return Number.isNaN(date.getTime()) ? 'beyond the calendar' : date.toISOString().slice(0, 10);
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

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
