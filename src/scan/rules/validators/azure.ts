/** Shared access signatures: their permissions and expiry are next to the signature ("Create a service SAS"). */
import type { MatchContext } from '../model/rule.ts';
import { opaque } from './opaque.ts';
import { type Verdict, regraded, rejected } from '../model/verdict.ts';

/** Judges a signature by the query around it, the groups `query` and `rest`. */
export function sharedAccessSignature(secret: string, { groups, now }: MatchContext): Verdict {
  const query = `&${groups['query'] ?? ''}&${groups['rest'] ?? ''}`;
  // `sv` is the version of storage services and of workflows, `sr` the resource of the others.
  if (!/&(?:amp;)?s[vr]=/.test(query)) return rejected;
  const verdict = opaque(secret, secret);
  if (!verdict.ok || verdict.severity !== undefined) return verdict;
  const expiry = /&(?:amp;)?se=([0-9T:.%AaZz-]{8,40})/.exec(query)?.[1];
  const end = expiry === undefined ? undefined : instantOf(expiry);
  if (end === undefined) return opaque(secret, secret, 'never expires');
  const day = new Date(end).toISOString().slice(0, 10);
  return end < now ? regraded('low', `expired ${day}`) : opaque(secret, secret, `expires ${day}`);
}

/** Milliseconds since 1970 of a date in ISO 8601 or in seconds since 1970; colons may be written as `%3A`. */
function instantOf(text: string): number | undefined {
  const instant = /^\d{8,11}$/.test(text) ? Number(text) * 1000 : Date.parse(text.replaceAll(/%3a/gi, ':'));
  return Number.isNaN(instant) ? undefined : instant;
}
