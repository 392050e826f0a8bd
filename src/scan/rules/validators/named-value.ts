/** Values without a format of their own: random ones assigned to a name that does not speak against them. */
import type { MatchContext } from '../model/rule.ts';
import { credentialOf, isHarmless } from './credential-name.ts';
import { isMixed, opaque } from './opaque.ts';
import { isListedHash } from './other-value.ts';
import { looksRandom } from './randomness.ts';
import { isSequence } from './value.ts';
import { type Verdict, rejected } from '../model/verdict.ts';

/** Judges a value by its appearance and by its name, the group `name`. */
export function namedValue(secret: string, { groups, path, before }: MatchContext): Verdict {
  if (isHarmless(groups['name'] ?? '') || isSequence(secret)) return rejected;
  if (isListedHash(secret, path, before, (name) => credentialOf(name) !== undefined)) return rejected;
  // A random value has digits; a word or a name in its place seldom has any.
  if (!/[0-9]/.test(secret) || !isRandom(secret)) return rejected;
  return opaque(secret, secret);
}

/** Random as a whole, or in one of its parts. */
function isRandom(secret: string): boolean {
  const parts = secret.replace(/^0x/, '').split(/[^A-Za-z0-9]+/);
  const whole = parts.join('');
  // Digits among letters, as in hexadecimal with a letter of another alphabet.
  const changes = whole.match(/[0-9](?=[A-Za-z])|[A-Za-z](?=[0-9])/g)?.length ?? 0;
  if (changes >= 3 && changes >= whole.length / 7) return true;
  return looksRandom(whole) || parts.some((part) => part.length >= 16 && looksRandom(part));
}

/** Judges a value that must be a UUID, as `namedValue` does. */
export function namedUuid(secret: string, context: MatchContext): Verdict {
  return /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(secret)
    ? namedValue(secret, context)
    : rejected;
}

/** Judges base64 that must end with its padding, as `namedValue` does: a word or a path seldom does. */
export function namedPadded(secret: string, context: MatchContext): Verdict {
  return secret.length % 4 === 0 && /[^=]={1,2}$/.test(secret) && isMixed(secret)
    ? namedValue(secret, context)
    : rejected;
}

/**
 * Judges a value that has lower-case letters, capitals and digits, as random ones of this length practically
 * always do.
 */
export function namedMixed(secret: string, context: MatchContext): Verdict {
  return isMixed(secret) ? namedValue(secret, context) : rejected;
}
