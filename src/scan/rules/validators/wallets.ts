/**
 * What can be verified offline about a wallet's keys: checksums of Base58Check and BIP-39, and the consistency
 * of a keypair.
 */
import { createHash, createPrivateKey, createPublicKey } from 'node:crypto';
import { bip39Words } from './bip39-words.ts';
import { isDegenerate } from './opaque.ts';
import { type Verdict, doubtful, proven, regraded, rejected, sample } from '../model/verdict.ts';

const BASE58 = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz';
const indexOfWord = new Map(bip39Words.map((word, index) => [word, index]));

function sha256(bytes: Uint8Array): Buffer {
  return createHash('sha256').update(bytes).digest();
}

/** The bytes of a Base58Check text without their checksum; undefined when it does not match. */
export function base58Check(text: string): Buffer | undefined {
  let value = 0n;
  for (const character of text) value = value * 58n + BigInt(BASE58.indexOf(character));
  const hex = value.toString(16);
  const bytes = Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, 'hex');
  const body = bytes.subarray(0, -4);
  return sha256(sha256(body)).subarray(0, 4).equals(bytes.subarray(-4)) ? body : undefined;
}

/**
 * A recovery phrase (BIP-39): 12 to 24 words of one list; the last bits are the first of a SHA-256 over the
 * others.
 */
export function mnemonic(secret: string): Verdict {
  const words = secret.split(/[ ,]{1,2}/);
  const indices = words.map((word) => indexOfWord.get(word));
  if (!indices.every((index) => index !== undefined)) return rejected;
  // The phrase of development chains is one word eleven times.
  if (new Set(words).size < 6) return sample('documented sample');
  let bits = 0n;
  for (const index of indices) bits = bits * 2048n + BigInt(index);
  const checked = words.length / 3;
  const entropy = Buffer.from((bits >> BigInt(checked)).toString(16).padStart(checked * 8, '0'), 'hex');
  const expected = (sha256(entropy)[0] ?? 0) >> (8 - checked);
  return Number(bits & ((1n << BigInt(checked)) - 1n)) === expected
    ? proven('checksum valid')
    : doubtful('checksum does not match');
}

/** `xprv…` and similar prefixes (BIP-32, SLIP-132). Those of test networks hold play money. */
export function extendedKey(secret: string): Verdict {
  if (isDegenerate(secret.slice(4))) return rejected;
  if (base58Check(secret) === undefined) return doubtful('checksum does not match');
  return /^[tuv]/.test(secret) ? regraded('low', 'checksum valid', 'test network') : proven('checksum valid');
}

/** Wallet import format: without the right checksum, it is some other text of that length. */
export function importFormat(secret: string): Verdict {
  const bytes = base58Check(secret);
  if (bytes === undefined) return rejected;
  return bytes[0] === 0xef ? regraded('low', 'checksum valid', 'test network') : proven('checksum valid');
}

/** The prefix of the 32 bytes of an Ed25519 key in PKCS#8 (RFC 8410). */
const ED25519_HEADER = Buffer.from('302e020100300506032b657004220420', 'hex');

/** An array of 64 bytes: the secret half, and the public half derived from it. */
export function solanaKeypair(secret: string): Verdict {
  const bytes = Buffer.from((secret.match(/[0-9]{1,3}/g) ?? []).map(Number));
  if (bytes.length !== 64 || new Set(bytes).size < 24) return rejected;
  const key = createPrivateKey({
    key: Buffer.concat([ED25519_HEADER, bytes.subarray(0, 32)]),
    format: 'der',
    type: 'pkcs8',
  });
  const derived = createPublicKey(key).export({ format: 'der', type: 'spki' }).subarray(-32);
  return derived.equals(bytes.subarray(32)) ? proven('public key matches') : rejected;
}
