/** Seeds in base32: keys of NATS, and of one-time passwords. */
import { isDegenerate, opaque } from './opaque.ts';
import { looksRandom } from './randomness.ts';
import { type Verdict, doubtful, proven, rejected } from '../model/verdict.ts';

const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

function bytesOf(base32: string): Buffer {
  const bytes: number[] = [];
  let bits = 0;
  let value = 0;
  for (const letter of base32) {
    value = ((value << 5) | BASE32.indexOf(letter)) & 0xfff;
    bits += 5;
    if (bits < 8) continue;
    bits -= 8;
    bytes.push((value >> bits) & 0xff);
  }
  return Buffer.from(bytes);
}

/** CRC-16 of XMODEM. */
function crc16(bytes: Uint8Array): number {
  let crc = 0;
  for (const byte of bytes) {
    crc ^= byte << 8;
    for (let bit = 0; bit < 8; bit += 1) crc = ((crc << 1) ^ (crc & 0x8000 ? 0x1021 : 0)) & 0xffff;
  }
  return crc;
}

const kinds: Readonly<Record<string, string>> = {
  O: 'operator',
  A: 'account',
  U: 'user',
  N: 'server',
  C: 'cluster',
  X: 'curve key',
};

/** `S`, the kind, 32 bytes, a checksum: NATS's NKeys. */
export function natsSeed(secret: string): Verdict {
  if (isDegenerate(secret)) return rejected;
  const bytes = bytesOf(secret);
  const kind = kinds[secret.charAt(1)] ?? 'key';
  const isValid = bytes.length >= 36 && crc16(bytes.subarray(0, 34)) === bytes.readUInt16LE(34);
  return isValid ? proven(kind, 'checksum valid') : doubtful(kind, 'checksum does not match');
}

/** The seed of a one-time password (RFC 4226), perhaps in groups as applications show it. */
export function oneTimeSeed(secret: string): Verdict {
  const body = secret.toUpperCase().replaceAll(/[ =-]/g, '');
  if (isDegenerate(body) || /^(?:JBSWY3DP|GEZDGNBV)/.test(body)) return rejected;
  // Words of four letters, and numbers in hexadecimal.
  if (/[ -]/.test(secret) && !/[2-7]/.test(body)) return rejected;
  if (!/[G-Z]/.test(body) || !looksRandom(body)) return rejected;
  return opaque(secret, body);
}
