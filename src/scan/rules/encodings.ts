/**
 * Texts within texts: base64, percent-encoding and escapes that hide a credential from a search of the plain bytes.
 * An encoding is a pattern for the engine, whose matches are decoded and scanned in turn.
 */
import type { Decoded, Encoding } from './model/encoding.ts';
import { textOf, wrappedBase64 } from './wrapped-base64.ts';

export type { Encoding } from './model/encoding.ts';

/** Maximum size of an encoded text, in bytes. A longer one is an image or an archive. */
const MAX_BASE64_CHARS = 8192;

/**
 * What the text around a secret usually begins with. In base64 each of these has three forms, one for each
 * alignment of its bytes to groups of three.
 */
const telling =
  '-----BEGIN|PRIVATE KEY|password|PASSWORD|Password|passwd|secret|SECRET|token|TOKEN|api_key|API_KEY|apiKey|AKIA|ASIA|AccountKey|ghp_|gho_|ghs_|github_pat_|glpat-|xoxb-|xoxp-|sk_live_|AIza|npm_|pypi-|dckr_pat_|hvs.|dop_v1_|dapi|sk-ant-|sk-proj-|SG.|://|hooks.slack.com'
    .split('|')
    .filter((word) => word.length > 3);

const twice = ['password', 'token', 'secret', 'AKIA', 'ghp_', '-----BEGIN'];

const base64: Encoding = {
  name: 'in base64',
  keywords: [
    ...new Set([
      ...telling.flatMap(formsInBase64),
      // As PowerShell takes it, and encoded twice.
      ...twice.map((word) => Array.from(word).join('\0')).flatMap(formsInBase64),
      ...twice.flatMap(formsInBase64).flatMap(formsInBase64),
    ]),
  ],
  pattern: new RegExp(
    // A `=` before it assigns it, or ends another one.
    `(?<![A-Za-z0-9+/_-])[A-Za-z0-9+/_-]{16,${MAX_BASE64_CHARS}}={0,2}(?![A-Za-z0-9+/_=-])`,
  ),
  run: { of: 'A-Za-z0-9+/_-', joins: 'A-Za-z0-9+/_-', least: 16, most: MAX_BASE64_CHARS },
  window: { before: MAX_BASE64_CHARS, after: MAX_BASE64_CHARS },
  decode: (encoded) => {
    const decoded = textOf(encoded);
    if (decoded === undefined) return undefined;
    const { text, width } = decoded;
    return { text, offsetOf: (index) => Math.min(encoded.length, Math.floor(index * width)) };
  },
};

/** An encoded lower-case letter: encoders do not encode those, so somebody did it on purpose. */
const letters = Array.from({ length: 26 }, (_, index) => (0x61 + index).toString(16));
/** Names that a value follows, with an encoded separator between them. */
const named = ['password', 'passwd', 'pwd', 'secret', 'token', 'key'];

const percent: Encoding = {
  name: 'percent-encoded',
  keywords: [...letters.map((code) => `%${code}`), ...named.flatMap((name) => [`${name}%3d`, `${name}%22`])],
  caseless: true,
  pattern: new RegExp(
    `(?<![A-Za-z0-9%._~+-])[A-Za-z0-9%._~+!*'()=&?/:;@,-]{8,2048}(?![A-Za-z0-9%._~+!*'()=&?/:;@,-])`,
  ),
  run: { of: "A-Za-z0-9%._~+!*'()=&?/:;@,-", joins: 'A-Za-z0-9%._~+-', least: 8, most: 2048 },
  window: { before: 2048, after: 2048 },
  decode: (encoded) => replaced(encoded, /%([0-9A-Fa-f]{2})/g),
};

const escapes: Encoding = {
  name: 'in escape sequences',
  keywords: [
    ...letters.map((code) => `\\u00${code}`),
    ...named.flatMap((name) => [`${name}\\u003d`, `${name}\\u0022`]),
  ],
  caseless: true,
  pattern: /(?<![!#-&(-_a-~])[!#-&(-_a-~]{8,2048}(?![!#-&(-_a-~])/,
  run: { of: '!#-&(-_a-~', joins: '!#-&(-_a-~', least: 8, most: 2048 },
  window: { before: 2048, after: 2048 },
  decode: (encoded) => replaced(encoded, /\\u00([0-9A-Fa-f]{2})/g),
};

/** Maximum length of a line with control sequences, in bytes. */
const MAX_TERMINAL_LINE_BYTES = 4096;

/**
 * How sequences continue after an escape character. Two characters, since a keyword of two bytes slows down the search for
 * all others: the search compares as many bytes at once as the shortest keyword has.
 */
const AFTER_ESCAPE = [
  ...Array.from('0123456789;?mKJHABCDG', (next) => `[${next}`),
  ...Array.from('0123456789', (next) => `]${next}`),
  ...Array.from('0ABKU', (next) => `(${next}`),
];

/**
 * A line of a terminal's output: colours and cursor movements stand next to words and within them (ECMA-48, section 5.4).
 * The escape character may be spelled out, as JSON and shells do.
 */
const terminal = {
  name: 'in terminal output',
  isDecoration: true,
  keywords: [
    ...AFTER_ESCAPE.map((next) => `\x1b${next}`),
    ...['\\u001b', '\\x1b', '\\033', '\\e', '^['].flatMap((escape) =>
      ['[', ']', '('].map((next) => escape + next),
    ),
    // Logs that lost the escape characters.
    ...['0', '1', '22', '31', '32', '33', '34', '35', '36', '39', '90', '94'].map((colour) => `[${colour}m`),
  ],
  caseless: true,
  pattern: new RegExp(
    String.raw`(?<![\t\x07\x08\x1b -~\x80-\xff])[\t\x07\x08\x1b -~\x80-\xff]{8,${MAX_TERMINAL_LINE_BYTES}}(?![\t\x07\x08\x1b -~\x80-\xff])`,
  ),
  run: {
    of: String.raw`\t\x07\x08\x1b -~\x80-\xff`,
    joins: String.raw`\t\x07\x08\x1b -~\x80-\xff`,
    least: 8,
    most: MAX_TERMINAL_LINE_BYTES,
  },
  window: { before: MAX_TERMINAL_LINE_BYTES, after: MAX_TERMINAL_LINE_BYTES },
};

const terminalEncodings: readonly Encoding[] = [
  // Within a word: what a search has highlighted.
  { ...terminal, decode: (encoded) => replaced(encoded, CONTROL_SEQUENCE) },
  // Between two words.
  {
    ...terminal,
    decode: (encoded) => (JOINED_WORDS.test(encoded) ? replaced(encoded, CONTROL_SEQUENCE, ' ') : undefined),
  },
];

/** Control sequences, commands of the operating system, choices of a character set. */
const CONTROL_SEQUENCE = new RegExp(
  String.raw`(?:\x1b|\\u001b|\\x1b|\\033|\\e|\^\[)(?:\[[0-?]{0,32}[ -/]{0,4}[@-~]|\][^\x07\x1b\\]{0,256}(?:\x07|\x1b\\|\\u0007|\\a)|[()][0-9A-Za-z])|\[[0-9;]{1,12}m`,
  'gi',
);

/** A colour within a value, whose escape character is spelled out. */
const SPELLED_COLOUR = /(?:\\u001b|\\x1b|\\033|\\e|\^\[)\[[0-9;]{0,12}m/i;
/** Longer secrets, such as private keys, are judged without their decoration by their own rules. */
const MAX_DECORATED_CHARS = 256;

/** True for a value with colours in it, which are no part of the secret. */
export function isDecorated(secret: string): boolean {
  return secret.length <= MAX_DECORATED_CHARS && secret.includes('[') && SPELLED_COLOUR.test(secret);
}

/** Words that only a control sequence separates. */
const JOINED_WORDS = /\w[^\w\s]{1,8}(?:[0-9;]{0,12}m|[0-9;]{0,12}[A-HJKSTf]|[0-9A-Za-z])\w/;

/** The base64 characters that a word determines, for each of its three alignments within a group; both alphabets. */
function formsInBase64(word: string): string[] {
  return [0, 1, 2]
    .flatMap((shift) => {
      const encoded = Buffer.from('\0'.repeat(shift) + word, 'latin1').toString('base64');
      const form = encoded.slice(Math.ceil((4 * shift) / 3), Math.floor((4 * (shift + word.length)) / 3));
      return [form, form.replaceAll('+', '-').replaceAll('/', '_')];
    })
    .filter((form) => form.length > 3);
}

/**
 * The text with each match replaced by the byte whose hexadecimal form it captures, or by `other` if it captures
 * none.
 */
function replaced(encoded: string, code: RegExp, other = ''): Decoded | undefined {
  let text = '';
  let end = 0;
  /** After each code: where the rest begins, in the decoded text and in the encoded one. */
  const rests: { readonly at: number; readonly from: number }[] = [];
  for (const { 0: match, 1: hex, index } of encoded.matchAll(code)) {
    const decoded = hex === undefined ? other : String.fromCharCode(Number.parseInt(hex, 16));
    text += encoded.slice(end, index) + decoded;
    end = index + match.length;
    rests.push({ at: text.length, from: end });
  }
  if (end === 0) return undefined;
  text += encoded.slice(end);
  const offsetOf = (index: number) => {
    const { at, from } = rests.findLast((rest) => rest.at <= index) ?? { at: 0, from: 0 };
    return Math.min(encoded.length, from + index - at);
  };
  return { text, offsetOf };
}

export const encodings: readonly Encoding[] = [
  base64,
  wrappedBase64(base64),
  percent,
  escapes,
  ...terminalEncodings,
];
