/** What can be checked offline about AWS credentials: the account of a key id, and whether a secret can be one. */
import { type Verdict, rejected } from '../model/verdict.ts';
import { isMixed, opaque } from './opaque.ts';
import { looksRandom } from './randomness.ts';

const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/**
 * Extracts the account id from an access key id. AWS returns the same through `sts:GetAccessKeyInfo`; the encoding
 * is described in "A short note on AWS KEY ID" (T. Be'ery): after the prefix, base32; one marker bit, then 40 bits
 * of account.
 * @returns 12 digits; undefined for ids of the older format, whose marker bit is not set.
 */
export function accountOf(keyId: string): string | undefined {
  let bits = 0n;
  for (const character of keyId.slice(4, 14)) {
    const value = BASE32.indexOf(character);
    if (value < 0) return undefined;
    bits = bits * 32n + BigInt(value);
  }
  // 50 bits are available: the marker, 40 of account, 9 of the rest.
  if (bits >> 49n === 0n) return undefined;
  const account = (bits >> 9n) & 0xff_ffff_ffffn;
  return account < 1_000_000_000_000n ? account.toString().padStart(12, '0') : undefined;
}

export function accessKeyId(secret: string): Verdict {
  // One id in 28 has no digit; words have none.
  if (!/[0-9]/.test(secret) && !looksRandom(secret.slice(4))) return rejected;
  const account = accountOf(secret);
  const evidence = account === undefined ? [] : [`AWS account ${account}`];
  if (secret.startsWith('ASIA')) evidence.push('temporary');
  return opaque(secret, secret.slice(4), ...evidence);
}

/** 40 characters of base64 are also a path or a SHA-1 in hexadecimal; a secret has all three classes of characters. */
export function secretAccessKey(secret: string): Verdict {
  return isMixed(secret) ? opaque(secret, secret) : rejected;
}
