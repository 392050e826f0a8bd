/** Verifies signatures of minisign (https://jedisct1.github.io/minisign/, "Signature format"): Ed25519, of a file or its BLAKE2b-512. */
import { createHash, createPublicKey, verify } from 'node:crypto';
import * as z from 'zod';

const ALGORITHM_BYTES = 2;
const ID_BYTES = 8;
const START = ALGORITHM_BYTES + ID_BYTES;
const KEY_BYTES = START + 32;
const SIGNATURE_BYTES = START + 64;

/** A public key, as in the second line of a `.pub` file. */
export const MinisignKey = z
  .string()
  .refine((text) => decoded(text, KEY_BYTES)?.toString('latin1', 0, 2) === 'Ed', {
    error: 'expected a public key of minisign: 56 characters, the second line of its .pub file',
  });

/**
 * @param signature the text of the `.minisig` file
 * @param key a `MinisignKey`
 * @returns what is wrong; undefined if the key has signed this content and the file's comment
 */
export function minisignProblem(content: Buffer, signature: string, key: string): string | undefined {
  const keyBytes = decoded(key, KEY_BYTES);
  const [, first = '', comment = '', second = ''] = signature.split(/\r?\n/);
  const signed = decoded(first, SIGNATURE_BYTES);
  const global = decoded(second, 64);
  const trusted = /^trusted comment: (.*)$/.exec(comment)?.[1];
  const algorithm = signed?.toString('latin1', 0, ALGORITHM_BYTES);
  if (keyBytes === undefined || signed === undefined || global === undefined || trusted === undefined) {
    return 'is no signature of minisign';
  }
  if (algorithm !== 'Ed' && algorithm !== 'ED') return 'has an unknown algorithm';
  if (!signed.subarray(ALGORITHM_BYTES, START).equals(keyBytes.subarray(ALGORITHM_BYTES, START))) {
    return 'was made with another key';
  }
  const x = keyBytes.subarray(START).toString('base64url');
  const publicKey = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' });
  const message = algorithm === 'ED' ? createHash('blake2b512').update(content).digest() : content;
  const value = signed.subarray(START);
  const isValid =
    verify(null, message, publicKey, value) &&
    verify(null, Buffer.concat([value, Buffer.from(trusted)]), publicKey, global);
  return isValid ? undefined : 'does not match: one of the two files was changed';
}

/** Undefined for anything but base64 of this many bytes. */
function decoded(text: string, bytes: number): Buffer | undefined {
  const buffer = Buffer.from(text, 'base64');
  return buffer.length === bytes && buffer.toString('base64') === text ? buffer : undefined;
}
