/** Credentials of HTTP requests. */
import type { MatchContext } from '../model/rule.ts';
import { placeOf } from './file-place.ts';
import { opaque } from './opaque.ts';
import { looksRandom } from './randomness.ts';
import { isPlaceholder, isWords } from './value.ts';
import { type Verdict, accepted, doubtful, rejected, sample } from '../model/verdict.ts';

/** `user:password` in base64 (RFC 7617, section 2). */
export function basicCredentials(secret: string, { path }: MatchContext): Verdict {
  const text = Buffer.from(secret, 'base64').toString('latin1');
  const [whole, user = '', password = ''] = /^([\x21-\x7e]{0,128}):([\x20-\x7e]{1,256})$/.exec(text) ?? [];
  if (whole === undefined || !isCanonical(secret)) return rejected;
  if (/^(?:aladdin|user(?:name)?)$/i.test(user)) return sample('documented sample');
  if (isPlaceholder(password) || isPlaceholder(user)) return sample('looks like a placeholder');
  const place = placeOf(path);
  if (place === 'public') return doubtful('in an installed package');
  return place === 'test'
    ? doubtful('in a test or example')
    : accepted('decodes to a user name and a password');
}

/** A word that happens to consist of base64's characters is not the output of an encoder. */
function isCanonical(secret: string): boolean {
  const bare = secret.replace(/=+$/, '');
  return Buffer.from(secret, 'base64').toString('base64').replace(/=+$/, '') === bare;
}

/** The value after `Bearer`: random, or else a word of a sentence. */
export function bearerToken(secret: string, { path }: MatchContext): Verdict {
  const body = secret.replaceAll(/[=.~_-]/g, '');
  const place = placeOf(path);
  if (place === 'public' || isPlaceholder(secret) || isWords(secret)) return rejected;
  if (!looksRandom(body) || !/[0-9]/.test(body)) return rejected;
  return place === 'test' ? doubtful('in a test or example') : opaque(secret, body, 'looks random');
}
