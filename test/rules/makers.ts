/**
 * What a placeholder of a fixture can stand for besides a run of characters. Each gets the words after its name, and what
 * stands before it in the secret, for checksums.
 */
import { base62Checksum } from '../../src/scan/rules/validators/checksum.ts';
import { BASE64URL, type Dice, HEX, SMALL } from '../dice.ts';

export type Maker = (dice: Dice, words: readonly string[], before: string) => string;

function json(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

/** A signed JSON Web Token that is valid until 2100. */
export function jwt(dice: Dice): string {
  const header = json({ alg: 'HS256', typ: 'JWT' });
  return [header, json({ sub: dice.draw(SMALL, 8), exp: 4_102_444_800 }), dice.draw(BASE64URL, 43)].join('.');
}

/** In place of a key: nobody parses it, and every run of a test should see the same. */
export function derLike(dice: Dice, length: number): string {
  const bytes = Buffer.concat([Buffer.from([0x30, 0x82, length >> 8, length & 0xff]), dice.bytes(length)]);
  return (bytes.toString('base64').match(/.{1,64}/g) ?? []).join('\n');
}

/** Armour around text, for every label that ends in PRIVATE KEY. */
export function armoured(label: string, body: string): string {
  const dashes = '-'.repeat(5);
  return [`${dashes}BEGIN ${label}${dashes}`, body, `${dashes}END ${label}${dashes}`].join('\n');
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
  /** `{{pem RSA PRIVATE KEY}}`: armour around bytes that begin as a key does. */
  pem: (dice, words) => armoured(words.join(' '), derLike(dice, 1190)),
};
