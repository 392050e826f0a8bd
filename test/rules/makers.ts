/**
 * What a placeholder of a fixture can stand for besides a run of characters. Each gets the words after its name, and what
 * stands before it in the secret, for checksums.
 */
import { createHash, createPrivateKey, createPublicKey } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { bip39Words } from '../../src/scan/rules/validators/bip39-words.ts';
import { base62Checksum } from '../../src/scan/rules/validators/checksum.ts';
import { ALPHANUMERIC, BASE64, BASE64URL, DIGITS, type Dice, HEX, SMALL } from '../dice.ts';
import { endpointMakers } from './endpoint-makers.ts';

export type Maker = (dice: Dice, words: readonly string[], before: string) => string;

function json(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

/** A signed JSON Web Token that is valid until 2100. */
export function jwt(dice: Dice): string {
  const header = json({ alg: 'HS256', typ: 'JWT' });
  return [header, json({ sub: dice.draw(SMALL, 8), exp: 4_102_444_800 }), dice.draw(BASE64URL, 43)].join('.');
}

/** A key that parses and is the same in every run: Ed25519 takes any 32 bytes (RFC 8410, section 7). */
export function ed25519(dice: Dice): string {
  const start = Buffer.from('302e020100300506032b657004220420', 'hex');
  return Buffer.concat([start, dice.bytes(32)]).toString('base64');
}

/** Armour around text, for every label that ends in PRIVATE KEY. */
export function armoured(label: string, body: string): string {
  const dashes = '-'.repeat(5);
  return [`${dashes}BEGIN ${label}${dashes}`, body, `${dashes}END ${label}${dashes}`].join('\n');
}

/** BIP-39: as many bits of a SHA-256 follow as there are groups of 32 bits, then eleven are a word. */
function recoveryPhrase(entropy: Buffer): string {
  const digest = createHash('sha256').update(entropy).digest();
  const bits = Array.from(Buffer.concat([entropy, digest]), (byte) => byte.toString(2).padStart(8, '0')).join(
    '',
  );
  const words = bits.slice(0, (entropy.length * 8 * 33) / 32).match(/.{11}/g) ?? [];
  return words.map((word) => bip39Words[Number.parseInt(word, 2)]).join(' ');
}

function base58Check(body: Buffer): string {
  const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest();
  const checked = Buffer.concat([body, sha256(sha256(body)).subarray(0, 4)]);
  const alphabet = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz';
  let text = '';
  for (let rest = BigInt(`0x${checked.toString('hex')}`); rest > 0n; rest /= 58n) {
    text = alphabet.charAt(Number(rest % 58n)) + text;
  }
  return text;
}

/** A secret key and its public half, as Solana's tools write them. */
function ed25519Pair(seed: Buffer): number[] {
  const header = Buffer.from('302e020100300506032b657004220420', 'hex');
  const key = createPrivateKey({ key: Buffer.concat([header, seed]), format: 'der', type: 'pkcs8' });
  const spki = createPublicKey(key).export({ format: 'der', type: 'spki' });
  return [...seed, ...spki.subarray(-32)];
}

/** By the name that a fixture uses. */
export const makers: Readonly<Record<string, Maker>> = {
  jwt,
  uuid: (dice) => [8, 4, 4, 4, 12].map((length) => dice.draw(HEX, length)).join('-'),
  /** Base64 of so many random bytes, padded. */
  'base64-of': (dice, [bytes]) => dice.bytes(Number(bytes)).toString('base64'),
  /** User and password as HTTP sends them. */
  basic: (dice) => Buffer.from(`${dice.draw(SMALL, 6)}:${dice.mixed(BASE64URL, 14)}`).toString('base64'),
  /** The checksum of GitHub and npm over all after the first underscore. */
  'crc32-base62': (_, __, before) => base62Checksum(before.slice(before.indexOf('_') + 1)),
  /** The checksum of Grafana over all before its underscore. */
  'crc32-le': (_, __, before) => {
    const digits = Buffer.alloc(4);
    digits.writeUInt32LE(crc32(before.slice(0, -1)));
    return digits.toString('hex');
  },
  /** `{{object email secretKey}}`: base64, without padding, of a JSON object with these keys. */
  object: (dice, keys) => json(Object.fromEntries(keys.map((key) => [key, dice.draw(HEX, 24)]))),
  /** `{{macaroon pypi.org}}`: what PyPI's tokens are, without the prefix: location, identifier, caveat, signature. */
  macaroon: (dice, [location = '']) => {
    const field = (type: number, bytes: Buffer) => Buffer.concat([Buffer.from([type, bytes.length]), bytes]);
    return Buffer.concat([
      Buffer.from([2]),
      field(1, Buffer.from(location)),
      field(2, dice.bytes(36)),
      Buffer.from([0]),
      field(2, Buffer.from('[3, "somebody"]')),
      Buffer.from([0, 0]),
      field(6, dice.bytes(32)),
    ]).toString('base64url');
  },
  /** What Artifactory's reference tokens are: a mark, a version, an expiry, a random part. */
  'reference-token': (dice) =>
    Buffer.from(`reftkn:01:0000000000:${dice.draw(ALPHANUMERIC, 27)}`).toString('base64'),
  /** `{{base64-text build:}}`: base64 of the text and 16 random letters. */
  'base64-text': (dice, [text = '']) => Buffer.from(text + dice.draw(ALPHANUMERIC, 16)).toString('base64'),
  /** The checksum of Synapse over all that stands before it. */
  'crc32-all': (_, __, before) => base62Checksum(before.slice(0, -1)),
  /** The base64 of a text and letters after it. */
  'base64-long': (dice, [text]) =>
    Buffer.from(`${text}${dice.draw(ALPHANUMERIC, 38)}:1:0`).toString('base64'),
  /** A bot's id, which begins with this digit, in base64. */
  'discord-id': (dice, [first = '1']) => Buffer.from(first + dice.draw(DIGITS, 17)).toString('base64url'),
  /** So many bytes of randomness as words, with their checksum. */
  mnemonic: (dice, [length]) => recoveryPhrase(dice.bytes(Number(length))),
  /** `{{base58check 80 32}}`: the version in hexadecimal, so many random bytes, a checksum. */
  base58check: (dice, [version = '', length]) =>
    base58Check(Buffer.concat([Buffer.from(version, 'hex'), dice.bytes(Number(length))])),
  /** The 64 numbers of a keypair. */
  ed25519: (dice) => ed25519Pair(dice.bytes(32)).join(', '),
  /** `{{pem RSA PRIVATE KEY}}`: armour around bytes that begin as a key does. */
  pem: (dice, words) => armoured(words.join(' '), ed25519(dice)),
  /** The key within the JSON of a Google service account: line breaks spelled out. */
  'google-key': (dice) =>
    `${armoured('PRIVATE KEY', ed25519(dice)).replaceAll('\n', String.raw`\n`)}${String.raw`\n`}`,
  /** `{{mapbox sk}}`: claims that parse. */
  mapbox: (dice, [kind]) =>
    [kind, json({ u: dice.draw(SMALL, 8), a: dice.draw(SMALL, 25) }), dice.draw(BASE64URL, 22)].join('.'),
  /** A key of Supabase that is above all row level security. */
  'supabase-role': (dice) =>
    [
      json({ alg: 'HS256', typ: 'JWT' }),
      json({ iss: 'supabase', ref: dice.draw(SMALL, 20), role: 'service_role', exp: 4_102_444_800 }),
      dice.draw(BASE64URL, 43),
    ].join('.'),
  /** Account, tunnel and secret as base64 of JSON. */
  'cloudflare-tunnel': (dice) =>
    Buffer.from(
      JSON.stringify({ a: dice.draw(HEX, 32), t: dice.draw(HEX, 36), s: dice.draw(BASE64, 44) }),
    ).toString('base64'),
  ...endpointMakers,
};
