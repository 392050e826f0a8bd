/** Private keys in other formats than PEM: their content, and whether using them requires a passphrase. */
import { createPrivateKey } from 'node:crypto';
import { type Verdict, accepted, doubtful, proven, regraded, rejected } from '../model/verdict.ts';
import type { MatchContext } from '../model/rule.ts';
import { isDegenerate, opaque } from './opaque.ts';
import { describeKey, privateKey } from './pem.ts';

const BECH32 = 'qpzry9x8gf2tvdw0s3jn54khce6mua7l';
const BECH32_GENERATOR = [0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3];

/** The checksum of BIP 173, which age uses for its keys; for a text in a single case. */
export function hasBech32Checksum(text: string): boolean {
  const small = text.toLowerCase();
  const separator = small.lastIndexOf('1');
  const prefix = Array.from(small.slice(0, separator), (letter) => letter.charCodeAt(0));
  const values = [
    ...prefix.map((code) => code >> 5),
    0,
    ...prefix.map((code) => code & 31),
    ...Array.from(small.slice(separator + 1), (letter) => BECH32.indexOf(letter)),
  ];
  return bech32Remainder(values) === 1;
}

/** The polynomial's remainder over values of five bits. */
export function bech32Remainder(values: readonly number[]): number {
  let remainder = 1;
  for (const value of values) {
    const top = remainder >>> 25;
    remainder = ((remainder & 0x1ffffff) << 5) ^ value;
    for (const [bit, term] of BECH32_GENERATOR.entries()) if ((top >> bit) & 1) remainder ^= term;
  }
  return remainder;
}

/** age: `AGE-SECRET-KEY-1`, bech32. */
export function ageKey(secret: string): Verdict {
  if (isDegenerate(secret.slice(secret.lastIndexOf('1')))) return rejected;
  return hasBech32Checksum(secret) ? proven('checksum valid') : doubtful('checksum does not match');
}

/** PuTTY's `.ppk`: the header specifies the encryption. */
export function puttyKey(_: string, { groups }: MatchContext): Verdict {
  const { kind = '', cipher = '' } = groups;
  return cipher === 'none' ? accepted(kind, 'not encrypted') : regraded('medium', kind, 'encrypted');
}

/**
 * minisign and signify: base64 of `Ed`, then the name of a key derivation, which is all zeros without a
 * passphrase.
 */
export function signingKey(secret: string): Verdict {
  const bytes = Buffer.from(secret, 'base64');
  if (bytes.length < 8) return rejected;
  const isSignify = bytes.toString('latin1', 2, 4) === 'BK';
  const isPlain = isSignify ? bytes.readUInt32BE(4) === 0 : bytes.readUInt16BE(2) === 0;
  return isPlain ? accepted('not encrypted') : regraded('medium', 'encrypted');
}

/** 32 bytes in base64; five bits of a Curve25519 key are fixed (RFC 7748, section 5). */
export function wireGuardKey(secret: string, { groups }: MatchContext): Verdict {
  if (isDegenerate(secret)) return rejected;
  if (/^pre/i.test(groups['name'] ?? '')) return opaque(secret, secret);
  const [first = 0, ...rest] = Buffer.from(secret, 'base64');
  const isClamped = (first & 7) === 0 && ((rest.at(-1) ?? 0) & 0xc0) === 0x40;
  return isClamped ? proven('valid Curve25519 key') : opaque(secret, secret);
}

/** A JSON Web Key (RFC 7517) with a private part, also with its quotes escaped. */
export function jsonWebKey(secret: string): Verdict {
  let key: Record<string, unknown>;
  try {
    key = JSON.parse(secret.replaceAll(String.raw`\"`, '"'));
  } catch {
    return rejected;
  }
  const { kty, d, k } = key;
  if (kty === 'oct' && typeof k === 'string' && k.length >= 16) return opaque(k, k, 'symmetric');
  if (typeof d !== 'string' || d.length < 32 || isDegenerate(d)) return rejected;
  try {
    return proven(describeKey(createPrivateKey({ key, format: 'jwk' })));
  } catch {
    return doubtful('invalid structure');
  }
}

/** The XML of .NET's `RSA.ToXmlString(true)`: the names of JWK, in base64. */
export function xmlRsaKey(secret: string): Verdict {
  const text = secret.replaceAll('&lt;', '<').replaceAll('&gt;', '>');
  const part = (name: string) => {
    const value = new RegExp(`<${name}>([A-Za-z0-9+/=\\s]{1,1024})</${name}>`).exec(text)?.[1] ?? '';
    return Buffer.from(value, 'base64').toString('base64url');
  };
  const d = part('D');
  if (d.length < 32 || isDegenerate(d)) return rejected;
  const primes = { p: part('P'), q: part('Q'), dp: part('DP'), dq: part('DQ'), qi: part('InverseQ') };
  const key = { kty: 'RSA', n: part('Modulus'), e: part('Exponent'), d, ...primes };
  try {
    return proven(describeKey(createPrivateKey({ key, format: 'jwk' })));
  } catch {
    return doubtful('invalid structure');
  }
}

/** PEM encoded in base64: the key within is judged. */
export function encodedPrivateKey(secret: string): Verdict {
  return privateKey(Buffer.from(secret, 'base64').toString('latin1').trim());
}
