/**
 * Values that are assigned to a name: passwords as people choose and programs generate them, and how a syntax
 * escapes its contents.
 */
import { ALPHANUMERIC, BASE64URL, DIGITS, HEX, SMALL } from '../../fixtures/dice.ts';
import type { Random } from '../shared/random.ts';
import { draw, expand } from './texts.ts';

/** A value and its kind. */
export interface Value {
  readonly text: string;
  readonly sort: string;
}

const HUMAN_WORDS =
  'summer winter autumn spring berlin london paris chicago dallas monkey tiger dragon falcon eagle phoenix shadow thunder rocket coffee banana orange cherry pepper silver golden purple sunshine starlight midnight football hockey chelsea liverpool jordan michael jennifer thomas charlie maggie buster ginger freedom princess superman batman matrix welcome letmein iloveyou trustno internet computer server oracle sommer winter hamburg fussball soleil marseille bonjour'.split(
    ' ',
  );
const SIGNS = '!@#$%^*?+-_';
const ENDS = '!?#*$.@';
const LEET: Readonly<Record<string, string>> = { a: '@', e: '3', i: '1', o: '0', s: '5' };

const HUMAN: Readonly<Record<string, (random: Random) => string>> = {
  'Word, digits, sign': (random) => capitalized(human(random)) + number(random) + sign(random),
  'word, digits': (random) => human(random) + number(random),
  'Word, sign, digits': (random) => capitalized(human(random)) + sign(random) + number(random),
  'two words, digits': (random) => capitalized(human(random)) + capitalized(human(random)) + number(random),
  'leet word': (random) =>
    capitalized(human(random)).replaceAll(/[aeios]/g, (letter) => LEET[letter] ?? letter) +
    draw(random, DIGITS, 2) +
    sign(random),
  passphrase: (random) => `${human(random)}-${human(random)}-${human(random)}-${draw(random, DIGITS, 2)}`,
};

const DRAWN: Readonly<Record<string, (random: Random) => string>> = {
  'letters and digits': (random) => draw(random, ALPHANUMERIC, 16 + random.below(33)),
  'small letters and digits': (random) => draw(random, SMALL + DIGITS, 20 + random.below(21)),
  hexadecimal: (random) => draw(random, HEX, random.pick([24, 32, 40, 48, 64])),
  base64: (random) => bytes(random, random.pick([16, 24, 32, 33, 48, 64])).toString('base64'),
  base64url: (random) => draw(random, BASE64URL, random.pick([22, 32, 43, 64])),
  UUID: (random) => expand('«uuid»', random),
};

const DRAWN_PASSWORDS: Readonly<Record<string, (random: Random) => string>> = {
  '8 to 24 letters and digits': (random) => draw(random, ALPHANUMERIC, 8 + random.below(17)),
  '10 to 24 with signs': (random) =>
    draw(random, ALPHANUMERIC, 2) + draw(random, ALPHANUMERIC + SIGNS, 8 + random.below(15)),
  '16 hexadecimal': (random) => draw(random, HEX, 16),
};

function human(random: Random): string {
  return random.pick(HUMAN_WORDS);
}

function number(random: Random): string {
  return random.below(2) === 0 ? String(1960 + random.below(66)) : draw(random, DIGITS, 2 + random.below(3));
}

function sign(random: Random): string {
  return draw(random, ENDS, 1 + random.below(2));
}

function capitalized(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}

function bytes(random: Random, length: number): Buffer {
  return random.fill(Buffer.alloc(length + 4)).subarray(0, length);
}

function oneOf(sorts: Readonly<Record<string, (random: Random) => string>>, random: Random): Value {
  const [sort, make] = random.pick(Object.entries(sorts));
  return { text: make(random), sort };
}

/** Two out of three are as people choose them. */
export function passwordValue(random: Random): Value {
  return oneOf(random.below(3) === 0 ? DRAWN_PASSWORDS : HUMAN, random);
}

export function secretValue(random: Random): Value {
  return oneOf(DRAWN, random);
}

/** The value as a syntax writes it; undefined for a value that it cannot contain. */
export const HOLDERS: Readonly<Record<string, (value: string) => string | undefined>> = {
  /** Unquoted: nothing that would end it. */
  bare: (value) => (/^[^\s"'`#;,&|<>()[\]{}\\$]+$/.test(value) ? value : undefined),
  quoted: (value) => (/["'`\\\r\n]|\$[A-Za-z{(]/.test(value) ? undefined : value),
  json: (value) => JSON.stringify(value).slice(1, -1),
  xml: (value) =>
    value.replaceAll(/[&<>"]/g, (sign) => `&${{ '&': 'amp', '<': 'lt', '>': 'gt', '"': 'quot' }[sign]};`),
  url: (value) => (/[\s"{]|:\/\//.test(value) ? undefined : encodeURIComponent(value)),
  basic: (value) => Buffer.from(`admin:${value}`).toString('base64'),
  raw: (value) => value,
  indent: (value) => value.replaceAll('\n', '\n    '),
  added: (value) => value.replaceAll('\n', '\n+'),
};
