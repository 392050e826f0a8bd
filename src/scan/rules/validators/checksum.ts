/**
 * Checksums that vendors include in their tokens. A wrong checksum does not hide a token, since a format may change
 * before this code does; it lowers the severity and explains why.
 */
import { crc32 } from 'node:zlib';
import { type Verdict, doubtful, proven } from '../model/verdict.ts';
import { opaque } from './opaque.ts';

const BASE62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/**
 * The last six characters are the CRC-32 of the random part (GitHub, "Behind GitHub's new authentication token
 * formats").
 */
export function base62Checksum(body: string): string {
  let rest = crc32(body);
  let digits = '';
  while (rest > 0) {
    digits = BASE62.charAt(rest % 62) + digits;
    rest = Math.floor(rest / 62);
  }
  return digits.padStart(6, '0');
}

/** The last seven base36 characters are the CRC-32 of all before them (GitLab, "Cells: Routable Tokens"). */
export function base36Checksum(text: string): string {
  return crc32(text).toString(36).padStart(7, '0');
}

/** GitHub's classic tokens and npm's: `ghp_`, `npm_` ..., 30 random characters, 6 of checksum. */
export function checksummed62(secret: string): Verdict {
  const body = secret.slice(secret.indexOf('_') + 1);
  return graded(secret, body, base62Checksum(body.slice(0, -6)) === body.slice(-6));
}

/** GitLab's routable tokens: prefix, payload, `.`, version, `.`, length in base36, checksum. */
export function checksummed36(secret: string): Verdict {
  const body = secret.slice(secret.indexOf('-') + 1);
  return graded(secret, body, base36Checksum(secret.slice(0, -7)) === secret.slice(-7));
}

/**
 * Grafana's service accounts: `glsa_`, 32 characters, `_`, the CRC-32 of the preceding text in little-endian
 * hexadecimal (`satokengen`).
 */
export function grafanaToken(secret: string): Verdict {
  const end = secret.length - 9;
  const digits = Buffer.alloc(4);
  digits.writeUInt32LE(crc32(secret.slice(0, end)));
  return graded(secret, secret.slice(5, end), digits.toString('hex') === secret.slice(end + 1).toLowerCase());
}

/** The verdict on the looks of a token whose checksum is right or wrong. */
export function graded(secret: string, body: string, valid: boolean): Verdict {
  const verdict = opaque(secret, body);
  if (!verdict.ok || verdict.severity !== undefined) return verdict;
  return valid ? proven('checksum valid') : doubtful('checksum does not match');
}
