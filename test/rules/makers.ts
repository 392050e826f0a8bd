/**
 * What a placeholder of a fixture can stand for besides a run of characters. Each gets the words after its name, and what
 * stands before it in the secret, for checksums.
 */
import { base62Checksum } from '../../src/scan/rules/validators/checksum.ts';
import { BASE64URL, type Dice, HEX, SMALL } from '../dice.ts';
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

/** By the name that a fixture uses. */
export const makers: Readonly<Record<string, Maker>> = {
  jwt,
  uuid: (dice) => [8, 4, 4, 4, 12].map((length) => dice.draw(HEX, length)).join('-'),
  /** Base64 of so many random bytes, padded. */
  'base64-of': (dice, [bytes]) => dice.bytes(Number(bytes)).toString('base64'),
  /** The checksum of GitHub and npm over all after the first underscore. */
  'crc32-base62': (_, __, before) => base62Checksum(before.slice(before.indexOf('_') + 1)),
  /** `{{pem PRIVATE KEY}}`: armour around a key. */
  pem: (dice, words) => armoured(words.join(' '), ed25519(dice)),
  ...endpointMakers,
};
