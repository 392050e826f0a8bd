/**
 * Passwords that Windows and its tools encode or encrypt with publicly known keys: if decryption succeeds, the
 * match is proven.
 */
import { createDecipheriv, pbkdf2Sync } from 'node:crypto';
import { decoded, isTyped, password } from './password.ts';
import { type Verdict, doubtful, regraded, rejected } from '../model/verdict.ts';

/** Bytes as UTF-16 when every second one is zero, as UTF-8 otherwise. */
function textOf(bytes: Buffer): string {
  return bytes.toString(bytes.length > 1 && bytes[1] === 0 ? 'utf16le' : 'utf8');
}

/** An answer file's password: plain, or base64 of UTF-16 followed by the element's name. */
export function answerFilePassword(secret: string): Verdict {
  const text = textOf(Buffer.from(secret, 'base64'));
  const [, hidden] = /^(.*?)(?:Administrator|Domain)?Password$/s.exec(text) ?? [];
  if (hidden === undefined || !isTyped(text)) return password(secret);
  return hidden === '' ? rejected : decoded(hidden, 'decoded');
}

/** The AES key of MS-GPPREF, section 2.2.1.1.4, which Microsoft published. */
const GROUP_POLICY_KEY = Buffer.from(
  '4e9906e8fcb66cc9faf49310620ffee8f496e806cc057990209b09a433b66c1b',
  'hex',
);

/** `cpassword` of Group Policy Preferences. */
export function groupPolicyPassword(secret: string): Verdict {
  try {
    const decipher = createDecipheriv('aes-256-cbc', GROUP_POLICY_KEY, Buffer.alloc(16));
    const text = Buffer.concat([decipher.update(secret, 'base64'), decipher.final()]).toString('utf16le');
    return isTyped(text) ? decoded(text, 'decrypted with the key that Microsoft published') : rejected;
  } catch {
    return doubtful('cannot be decrypted with the key that Microsoft published');
  }
}

/** WinSCP: each byte complemented and XORed with 0xA3; a flag, a length, some noise, then user, host and password. */
export function winScpPassword(secret: string): Verdict {
  const bytes = Buffer.from(secret, 'hex').map((byte) => ~byte ^ 0xa3);
  const isLong = bytes[0] === 0xff;
  const length = (isLong ? bytes[2] : bytes[0]) ?? 0;
  const at = isLong ? 3 : 1;
  const noise = bytes[at] ?? 0;
  const begin = at + 1 + noise;
  if (length === 0 || begin + length > bytes.length) return doubtful('cannot be decoded');
  const text = Buffer.from(bytes.subarray(begin, begin + length)).toString('latin1');
  return isTyped(text) ? decoded(text, 'decoded') : doubtful('cannot be decoded');
}

/** VNC's key, with the bits of each byte reversed as its DES requires (RFC 6143, section 7.2.2, on the challenge). */
const VNC_KEY = Buffer.from('e84ad660c4721ae0', 'hex');

/** A VNC server's or viewer's password: DES with a fixed key, eight bytes, padded with zeros. */
export function vncPassword(secret: string): Verdict {
  const bytes = Buffer.from(secret.replaceAll(/[^0-9a-fA-F]/g, ''), 'hex').subarray(0, 8);
  if (bytes.length < 8) return doubtful('cannot be decoded');
  // Triple DES with three equal keys is single DES.
  const decipher = createDecipheriv('des-ede3', Buffer.concat([VNC_KEY, VNC_KEY, VNC_KEY]), null);
  decipher.setAutoPadding(false);
  const text = Buffer.concat([decipher.update(bytes), decipher.final()])
    .toString('latin1')
    .replace(/\0+$/, '');
  return isTyped(text) ? decoded(text, 'decrypted with the fixed VNC key') : doubtful('cannot be decoded');
}

/**
 * mRemoteNG: AES-GCM under a master password that is `mR3m` until it is changed; salt, nonce, text and tag in
 * base64.
 */
export function mRemotePassword(secret: string): Verdict {
  const bytes = Buffer.from(secret, 'base64');
  if (bytes.length < 49) return rejected;
  const salt = bytes.subarray(0, 16);
  // The default number of the derivation's iterations: about a third of a millisecond.
  const key = pbkdf2Sync('mR3m', salt, 1000, 32, 'sha1');
  const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(16, 32), { authTagLength: 16 });
  decipher.setAAD(salt);
  decipher.setAuthTag(bytes.subarray(-16));
  try {
    const text = Buffer.concat([decipher.update(bytes.subarray(32, -16)), decipher.final()]).toString('utf8');
    return decoded(text, 'decrypted with the default master password');
  } catch {
    return regraded('low', 'encrypted');
  }
}

/** Base64-encodes the password. */
export function encodedPassword(secret: string): Verdict {
  const text = textOf(Buffer.from(secret, 'base64'));
  return isTyped(text) ? decoded(text, 'decoded') : password(secret);
}
