/** UUIDs that depend on names alone (RFC 9562, version 5). */
import { createHash } from 'node:crypto';

/** The namespace for URLs and URNs, from the RFC's table. */
const NAMESPACE = Buffer.from('6ba7b8119dad11d180b400c04fd430c8', 'hex');

/** @param parts that identify something, from the whole to the part */
export function uuidOf(...parts: readonly string[]): string {
  const name = `urn:${parts.map(encodeURIComponent).join(':')}`;
  const bytes = createHash('sha1').update(NAMESPACE).update(name).digest().subarray(0, 16);
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x50, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  const text = bytes.toString('hex');
  return [text.slice(0, 8), text.slice(8, 12), text.slice(12, 16), text.slice(16, 20), text.slice(20)].join(
    '-',
  );
}
