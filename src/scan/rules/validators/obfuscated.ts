/**
 * Passwords that programs encrypt with keys and tables that every copy of the program contains: if decryption
 * succeeds, the match is proven. Those of Windows and its tools are in `windows.ts`.
 */
import { createDecipheriv, createHash } from 'node:crypto';
import { decoded, isTyped } from './password.ts';
import { type Verdict, doubtful, regraded } from '../model/verdict.ts';

type Opener = (secret: string) => Buffer;

/** Judges the output of `open` for the secret, up to the first zero; `open` may throw. */
function opened(open: Opener, evidence: string, otherwise: Verdict): (secret: string) => Verdict {
  return (secret) => {
    let bytes: Buffer;
    try {
      bytes = open(secret);
    } catch {
      return otherwise;
    }
    const text = bytes.toString('utf8').replace(/\0[^]*$/, '');
    return isTyped(text) ? decoded(text, evidence) : otherwise;
  };
}

const KEY_OF_PRODUCT = "decrypted with the product's built-in key";
const doesNotOpen = doubtful("cannot be decrypted with the product's built-in key");

function decrypt(algorithm: string, key: Buffer, iv: Buffer | null, text: Buffer, isPadded = true): Buffer {
  const decipher = createDecipheriv(algorithm, key, iv);
  decipher.setAutoPadding(isPadded);
  return Buffer.concat([decipher.update(text), decipher.final()]);
}

const sha1 = (...parts: readonly (Buffer | string)[]) => digest('sha1', parts);
const sha256 = (...parts: readonly (Buffer | string)[]) => digest('sha256', parts);

function digest(algorithm: string, parts: readonly (Buffer | string)[]): Buffer {
  const hash = createHash(algorithm);
  for (const part of parts) hash.update(part);
  return hash.digest();
}

/** Cisco's VPN client: a seed of 20 bytes, a SHA-1 of the text, the text in triple DES under digests of the seed. */
export const ciscoProfilePassword = opened(
  (secret) => {
    const bytes = Buffer.from(secret, 'hex');
    const seed = Buffer.from(bytes.subarray(0, 20));
    const text = bytes.subarray(40);
    if (!sha1(text).equals(bytes.subarray(20, 40))) throw new RangeError('unknown format');
    const last = seed[19] ?? 0;
    const digests = [last + 1, last + 3].map((value) => {
      seed[19] = value;
      return sha1(seed);
    });
    return decrypt('des-ede3-cbc', Buffer.concat(digests).subarray(0, 24), bytes.subarray(0, 8), text);
  },
  KEY_OF_PRODUCT,
  doesNotOpen,
);

const TEAM_VIEWER = {
  key: Buffer.from('0602000000a400005253413100040000', 'hex'),
  iv: Buffer.from('0100010067244f436e6762f25ea8d704', 'hex'),
};

/** TeamViewer up to 14: AES of UTF-16, as bytes of a registry export. */
export const teamViewerPassword = opened(
  (secret) => {
    const bytes = Buffer.from(secret.replaceAll(/[^0-9a-f]/gi, ''), 'hex');
    const text = decrypt('aes-128-cbc', TEAM_VIEWER.key, TEAM_VIEWER.iv, bytes, false);
    return Buffer.from(text.toString('utf16le'));
  },
  KEY_OF_PRODUCT,
  doesNotOpen,
);

/**
 * SecureCRT: a version number, then AES under a digest of the configuration's passphrase, which is empty by
 * default.
 */
export const secureCrtPassword = opened(
  (secret) => {
    const bytes = Buffer.from(secret.replace(/^02:/, ''), 'hex');
    const text = decrypt('aes-256-cbc', sha256(''), Buffer.alloc(16), bytes, false);
    const end = 4 + text.readUInt32LE(0);
    const body = text.subarray(4, end);
    if (!sha256(body).equals(text.subarray(end, end + 32))) throw new RangeError('another passphrase');
    return body;
  },
  'decrypted without a passphrase',
  regraded('low', 'encrypted'),
);

const SITE_LIST_MASK = Buffer.from('12150f10111c1a060a1f1b1817160519', 'hex');

/** McAfee's list of repositories: XORed with a row of bytes, then triple DES. */
export const siteListPassword = opened(
  (secret) => {
    const bytes = Buffer.from(secret, 'base64').map((byte, at) => byte ^ (SITE_LIST_MASK[at % 16] ?? 0));
    const key = Buffer.concat([sha1('<!@#$%^>'), Buffer.alloc(4)]);
    return decrypt('des-ede3', key, null, Buffer.from(bytes), false);
  },
  KEY_OF_PRODUCT,
  doesNotOpen,
);

const RCLONE = Buffer.from('9c935b48730a554d6bfd7c63c886a92bd390198eb8128afbf4de162b8b95f638', 'hex');

/** rclone: AES in counter mode, the counter first. */
export const rclonePassword = opened(
  (secret) => {
    const bytes = Buffer.from(secret, 'base64url');
    return decrypt('aes-256-ctr', RCLONE, bytes.subarray(0, 16), bytes.subarray(16));
  },
  KEY_OF_PRODUCT,
  doesNotOpen,
);

/** Maven's master password: salt, length of the padding at the end, AES under a digest of a constant and the salt. */
export const mavenMasterPassword = opened(
  (secret) => {
    const bytes = Buffer.from(secret, 'base64');
    const key = sha256('settings.security', bytes.subarray(0, 8));
    const text = bytes.subarray(9, bytes.length - (bytes[8] ?? 0));
    return decrypt('aes-128-cbc', key.subarray(0, 16), key.subarray(16), text);
  },
  KEY_OF_PRODUCT,
  doesNotOpen,
);

/** SQL Developer up to 3: a 5, the key, DES under it. Later versions have their key in another file. */
export const sqlDeveloperPassword = opened(
  (secret) => {
    const bytes = Buffer.from(secret, 'hex');
    const key = bytes.subarray(1, 9);
    // Triple DES with three equal keys is single DES.
    return decrypt('des-ede3-cbc', Buffer.concat([key, key, key]), Buffer.alloc(8), bytes.subarray(9));
  },
  'decrypted with the key stored next to it',
  regraded('medium', 'encrypted'),
);

/** Navicat since 12. Before, it was Blowfish. */
export const navicatPassword = opened(
  (secret) =>
    decrypt(
      'aes-128-cbc',
      Buffer.from('libcckeylibcckey'),
      Buffer.from('libcciv libcciv '),
      Buffer.from(secret, 'hex'),
    ),
  KEY_OF_PRODUCT,
  regraded('high', "encrypted with the product's built-in key"),
);

/** WebSphere: each byte XORed with an underscore. */
export const webSpherePassword = opened(
  (secret) => Buffer.from(Buffer.from(secret, 'base64').map((byte) => byte ^ 0x5f)),
  'decoded',
  doubtful('cannot be decoded'),
);

/** HeidiSQL: each byte as two hexadecimal digits, shifted by the number at the end. */
export const heidiSqlPassword = opened(
  (secret) => {
    const distance = Number(secret.slice(-1));
    const bytes = Buffer.from(secret.slice(0, -1), 'hex');
    return Buffer.from(bytes.map((byte) => byte - distance));
  },
  'decoded',
  doubtful('cannot be decoded'),
);

/** IntelliJ's servers: each character as four hexadecimal digits, XORed with a constant. */
export const intelliJPassword = opened(
  (secret) =>
    Buffer.from(
      (secret.match(/.{4}/g) ?? [])
        .map((code) => String.fromCharCode(Number.parseInt(code, 16) ^ 0xdfaa))
        .join(''),
    ),
  'decoded',
  doubtful('cannot be decoded'),
);
