/** Chat tokens that can be checked offline. */
import { base62Checksum } from './checksum.ts';
import { isMixed, opaque } from './opaque.ts';
import { type Verdict, doubtful, proven, rejected } from '../model/verdict.ts';

/** A bot's token begins with its id, a number, in base64 (Discord, "Reference", "Snowflakes"). */
export function discordBotToken(secret: string): Verdict {
  const [id = '', , mac = ''] = secret.split('.');
  if (!/^[0-9]{17,20}$/.test(Buffer.from(id, 'base64url').toString('latin1')) || !isMixed(mac))
    return rejected;
  const verdict = opaque(secret, mac);
  return verdict.severity === undefined ? proven('begins with a user ID') : verdict;
}

/** Synapse: `syt_`, the user's name in base64, 20 letters, the CRC-32 of all before it in base62. */
export function matrixToken(secret: string): Verdict {
  const verdict = opaque(secret, secret.slice(-27, -7));
  if (!verdict.ok || verdict.severity !== undefined) return verdict;
  return base62Checksum(secret.slice(0, -7)) === secret.slice(-6)
    ? proven('checksum valid')
    : doubtful('checksum does not match');
}

/** `tok:`, letters and digits, all encoded in base64. */
export function intercomToken(secret: string): Verdict {
  const text = Buffer.from(secret, 'base64').toString('latin1');
  return /^tok:[\x20-\x7e]{20,80}$/.test(text) ? opaque(secret, text.slice(4)) : rejected;
}
