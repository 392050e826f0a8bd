/**
 * Texts that may be hard for a scanner: what each rule searches for, truncated, repeated, nested and in files with
 * the names that rules require. A text is a unit that is repeated as often as needed; the same seed gives the same
 * texts.
 */
import { type FileKind, loadTools } from '../../src/scan/task-build.ts';
import { Numbers } from '../../fixtures/numbers.ts';
import { plantable, planted } from '../../fixtures/tokens.ts';

const { allRules, encodings } = await loadTools();

export interface HostileText {
  readonly name: string;
  /** The path of the file, which determines which rules run. */
  readonly path: string;
  /** One character per byte. */
  readonly unit: string;
}

const SEPARATORS = [
  '',
  ' ',
  '=',
  ':',
  '"',
  "'",
  '\n',
  '://',
  '%',
  '=A1',
  '="',
  ': "',
  ' = ',
  '\\',
  '/',
  'A',
  'Az09',
  '@',
  ',',
  '>',
  '<',
  ';',
  '(',
  '-',
  '_',
  '.',
  ' a1b2',
  '\\n',
  '%75:a@',
];
const ENDS = ['', ' ', '\n', '"', '=', '.', 'A'];
const ORDINARY = 'notes.txt';

/** All texts, in an order that does not depend on the machine. */
export function* hostileTexts(seed = 1): Generator<HostileText> {
  const numbers = new Numbers(seed);
  yield* knownCases();
  yield* singleBytes();
  yield* keywordTexts();
  yield* tokenTexts();
  yield* encodedTexts(numbers);
  yield* followerTexts();
  yield* pairs(numbers, 4000);
  yield* alphabets(numbers, 6);
}

/** Texts that were slow or large once. */
export function* knownCases(): Generator<HostileText> {
  const text = (unit: string, path = ORDINARY) => ({ name: `known ${shown(unit)} ${path}`, path, unit });
  yield text('A');
  yield text('%75://');
  yield text('%75:a@');
  yield text('SECRET_KEY=', 'appveyor.yml');
  yield text('_authToken=', '.npmrc');
  yield text('_authToken=');
  yield text('key=');
  yield text('password="a"\n');
  yield text(`a = "${'x'.repeat(6)}"; `);
  yield text('{"a":"b"},');
}

/** A text for each byte. */
export function* singleBytes(): Generator<HostileText> {
  for (let byte = 0; byte < 256; byte += 1) {
    yield { name: `byte ${byte}`, path: ORDINARY, unit: String.fromCharCode(byte) };
  }
}

function* keywordTexts(): Generator<HostileText> {
  const keywords = new Map<string, string>();
  for (const { keywords: own, files, follows } of allRules) {
    if (follows !== undefined) continue;
    for (const keyword of own) keywords.set(keyword, files === undefined ? ORDINARY : pathOf(files));
  }
  for (const encoding of encodings) for (const keyword of encoding.keywords) keywords.set(keyword, ORDINARY);
  for (const [keyword, path] of keywords) {
    for (const separator of SEPARATORS) {
      yield { name: `keyword ${shown(keyword + separator)}`, path, unit: keyword + separator };
    }
  }
}

/** The beginnings of tokens, in files of their kind and in others. */
function* tokenTexts(): Generator<HostileText> {
  for (const { id, files, follows } of allRules) {
    if (follows !== undefined) continue;
    const path = files === undefined ? ORDINARY : pathOf(files);
    const token = planted(id);
    const parts = new Set([
      token,
      ...[0.1, 0.25, 0.5, 0.75, 0.9].map((share) => token.slice(0, Math.ceil(token.length * share))),
      token.slice(0, -1),
      token.slice(Math.floor(token.length / 2)),
      plantable(id).slice(0, -1),
    ]);
    for (const part of parts) {
      for (const end of ENDS) {
        if (part + end !== '') yield { name: `token ${id} ${shown(part + end)}`, path, unit: part + end };
      }
    }
  }
}

function* encodedTexts(numbers: Numbers): Generator<HostileText> {
  const inner = [
    'password=',
    'key=',
    'token: "',
    'AKIA',
    '%75://',
    'secret',
    '://a:b@',
    '-----BEGIN ',
    '{"key":"',
  ];
  const base64 = (text: string) => Buffer.from(text, 'latin1').toString('base64');
  const percent = (text: string) => Array.from(text, (c) => `%${c.charCodeAt(0).toString(16)}`).join('');
  const escape = (text: string) =>
    Array.from(text, (c) => `\\u00${c.charCodeAt(0).toString(16).padStart(2, '0')}`).join('');
  const encoders = { base64, percent, escape };
  const wide = (text: string) => Array.from(text, (c) => `${c}\0`).join('');
  for (const [name, encode] of Object.entries(encoders)) {
    for (const word of inner) {
      for (const length of [30, 300, 2000, 6000]) {
        for (const end of [' ', '\n', '"', '', '=']) {
          const made = encode(word.repeat(Math.ceil(length / word.length)));
          yield {
            name: `${name} of ${shown(word)} x${length}${shown(end)}`,
            path: ORDINARY,
            unit: made + end,
          };
        }
      }
      for (const [outerName, outer] of Object.entries(encoders)) {
        const made = outer(encode(word.repeat(20)));
        yield { name: `${outerName} of ${name} of ${shown(word)}`, path: ORDINARY, unit: `${made} ` };
        yield { name: `${outerName} of ${name} of ${outerName}`, path: ORDINARY, unit: `${outer(made)} ` };
      }
    }
  }
  for (const word of inner) {
    yield {
      name: `base64 of wide ${shown(word)}`,
      path: ORDINARY,
      unit: `${base64(wide(word.repeat(40)))}\n`,
    };
    yield { name: `wide ${shown(word)}`, path: ORDINARY, unit: wide(word) };
  }
  const mixes = ['%', '\\u0061', '%61', '%3d', 'password%3d', '\\u0041', 'A', '=', ':', '@', '/', ' ', 'key'];
  for (let index = 0; index < 600; index += 1) {
    const unit = Array.from({ length: 2 + numbers.below(4) }, () => mixes[numbers.below(mixes.length)]).join(
      '',
    );
    yield { name: `mix ${shown(unit)}`, path: ORDINARY, unit };
  }
}

/** Vendors' names next to names to which something is assigned. */
function* followerTexts(): Generator<HostileText> {
  const values = ['a1b2c3d4', 'a1B2c3D4e5F6a7B8c9D0e1F2a3B4c5D6', 'x9'];
  for (const { keywords, follows } of allRules) {
    if (follows === undefined) continue;
    for (const name of keywords) {
      for (const value of values) {
        yield { name: `follower ${shown(name)}_key=${value}`, path: ORDINARY, unit: `${name}_key=${value} ` };
      }
      yield { name: `follower ${shown(name)}key="`, path: ORDINARY, unit: `${name}key="a1` };
      yield {
        name: `follower ${shown(name)}, then keys`,
        path: ORDINARY,
        unit: `${name} key=a1b2c3d4e5f6g7h8,`,
      };
    }
  }
}

function* pairs(numbers: Numbers, count: number): Generator<HostileText> {
  const keywords = allRules.flatMap(({ keywords: own, follows }) => (follows === undefined ? own : []));
  const draw = () => keywords[numbers.below(keywords.length)] ?? '';
  const separator = () => SEPARATORS[numbers.below(SEPARATORS.length)] ?? '';
  for (let index = 0; index < count; index += 1) {
    const unit = draw() + separator() + draw() + separator();
    yield { name: `pair ${shown(unit)}`, path: ORDINARY, unit };
  }
}

/** A few characters of an expression, repeated, after its keyword. */
function* alphabets(numbers: Numbers, each: number): Generator<HostileText> {
  for (const { id, files, follows, pattern, keywords } of allRules) {
    if (follows !== undefined) continue;
    const letters = [...new Set(pattern.source.replaceAll(/[\\^$.*+?()[\]{}|]/g, '')), '\n', ' '];
    const path = files === undefined ? ORDINARY : pathOf(files);
    for (let index = 0; index < each; index += 1) {
      const few = Array.from({ length: 1 + numbers.below(4) }, () => letters[numbers.below(letters.length)]);
      const keyword = keywords[numbers.below(keywords.length)] ?? '';
      const unit = few.join('').repeat(1 + numbers.below(40)) + keyword;
      yield { name: `alphabet ${id} ${shown(unit)}`, path, unit };
    }
  }
  for (const { id, files, follows } of allRules) {
    if (follows !== undefined || files === undefined) continue;
    const path = pathOf(files);
    for (const unit of [
      '\n',
      ' ',
      ' \n',
      '\t',
      'a',
      '"',
      '=',
      '<',
      '{"',
      'a=\n',
      'a: \n',
      '"a":"b",',
      '<a>\n',
      'a b\n',
    ]) {
      yield { name: `file ${id} ${shown(unit)}`, path, unit };
    }
  }
}

/** A path that belongs to a kind of file. */
function pathOf({ names, extensions, folders, path }: FileKind): string {
  const candidates = [
    ...(names ?? []),
    ...(extensions ?? []).map((extension) => `file.${extension}`),
    ...(folders ?? []).map((folder) => `${folder}/file`),
  ];
  const wanted = path?.source.replaceAll(/\\\//g, '/').replaceAll(/[^a-z0-9/._-]+/g, '/') ?? '';
  const all = candidates.flatMap((name) => [
    `/home/u/${name}`,
    `/${wanted}/${name}`,
    `/etc/${name}`,
    `/home/u/.config/${name}`,
  ]);
  return all.find((one) => path?.test(one) ?? true) ?? all[0] ?? ORDINARY;
}

function shown(text: string): string {
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 40)}…(${text.length})` : text);
}
