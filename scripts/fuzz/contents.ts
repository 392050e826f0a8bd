/** Contents of files: encodings, secrets, comments. And redaction of the texts that leave the process. */
import * as fc from 'fast-check';
import { loadTools } from '../../src/scan/task-build.ts';
import { compareAtEverySize } from '../differential/comparisons.ts';
import { plantable, plantableKinds, planted } from '../../fixtures/tokens.ts';
import { type FuzzProperty, fuzz, mutated } from './property.ts';

const { allRules, contentKind, encodings, inlineMarker, redactSecrets, WideStrings } = await loadTools();

const plants = plantableKinds.map((kind) => Buffer.from(planted(kind)));
const secrets = plantableKinds.map((kind) => Buffer.from(plantable(kind), 'latin1'));
/** Those that are recognized by themselves, wherever they are. */
const tokens = plantableKinds
  .map((kind) => plantable(kind))
  .filter((token) => !token.includes('\n') && !redactSecrets(`\n${token}\n`).includes(token));
const latin1 = (bytes: Uint8Array) => Buffer.from(bytes).toString('latin1');
/** Characters that expressions distinguish. */
const dense = fc.string({
  unit: fc.constantFrom(
    'a',
    'Z',
    '0',
    '9',
    '=',
    ':',
    '"',
    "'",
    '\\',
    '/',
    '.',
    '-',
    '_',
    '{',
    '}',
    '$',
    '%',
    '+',
    ' ',
    '\n',
    '\r',
    '\t',
    '\0',
    '\u007f',
    '\u0080',
    'é',
    'ÿ',
    '<',
    '>',
    '&',
    ';',
    ',',
    '@',
  ),
});
const text = fc.oneof(mutated(secrets).map(latin1), fc.uint8Array({ maxLength: 300 }).map(latin1), dense);

const encoded = fc.oneof(
  mutated(plants).map((bytes) => bytes.toString('base64')),
  mutated(plants).map((bytes) => encodeURIComponent(bytes.toString('latin1'))),
  mutated(plants).map((bytes) =>
    Array.from(bytes, (byte) => `\\u00${byte.toString(16).padStart(2, '0')}`).join(''),
  ),
  fc.string({ unit: fc.constantFrom('%', '\\', 'u', '0', '4', 'f', 'g', '=', '+', '/', 'A') }),
  text,
);

export const contentProperties: readonly FuzzProperty[] = [
  fuzz(
    'no validator throws, and no evidence holds the secret',
    120,
    fc.tuple(
      text,
      dense,
      fc.dictionary(fc.constantFrom('secret', 'name', 'user', 'host', 'value'), text),
      fc.constantFrom('', '/home/a/.env', '/x/test/fixtures/a.yml'),
    ),
    ([secret, before, groups, path]) => {
      for (const rule of allRules) {
        const verdict = rule.validate(secret, { now: 1e12, path, groups, before });
        if (secret.length >= 8 && verdict.evidence.some((one) => one.includes(secret)))
          throw new Error(`${rule.id} tells the secret`);
      }
    },
  ),
  fuzz('encodings decode, or not, to places within them', 1500, encoded, (one) => {
    for (const { decode, name } of encodings) {
      const decoded = decode(one);
      if (decoded === undefined) continue;
      let before = 0;
      for (let index = 0; index <= decoded.text.length; index += 1) {
        const offset = decoded.offsetOf(index);
        if (!(offset >= before && offset <= one.length))
          throw new Error(`${name}: character ${index} is at ${offset}`);
        before = offset;
      }
    }
  }),
  fuzz(
    'strings in UTF-16 are found whatever memory there is for them',
    1500,
    fc.tuple(
      fc.array(
        fc.oneof(
          fc
            .string({ unit: 'grapheme-ascii', minLength: 6, maxLength: 30 })
            .map((one) => Buffer.from(one, 'utf16le')),
          fc.uint8Array({ maxLength: 9 }),
        ),
        { maxLength: 8 },
      ),
      fc.integer({ min: 40, max: 200 }),
    ),
    ([parts, room]) => {
      const bytes = Buffer.concat(parts);
      const read = (size: number) => {
        const target = new Uint8Array(size);
        const wide = new WideStrings(target);
        let found = '';
        for (let at = 0, before = -1; at !== before;) {
          before = at;
          at = wide.take(bytes, at, bytes.length, 0);
          found += Buffer.from(target.subarray(0, wide.length)).toString('latin1');
          wide.keep(0);
        }
        return found;
      };
      const small = read(room);
      const whole = read(bytes.length + 2);
      if (small !== whole)
        throw new Error(`${JSON.stringify(small)} in pieces, ${JSON.stringify(whole)} in one`);
    },
  ),
  fuzz(
    'a kind of content is told of any bytes',
    3000,
    fc.tuple(fc.uint8Array({ maxLength: 64 }), fc.nat(70), fc.nat(70)),
    ([bytes, start, length]) => {
      contentKind(bytes, start, length);
    },
  ),
  fuzz(
    'a marker is looked for on any line',
    2000,
    fc.tuple(
      mutated([Buffer.from('key = "abc" # gitleaks:allow\nnext'), Buffer.from('x // nosemgrep: y\r\n')]),
      fc.nat(60),
      fc.nat(60),
    ),
    ([bytes, a, b]) => {
      inlineMarker(bytes, Math.min(a, bytes.length), Math.min(a + b, bytes.length));
    },
  ),
  fuzz(
    'redaction ends, and a second pass changes nothing',
    300,
    fc.oneof(mutated(plants, 2).map(latin1), text),
    (one) => {
      const clean = redactSecrets(one);
      if (redactSecrets(clean) !== clean) throw new Error('a second pass finds more');
    },
  ),
  fuzz(
    'redaction leaves no token of a known form, whatever lines stand around it',
    400,
    fc.array(fc.tuple(dense, fc.constantFrom(...tokens)), { minLength: 1, maxLength: 4 }),
    (parts) => {
      const clean = redactSecrets(parts.map(([before, token]) => `${before}\n${token}\n`).join(''));
      const left = parts.find(([, token]) => clean.includes(token));
      if (left !== undefined) throw new Error(`${left[1]} is still there`);
    },
  ),
  fuzz(
    'the engine finds what the reference scanner finds, at every buffer size',
    60,
    fc
      .array(
        fc.oneof(
          dense,
          fc.constantFrom('ab', 'ab12', 'key=', 'thelongkey=abcd', 'y=', 'xx', '{', '}', 'Token:', 'éÿ'),
        ),
        { maxLength: 25 },
      )
      .map((parts) => parts.join('')),
    (one) => {
      compareAtEverySize(Buffer.from(one, 'latin1'));
    },
  ),
];
