/**
 * Random and mutated texts: does the engine find what the reference scanner finds, with every kernel, however the texts are
 * cut and packed? Plain code, since a million `expect` take minutes, and since it runs on other processors without jest.
 */
import { type Engine, type Pattern, bytesOf, createEngine } from '../src/scan/engine/index.ts';
import { allRules, searched } from '../src/scan/rules/index.ts';
import { keywordPlan } from '../src/scan/rules/keyword-plan.ts';
import { kernelsOfMachine } from './kernels.ts';
import { Numbers } from './numbers.ts';
import { referenceScan, withoutKeywords } from './reference-scan.ts';
import { plantable, planted } from './tokens.ts';

const kernels = kernelsOfMachine();
const CAPACITY = 64 * 1024;
/** Texts that are scanned in one batch. */
const PACKED = 8;
/** Texts for the rules one by one, all together. */
const OF_EACH_RULE = 41_000;

/** Patterns with short reach and all that an engine may get wrong: one word in another, words on both sides, no window. */
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
/** Those that an engine looks for; the others follow what these find. */
const rules = allRules.filter((_, index) => searched.includes(index));
const ruleParts = rules.flatMap(({ id, keywords }) => [...keywords, planted(id), plantable(id)]);

function text(numbers: Numbers, parts: readonly string[], length: number): Buffer {
  let made = '';
  while (made.length < length) {
    const part = parts[numbers.below(parts.length)] ?? '';
    const kind = numbers.below(10);
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

/** Matches as one text, to be compared. */
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

/** Scans a text in two parts, cut at `place` or behind it, from no more bytes than are needed. */
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

/** Scans `count` texts, and returns how many matches there were and the first text that an engine got wrong. */
function differences(patterns: readonly Pattern[], parts: readonly string[], length: number, count: number) {
  const engines = kernels.map((kernel) =>
    createEngine(patterns, { capacity: CAPACITY, kernel, plan: keywordPlan }),
  );
  const numbers = new Numbers(count);
  const requested = withoutKeywords(patterns);
  let matches = 0;
  let cuts = 0;
  for (let round = 0; round < count / PACKED; round += 1) {
    const texts = Array.from({ length: PACKED }, () => text(numbers, parts, 1 + numbers.below(length)));
    const expected = texts.map((bytes) => shown(referenceScan(patterns, bytes)));
    for (const one of expected) matches += one === '' ? 0 : one.split(' ').length;
    for (const engine of engines) {
      const whole = packed(engine, texts, requested);
      for (const [index, bytes] of texts.entries()) {
        const size = engine.reach + 1 + numbers.below(64);
        const chunked = cut(engine, bytes, size, requested);
        const place = numbers.below(bytes.length);
        // Patterns without keywords are not looked for in parts.
        const inParts = requested.length > 0 ? undefined : parted(engine, bytes, place);
        if (inParts !== undefined) cuts += 1;
        const found = [whole[index], chunked, inParts ?? expected[index]];
        if (found.some((one) => one !== expected[index])) {
          const input = bytes.toString('latin1');
          return { matches, cuts, wrong: { input, size, place, expected: expected[index], found } };
        }
      }
    }
  }
  return { matches, cuts, wrong: undefined };
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

/** One part of the comparison. `share` is how many of 100,000 texts it has. */
export interface Comparison {
  readonly name: string;
  readonly share: number;
  readonly run: (count: number) => ReturnType<typeof differences>;
}

export const comparisons: readonly Comparison[] = [
  { name: 'small patterns', share: 49_000, run: (count) => differences(small, smallParts, 300, count) },
  { name: 'all rules', share: 10_000, run: (count) => differences(rules, ruleParts, 1500, count) },
  ...rules.map((rule) => {
    const parts = [...rule.keywords, planted(rule.id), plantable(rule.id), '-', 'A'];
    const share = Math.ceil(OF_EACH_RULE / rules.length);
    return { name: rule.id, share, run: (count: number) => differences([rule], parts, 600, count) };
  }),
];
