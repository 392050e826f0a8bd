/** Registry tokens that can be checked offline: those of PyPI and Artifactory have a structure. */
import { doubtful, proven, regraded, type Verdict } from '../model/verdict.ts';
import { opaque } from './opaque.ts';

/** Fields of a macaroon of version 2 (libmacaroons, "macaroon format"). */
const END_OF_SECTION = 0;
const SIGNATURE = 6;

/** A macaroon whose location is the site that issued it, and whose last field is a signature of 32 bytes. */
export function pypiToken(secret: string): Verdict {
  const bytes = Buffer.from(secret.slice('pypi-'.length), 'base64url');
  const verdict = opaque(secret, secret.slice(8));
  if (!verdict.ok || verdict.severity !== undefined) return verdict;
  const location = bytes.toString('latin1', 3, 3 + (bytes[2] ?? 0));
  if (!signed(bytes)) return doubtful('not a macaroon');
  return location === 'pypi.org'
    ? proven('macaroon from pypi.org')
    : regraded('low', 'macaroon from a test site');
}

/** True when the fields, each a type, a length and as many bytes, end with a signature. */
function signed(bytes: Buffer): boolean {
  let at = 1;
  while (at < bytes.length) {
    const type = bytes[at] ?? 0;
    at += 1;
    if (type === END_OF_SECTION) continue;
    // A varint; no token needs more than two bytes.
    let length = bytes[at] ?? 0;
    at += 1;
    if (length > 0x7f) {
      length = (length & 0x7f) | ((bytes[at] ?? 0) << 7);
      at += 1;
    }
    if (type === SIGNATURE) return length === 32 && at + length === bytes.length;
    at += length;
  }
  return false;
}

/** `reftkn:01:`, a time of expiry (zeros for never), `:`, a random part. */
export function artifactoryReference(secret: string): Verdict {
  const parts = /^reftkn:\d{2}:(\d{10}):[A-Za-z0-9]{20,40}$/.exec(
    Buffer.from(secret, 'base64').toString('latin1'),
  );
  if (parts === null) return opaque(secret, secret.slice(8));
  return proven(Number(parts[1]) === 0 ? 'never expires' : 'structure valid');
}
