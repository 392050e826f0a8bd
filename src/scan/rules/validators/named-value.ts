/** Values without a format of their own: random ones given to a name that does not speak against them. */
import type { MatchContext } from '../rule.ts';
import { opaque } from './opaque.ts';
import { looksRandom } from './randomness.ts';
import { type Verdict, rejected } from './verdict.ts';

/** Ends of names whose values look like secrets and are none. */
const harmless =
  /(?:sha\d{0,3}|md5|hash|checksum|digest|commit|revision|ref|etag|fingerprint|version|public|public[_-]?key|integrity|uuid|guid|[_. -]id|Id|url|uri|host|name|path|region|email)$/i;

/** Judges a value by its looks and by its name, the group `name`. */
export function namedValue(secret: string, { groups }: MatchContext): Verdict {
  if (harmless.test(groups['name'] ?? '')) return rejected;
  // A random value has digits; a word or a name in its place seldom has any.
  if (!/[0-9]/.test(secret) || !looksRandom(secret.replaceAll(/[^A-Za-z0-9]/g, ''))) return rejected;
  return opaque(secret, secret);
}
