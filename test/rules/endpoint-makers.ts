/** Placeholders for secrets that are encoded or encrypted: the other direction of what the validators do. */
import { type KeyObject, createCipheriv, createHash, generateKeyPairSync, pbkdf2Sync } from 'node:crypto';
import { bech32Remainder } from '../../src/scan/rules/validators/keys.ts';
import { BASE64URL, type Dice, HEX, SMALL } from '../dice.ts';
import type { Maker } from './makers.ts';

const BECH32 = 'qpzry9x8gf2tvdw0s3jn54khce6mua7l';

/** One key for all: making it takes a while. */
let rsaKey: KeyObject | undefined;
function rsa(): KeyObject {
  rsaKey ??= generateKeyPairSync('rsa', { modulusLength: 1024 }).privateKey;
  return rsaKey;
}

function ageKey(dice: Dice): string {
  const prefix = 'age-secret-key-';
  const codes = Array.from(prefix, (letter) => letter.charCodeAt(0));
  const values = [...dice.bytes(51)].map((byte) => byte & 31).concat(0);
  values[51] = (dice.bytes(1)[0] ?? 0) & 16;
  const checked = [...codes.map((code) => code >> 5), 0, ...codes.map((code) => code & 31), ...values];
  const rest = bech32Remainder([...checked, 0, 0, 0, 0, 0, 0]) ^ 1;
  const checksum = [25, 20, 15, 10, 5, 0].map((shift) => (rest >> shift) & 31);
  return `${prefix}1${[...values, ...checksum].map((value) => BECH32.charAt(value)).join('')}`.toUpperCase();
}

export const endpointMakers: Readonly<Record<string, Maker>> = {
  'age-key': (dice) => ageKey(dice),
  /** `{{b64 text}}`: base64 of the text and eight letters. */
  b64: (dice, words) => Buffer.from(words.join(' ') + dice.draw(SMALL, 8)).toString('base64'),
  /** Base64 of a text in UTF-16, and a suffix: `{{b64-utf16 Password}}`. */
  'b64-utf16': (dice, words) =>
    Buffer.from(dice.draw(SMALL, 10) + words.join(' '), 'utf16le').toString('base64'),
  /** A real key in PEM, in one line of base64. */
  'b64-pem': (_, words) =>
    Buffer.from(rsa().export({ format: 'pem', type: words[0] === 'pkcs1' ? 'pkcs1' : 'pkcs8' })).toString(
      'base64',
    ),
  jwk: () => JSON.stringify(rsa().export({ format: 'jwk' })),
  'xml-rsa': () => {
    const { n, e, p, q, dp, dq, qi, d } = rsa().export({ format: 'jwk' });
    const parts = { Modulus: n, Exponent: e, P: p, Q: q, DP: dp, DQ: dq, InverseQ: qi, D: d };
    const inner = Object.entries(parts).map(
      ([name, value = '']) => `<${name}>${Buffer.from(value, 'base64url').toString('base64')}</${name}>`,
    );
    return `<RSAKeyValue>${inner.join('')}</RSAKeyValue>`;
  },
  'wireguard-key': (dice) => {
    const key = dice.bytes(32);
    key[0] = (key[0] ?? 0) & 0xf8;
    key[31] = ((key[31] ?? 0) & 0x3f) | 0x40;
    return key.toString('base64');
  },
  /** Base64 of bytes that begin with these, in hexadecimal: `{{b64-bytes 4564 156}}`. */
  'b64-bytes': (dice, [start = '', length]) =>
    Buffer.concat([Buffer.from(start, 'hex'), dice.bytes(Number(length))]).toString('base64'),
  'service-account-token': (dice) =>
    [
      Buffer.from(JSON.stringify({ alg: 'RS256', kid: dice.draw(HEX, 20) })).toString('base64url'),
      Buffer.from(
        JSON.stringify({
          iss: 'kubernetes/serviceaccount',
          sub: `system:serviceaccount:default:${dice.draw(HEX, 5)}`,
        }),
      ).toString('base64url'),
      dice.mixed(BASE64URL, 342),
    ].join('.'),
  'b64-auths': (dice) => {
    const auth = Buffer.from(`me:${dice.draw(SMALL, 8)}`).toString('base64');
    return Buffer.from(JSON.stringify({ auths: { 'ghcr.io': { auth } } })).toString('base64');
  },
  'cisco-7': (dice) => {
    const row = 'dsfd;kfoA,.iyewrkldJKDHSUBsgvca69834ncxv9873254k;fg87';
    const bytes = Buffer.from(dice.draw(SMALL, 9)).map((byte, at) => byte ^ row.charCodeAt(at + 5));
    return `05${Buffer.from(bytes).toString('hex').toUpperCase()}`;
  },
  'juniper-9': juniper9,
  cpassword: (dice) => {
    const key = '4e9906e8fcb66cc9faf49310620ffee8f496e806cc057990209b09a433b66c1b';
    const cipher = createCipheriv('aes-256-cbc', Buffer.from(key, 'hex'), Buffer.alloc(16));
    return cipher.update(dice.draw(SMALL, 10), 'utf16le', 'base64') + cipher.final('base64');
  },
  /** The long form: a flag, zero, the length, no noise, the text. */
  winscp: (dice) => {
    const text = Buffer.from(`somebody@host${dice.draw(SMALL, 8)}`);
    const bytes = Buffer.concat([Buffer.from([0xff, 0, text.length, 0]), text]);
    return Buffer.from(bytes.map((byte) => ~byte ^ 0xa3))
      .toString('hex')
      .toUpperCase();
  },
  mremote: (dice) => {
    const [salt, nonce] = [dice.bytes(16), dice.bytes(16)];
    const cipher = createCipheriv('aes-256-gcm', pbkdf2Sync('mR3m', salt, 1000, 32, 'sha1'), nonce);
    cipher.setAAD(salt);
    const text = Buffer.concat([cipher.update(dice.draw(SMALL, 9)), cipher.final()]);
    return Buffer.concat([salt, nonce, text, cipher.getAuthTag()]).toString('base64');
  },
  vnc,
  /** What a fixture cannot have before a secret. */
  cdata: () => '<![CDATA[',
  /** The same as a registry export writes bytes. */
  'vnc-bytes': (dice) => vnc(dice).replaceAll(/(..)(?!$)/g, '$1,'),
  /** What the Data Protection API of Windows makes of a password: its version, its provider, so many bytes. */
  'windows-protected': (dice, [length]) =>
    `01000000D08C9DDF0115D1118C7A00C04FC297EB${dice.bytes(Number(length)).toString('hex').toUpperCase()}`,
  'windows-protected-base64': (dice, [length]) =>
    Buffer.concat([
      Buffer.from('01000000d08c9ddf0115d1118c7a00c04fc297eb', 'hex'),
      dice.bytes(Number(length)),
    ]).toString('base64'),
  'cisco-profile': (dice) => {
    const seed = dice.bytes(20);
    const iv = Buffer.from(seed.subarray(0, 8));
    const start = Buffer.from(seed);
    const last = seed[19] ?? 0;
    const keys = [1, 3].map((step) => {
      seed[19] = last + step;
      return digest('sha1', seed);
    });
    const text = encrypted('des-ede3-cbc', Buffer.concat(keys).subarray(0, 24), iv, `${word(dice)}\0`);
    return Buffer.concat([start, digest('sha1', text), text])
      .toString('hex')
      .toUpperCase();
  },
  /** As a registry export writes bytes. */
  teamviewer: (dice) => {
    const text = Buffer.alloc(32);
    text.write(word(dice), 'utf16le');
    const [key, iv] = ['0602000000a400005253413100040000', '0100010067244f436e6762f25ea8d704'].map((hex) =>
      Buffer.from(hex, 'hex'),
    );
    const cipher = createCipheriv('aes-128-cbc', key ?? '', iv ?? '').setAutoPadding(false);
    return cipher
      .update(text)
      .toString('hex')
      .replaceAll(/(..)(?!$)/g, '$1,');
  },
  securecrt: (dice) => {
    const body = Buffer.from(word(dice));
    const length = Buffer.alloc(4);
    length.writeUInt32LE(body.length);
    const text = Buffer.concat([length, body, digest('sha256', body), dice.bytes(16)]);
    const cipher = createCipheriv('aes-256-cbc', digest('sha256', ''), Buffer.alloc(16)).setAutoPadding(
      false,
    );
    return `02:${cipher.update(text.subarray(0, text.length - (text.length % 16))).toString('hex')}`;
  },
  'site-list': (dice) => {
    const text = Buffer.alloc(40);
    text.write(word(dice));
    const key = Buffer.concat([digest('sha1', '<!@#$%^>'), Buffer.alloc(4)]);
    const cipher = createCipheriv('des-ede3', key, null).setAutoPadding(false);
    const row = Buffer.from('12150f10111c1a060a1f1b1817160519', 'hex');
    return Buffer.from(cipher.update(text).map((byte, at) => byte ^ (row[at % 16] ?? 0))).toString('base64');
  },
  rclone: (dice) => {
    const key = Buffer.from('9c935b48730a554d6bfd7c63c886a92bd390198eb8128afbf4de162b8b95f638', 'hex');
    const counter = dice.bytes(16);
    return Buffer.concat([counter, encrypted('aes-256-ctr', key, counter, word(dice))]).toString('base64url');
  },
  'maven-master': (dice) => {
    const salt = dice.bytes(8);
    const key = digest('sha256', Buffer.concat([Buffer.from('settings.security'), salt]));
    const text = encrypted('aes-128-cbc', key.subarray(0, 16), key.subarray(16), word(dice));
    return Buffer.concat([salt, Buffer.from([7]), text, dice.bytes(7)]).toString('base64');
  },
  'sql-developer': (dice) => {
    const key = dice.bytes(8);
    const text = encrypted('des-ede3-cbc', Buffer.concat([key, key, key]), Buffer.alloc(8), word(dice));
    return Buffer.concat([Buffer.from([5]), key, text])
      .toString('hex')
      .toUpperCase();
  },
  navicat: (dice) =>
    encrypted('aes-128-cbc', Buffer.from('libcckeylibcckey'), Buffer.from('libcciv libcciv '), word(dice))
      .toString('hex')
      .toUpperCase(),
  websphere: (dice) => Buffer.from(Buffer.from(word(dice)).map((byte) => byte ^ 0x5f)).toString('base64'),
  heidisql: (dice) => `${Buffer.from(Buffer.from(word(dice)).map((byte) => byte + 3)).toString('hex')}3`,
  intellij: (dice) =>
    Array.from(word(dice), (letter) => (letter.charCodeAt(0) ^ 0xdfaa).toString(16)).join(''),
};

function vnc(dice: Dice): string {
  const key = Buffer.from('e84ad660c4721ae0'.repeat(3), 'hex');
  const cipher = createCipheriv('des-ede3', key, null).setAutoPadding(false);
  return cipher.update(dice.draw(SMALL, 8)).toString('hex');
}

/** A password of a person. */
function word(dice: Dice): string {
  return `${dice.draw(SMALL, 9)}${dice.draw('23456789', 2)}`;
}

function digest(algorithm: string, data: Buffer | string): Buffer {
  return createHash(algorithm).update(data).digest();
}

function encrypted(algorithm: string, key: Buffer, iv: Buffer, text: string): Buffer {
  const cipher = createCipheriv(algorithm, key, iv);
  return Buffer.concat([cipher.update(text), cipher.final()]);
}

/** Each byte as the distances between characters of the alphabet, of which the first is drawn without a salt. */
function juniper9(dice: Dice): string {
  const alphabet = 'QzF3n6/9CAtpu0OB1IREhcSyrleKvMW8LXx7N-dVbwsY2g4oaJZGUDjiHkq.mPf5T';
  const weights = [
    [1, 4, 32],
    [1, 16, 32],
    [1, 8, 32],
    [1, 64],
    [1, 32],
    [1, 4, 16, 128],
    [1, 32, 64],
  ];
  let at = alphabet.indexOf('i');
  let text = '$9$i';
  for (const [index, byte] of Buffer.from(dice.draw(SMALL, 8)).entries()) {
    let rest = byte;
    const distances: number[] = [];
    for (const weight of (weights[index % 7] ?? []).toReversed()) {
      distances.unshift(Math.floor(rest / weight));
      rest %= weight;
    }
    for (const distance of distances) {
      at = (at + distance + 1) % alphabet.length;
      text += alphabet.charAt(at);
    }
  }
  return text;
}
