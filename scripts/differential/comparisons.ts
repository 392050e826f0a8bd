/**
 * Random and mutated texts: does the engine find the same as the reference scanner, with every kernel, however the
 * texts are cut and packed? Plain code, since a million `expect` calls take minutes, and since it runs on other
 * processors without jest.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Engine, type Pattern, loadTools } from '../../src/scan/task-build.ts';
import { kernelsOfMachine } from './kernels.ts';
import { Numbers } from '../../fixtures/numbers.ts';
import { referenceScan, withoutKeywords } from './reference-scan.ts';
import { plantable, planted } from '../../fixtures/tokens.ts';
import { samplesOf } from './samples.ts';

const { allRules, bytesOf, createEngine, keywordPlan } = await loadTools();

const kernels = kernelsOfMachine();
const CAPACITY = 64 * 1024;
/** Texts that are scanned in one batch. */
const PACKED = 8;
/** One text in this many is cut and split for every kernel; the others for one kernel, in turn. */
const THOROUGH = 4;
/**
 * For all rules at once, the reference scanner takes a hundred times as long: beyond this number, such texts
 * become rare.
 */
const OF_ALL_RULES = 10_000;

/**
 * Patterns with a short reach and everything that an engine may get wrong: one word in another, words on both
 * sides, no window.
 */
const small: readonly Pattern[] = [
  { keywords: ['ab'], pattern: /(?<![a-z])ab[0-9]{2,6}(?![0-9])/, window: { before: 0, after: 6 } },
  {
    keywords: ['ab'],
    pattern: /[a-z]{0,3}ab[0-9]{2}/,
    window: { before: 3, after: 2 },
    next: { of: '0-9', least: 2 },
  },
  {
    keywords: ['key', 'thelongkey', 'y'],
    pattern: /[0-9]{0,3}(?:thelongkey|key|y)=(?<secret>[a-z]{1,4})/,
    window: { before: 13, after: 5 },
  },
  {
    keywords: ['pw'],
    pattern: /pw ?=[ =]{0,3}(?:[0-9]{2}|to [a-y]{1,6}:7)/,
    window: { before: 0, after: 16 },
    next: [
      { of: ' =', least: 1, most: 5, holds: '=' },
      { of: '0-9', least: 2, phrases: [{ words: ['to '], ends: [':'], most: 7, never: '=\\n' }] },
    ],
  },
  { keywords: ['xx'], pattern: /xx/, window: { before: 0, after: 0 } },
  { keywords: ['{'], pattern: /\{[^{}]{0,8}\}?/, window: { before: 0, after: 9 } },
  { keywords: ['token'], caseless: true, pattern: /token[:=]\w{1,5}/i, window: { before: 0, after: 6 } },
  { keywords: ['\u00e9\u00ff'], pattern: /\u00e9\u00ff[^]/, window: { before: 0, after: 1 } },
  { keywords: [], pattern: /(?<=^|[^a-z])x[a-z]{1,6}:/, window: { before: 0, after: 8 } },
];
const smallParts = [
  'ab',
  '12',
  '345',
  'key=',
  'thelongkey',
  'y=',
  'x',
  'xx',
  '{',
  '}',
  'pw',
  'pw=',
  'to ',
  ':7',
  'Token',
  'tOKEN:',
  '=',
  '\n',
  'é',
  'éÿ',
  'a',
  '7',
  ' ',
];
/** Those that an engine searches for; the others depend on their matches. */
const rules = allRules.filter(({ follows }) => follows === undefined);
const ruleParts = rules.flatMap(({ id, keywords }) => [...keywords, planted(id), plantable(id)]);

/**
 * Texts as people write them, to be cut anywhere. They are part of this project, so that they are always
 * available.
 */
const written = [
  'README.md',
  'package.json',
  'scripts/differential/comparisons.ts',
  'scripts/quality/syntaxes.txt',
]
  .map((name) => readFileSync(join(import.meta.dirname, '..', '..', name), 'latin1'))
  .join('\n');
/** Texts that are made of a rule's expression, as parts of others. */
const SAMPLES = 8;
/** Maximum number of times a part is repeated in a hostile text. */
const MOST_REPEATED = 200;

function text(numbers: Numbers, parts: readonly string[], length: number): Buffer {
  let made = '';
  // One text in eight is a real one, with parts planted in it; one in sixteen repeats one or two parts.
  const manner = numbers.below(16);
  if (manner === 0) {
    const repeated = parts[numbers.below(parts.length)] ?? '';
    const other = numbers.below(2) === 0 ? '' : (parts[numbers.below(parts.length)] ?? '');
    const times = 1 + numbers.below(MOST_REPEATED);
    made = (repeated + other.slice(0, 1 + numbers.below(4))).repeat(times).slice(0, length);
  }
  while (made.length < length) {
    const part = parts[numbers.below(parts.length)] ?? '';
    const kind = numbers.below(10);
    if (manner <= 2 && manner > 0 && numbers.below(3) > 0) {
      const from = numbers.below(written.length);
      made += written.slice(from, from + 1 + numbers.below(80));
      continue;
    }
    if (kind < 4) made += part;
    else if (kind === 4) made += part.slice(0, numbers.below(part.length + 1));
    else if (kind === 5) made += part.slice(numbers.below(part.length + 1));
    else if (kind === 6) made += `"${part}"`;
    else if (kind === 7) made += `${part} `;
    else made += String.fromCharCode(numbers.below(256));
  }
  const bytes = Buffer.from(made, 'latin1');
  for (let count = numbers.below(4); count > 0; count -= 1)
    bytes[numbers.below(bytes.length)] = numbers.below(256);
  return bytes;
}

/** Matches as one text, for comparison. */
const shown = (matches: readonly { pattern: number; start: number; end: number }[]) =>
  Array.from(matches, ({ pattern, start, end }) => `${pattern}:${start}-${end}`)
    .sort()
    .join(' ');

function cut(engine: Engine, bytes: Buffer, size: number, requested: readonly number[]): string {
  const scan = engine.open({ requested });
  const found: { pattern: number; start: number; end: number }[] = [];
  let kept = 0;
  for (let offset = 0, isLast = false; !isLast;) {
    const read = bytes.copy(engine.memory, kept, offset, offset + size - kept);
    offset += read;
    isLast = offset === bytes.length;
    const end = kept + read;
    kept = scan.scan(end, isLast, (match) => found.push(match));
    engine.memory.copyWithin(0, end - kept, end);
  }
  return shown(found);
}

/** Scans a text in two parts, cut at `place` or after it, from no more bytes than necessary. */
function parted(engine: Engine, bytes: Buffer, place: number): string | undefined {
  const from = Math.max(0, place - engine.reach);
  const around = bytes.copy(engine.memory, 0, from, place + 3 * engine.reach);
  const found = engine.cut(place - from, around);
  if (found === undefined) return undefined;
  const matches: { pattern: number; start: number; end: number }[] = [];
  const to = from + found;
  for (const part of [
    { from: 0, to },
    { from: to, to: bytes.length },
  ]) {
    const given = bytesOf(part, engine);
    const end = bytes.copy(engine.memory, 0, given.from, given.to);
    engine.open({ part }).scan(end, true, (match) => matches.push(match));
  }
  return shown(matches);
}

function packed(engine: Engine, texts: readonly Buffer[], requested: readonly number[]): string[] {
  const ends: number[] = [];
  let end = 0;
  for (const bytes of texts) {
    bytes.copy(engine.memory, end);
    ends.push((end += bytes.length));
  }
  const found = texts.map((): { pattern: number; start: number; end: number }[] => []);
  engine.scanTexts(
    ends,
    (match, index) => found[index]?.push(match),
    new Map(requested.length === 0 ? [] : texts.map((_, index) => [index, requested])),
  );
  return found.map(shown);
}

interface Kind {
  readonly patterns: readonly Pattern[];
  readonly parts: readonly string[];
  /** Length of the longest text. */
  readonly length: number;
}

/** Scans `count` texts, and returns the number of matches and the first text that an engine got wrong. */
function differences({ patterns, parts, length }: Kind, count: number, seed: number) {
  const engines = kernels.map((kernel) =>
    createEngine(patterns, { capacity: CAPACITY, kernel, plan: keywordPlan }),
  );
  const numbers = new Numbers(count + seed);
  const requested = withoutKeywords(patterns);
  let matches = 0;
  let cuts = 0;
  let scanned = 0;
  while (scanned < count) {
    const texts = Array.from({ length: Math.min(PACKED, count - scanned) }, () =>
      text(numbers, parts, 1 + numbers.below(length)),
    );
    const expected = texts.map((bytes) => shown(referenceScan(patterns, bytes)));
    for (const one of expected) matches += one === '' ? 0 : one.split(' ').length;
    for (const [turn, engine] of engines.entries()) {
      const whole = packed(engine, texts, requested);
      for (const [index, bytes] of texts.entries()) {
        const isThorough = index % THOROUGH === 0 || (scanned + index) % engines.length === turn;
        if (!isThorough && whole[index] === expected[index]) continue;
        const size = engine.reach + 1 + numbers.below(64);
        const chunked = cut(engine, bytes, size, requested);
        const place = numbers.below(bytes.length);
        // Patterns without keywords are not searched for in parts.
        const inParts = requested.length > 0 ? undefined : parted(engine, bytes, place);
        if (inParts !== undefined) cuts += 1;
        const found = [whole[index], chunked, inParts ?? expected[index]];
        if (found.some((one) => one !== expected[index])) {
          const input = bytes.toString('latin1');
          return { matches, cuts, scanned, wrong: { input, size, place, expected: expected[index], found } };
        }
      }
    }
    scanned += texts.length;
  }
  return { matches, cuts, scanned, wrong: undefined };
}

let engines: readonly Engine[] | undefined;

/** Scans a text for the small patterns with every kernel and at every buffer size. @throws Error at the first difference */
export function compareAtEverySize(bytes: Buffer): void {
  engines ??= kernels.map((kernel) => createEngine(small, { capacity: CAPACITY, kernel, plan: keywordPlan }));
  const expected = shown(referenceScan(small, bytes));
  for (const engine of engines) {
    for (let size = engine.reach + 1; size <= engine.reach + 1 + bytes.length; size += 1) {
      const found = cut(engine, bytes, size, withoutKeywords(small));
      if (found !== expected) throw new Error(`${found} in buffers of ${size} bytes, not ${expected}`);
    }
  }
}

/** One part of the comparison. */
export interface Comparison {
  readonly name: string;
  /** How many of this many texts it has. */
  readonly countOf: (total: number) => number;
  /** @param seed for other texts than the default ones */
  readonly run: (count: number, seed?: number) => ReturnType<typeof differences>;
}

function comparison(
  name: string,
  kindOf: (seed: number) => Kind,
  countOf: (total: number) => number,
): Comparison {
  return { name, countOf, run: (count, seed = 0) => differences(kindOf(seed), count, seed) };
}

const ofAllRules = (total: number) =>
  Math.ceil(total / 10 < OF_ALL_RULES ? total / 10 : OF_ALL_RULES + (total / 10 - OF_ALL_RULES) / 50);

export const comparisons: readonly Comparison[] = [
  comparison(
    'small patterns',
    () => ({ patterns: small, parts: smallParts, length: 300 }),
    (total) => Math.ceil((total - ofAllRules(total)) * 0.55),
  ),
  comparison('all rules', () => ({ patterns: rules, parts: ruleParts, length: 1500 }), ofAllRules),
  ...rules.map((rule) => {
    const parts = [...rule.keywords, planted(rule.id), plantable(rule.id), '-', 'A'];
    const kindOf = (seed: number) => ({
      patterns: [rule],
      parts: [...parts, ...samplesOf(rule.pattern, SAMPLES, seed)],
      length: 600,
    });
    return comparison(rule.id, kindOf, (total) =>
      Math.ceil(((total - ofAllRules(total)) * 0.45) / rules.length),
    );
  }),
];
