/**
 * What Kubernetes and Docker encode in base64: values of Secrets, registry credentials, tokens of service
 * accounts.
 */
import type { MatchContext } from '../model/rule.ts';
import { jsonWebToken } from './jwt.ts';
import { credentialOf, isHarmless } from './credential-name.ts';
import { decoded, isNoPassword, isTyped } from './password.ts';
import { looksRandom } from './randomness.ts';
import { isWords } from './value.ts';
import { type Verdict, proven, rejected } from '../model/verdict.ts';

/** Base64 of 3 bytes or more, padded, that is not a lower-case word. */
const base64 = /^(?:[A-Za-z0-9+/]{4})+(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$|^[A-Za-z0-9+/]{2,3}={1,2}$/;

/** The lines under `data:` or `stringData:`, or the members of the same objects in JSON. */
export function secretValues(secret: string, { groups }: MatchContext): Verdict {
  const isPlain = groups['kind'] === 'stringData';
  const entries = secret.matchAll(
    /["']?([\w.-]+)["']?:[\t ]{0,8}(?:"([^"\n]*)"|'([^'\n]*)'|([^\s,}][^\r\n]*))/g,
  );
  let count = 0;
  for (const [, name = '', a, b, c] of entries) {
    const value = (a ?? b ?? c ?? '').trim();
    if (isPlain || /^[|>]/.test(value)) count += Number(isSecretValue(name, value, false));
    else if (base64.test(value) && !isNoPassword(value))
      count += Number(isSecretValue(name, Buffer.from(value, 'base64').toString('latin1').trim(), true));
  }
  return count === 0 ? rejected : proven(count === 1 ? '1 value' : `${count} values`);
}

/** Secrets also contain other things: hosts, users, certificates. An encoded word is none of these. */
function isSecretValue(name: string, value: string, isEncoded: boolean): boolean {
  if (/:\/\/[^\s/:@]*:[^\s/@]+@|-----BEGIN [A-Z ]*PRIVATE KEY/.test(value)) return true;
  if (/^[|>][-+]?$/.test(value)) return !isHarmless(name);
  if (isNoPassword(value) || value.startsWith('-----BEGIN ')) return false;
  const kind = credentialOf(name);
  if (kind !== undefined) return kind === 'password' || isEncoded || !isWords(value);
  return !isHarmless(name) && looksRandom(value.replaceAll(/[^A-Za-z0-9]/g, ''));
}

/** `user:password` in base64, as in Docker's `config.json`. */
export function registryAuth(secret: string): Verdict {
  const text = Buffer.from(secret, 'base64').toString('utf8').replace(/\0$/, '');
  const [, password = ''] = /^[^:]{1,256}:([^]*)$/.exec(text) ?? [];
  return isTyped(text) || /^[!-~]{1,4096}$/.test(text)
    ? decoded(password, 'decodes to a user name and a password')
    : rejected;
}

/** A whole `config.json` in base64: `{"auths":{"https://…":{"auth":…}}}`. */
export function encodedRegistryAuths(secret: string): Verdict {
  const text = Buffer.from(secret, 'base64').toString('utf8');
  const [, auth] = /"auth"\s*:\s*"([A-Za-z0-9+/=]{4,4096})"/.exec(text) ?? [];
  if (auth !== undefined) return registryAuth(auth);
  const [, password] = /"password"\s*:\s*"([^"]{1,4096})"/.exec(text) ?? [];
  return password === undefined ? rejected : decoded(password, 'contains a user name and a password');
}

/**
 * A token whose subject is a service account; one that is bound to a pod has usually expired by the time it is
 * in a file.
 */
export function serviceAccountToken(secret: string, context: MatchContext): Verdict {
  const payload = Buffer.from(secret.split('.')[1] ?? '', 'base64url').toString('latin1');
  return payload.includes('system:serviceaccount:') ? jsonWebToken(secret, context) : rejected;
}
