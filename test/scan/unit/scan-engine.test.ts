/** The engine finds what a plain scan of the whole text finds, however the text is cut. */
import { beforeAll, describe, expect, test } from '@jest/globals';
import { type Engine, type Pattern, createEngine } from '../../../src/scan/engine/index.ts';
import { type Rule, allRules } from '../../../src/scan/rules/index.ts';
import { contextualMatchesIn } from '../../../src/scan/detect/short-text.ts';
import { kernelsOfMachine } from '../../../scripts/differential/kernels.ts';
import {
  type ReferenceMatch,
  referenceScan,
  withoutKeywords,
} from '../../../scripts/differential/reference-scan.ts';
import { Dice, planted } from '../../../fixtures/tokens.ts';

const kernels = kernelsOfMachine();

function sorted(found: ReferenceMatch[]): ReferenceMatch[] {
  return found.sort((a, b) => a.pattern - b.pattern || a.start - b.start);
}

/** Feeds a text in chunks of at most `size` bytes, and checks the secrets that come with the matches. */
function chunkedScan(
  engine: Engine,
  text: Buffer,
  size: number,
  requested: readonly number[] = [],
): ReferenceMatch[] {
  const { memory } = engine;
  const scan = engine.open({ requested });
  const found: ReferenceMatch[] = [];
  let kept = 0;
  let offset = 0;
  let isLast = false;
  while (!isLast) {
    const read = text.copy(memory, kept, offset, offset + size - kept);
    offset += read;
    isLast = offset === text.length;
    const end = kept + read;
    kept = scan.scan(end, isLast, ({ pattern, start, end, secret }) => {
      if (secret !== text.toString('latin1', start, end)) throw new Error('this is not what stands there');
      found.push({ pattern, start, end });
    });
    memory.copyWithin(0, end - kept, end);
  }
  return sorted(found);
}

describe('small patterns, every way of cutting', () => {
  const patterns: Pattern[] = [
    { keywords: ['ab'], pattern: /(?<![a-z])ab[0-9]{2,6}(?![0-9])/, window: { before: 0, after: 6 } },
    {
      keywords: ['key', 'KEY'],
      pattern: /[0-9]{0,3}(?:key|KEY)=(?<secret>[a-z]{1,4})/,
      window: { before: 3, after: 5 },
    },
    { keywords: ['xx'], pattern: /xx/, window: { before: 0, after: 0 } },
    { keywords: ['{'], pattern: /\{[^{}]{0,8}\}?/, window: { before: 0, after: 9 } },
  ];
  const pieces = [
    'ab',
    '12',
    '345',
    'key=',
    'KEY=',
    'abcd',
    'x',
    'xx',
    '{',
    '}',
    ' ',
    '\n',
    '\u00e9',
    'a',
    '7',
  ];

  test.each(Array.from({ length: 24 }, (_, seed) => seed))('text %i', (seed) => {
    const text = Buffer.from(
      Array.from(new Dice(`small/${seed}`).bytes(400), (byte) => pieces[byte % pieces.length]).join(''),
    );
    const expected = referenceScan(patterns, text);
    expect(expected.length).toBeGreaterThan(20);
    for (const kernel of kernels) {
      const engine = createEngine(patterns, { capacity: text.length + 1, kernel });
      const { reach } = engine;
      for (let size = reach + 1; size < reach + 40; size += 1) {
        expect(chunkedScan(engine, text, size)).toEqual(expected);
      }
      expect(chunkedScan(engine, text, text.length + 1)).toEqual(expected);
      expect(chunkedScan(engine, text, text.length)).toEqual(expected);
    }
  });
});

/** Those that an engine looks for. */
const searchedRules = allRules.filter(({ follows }) => follows === undefined);

/** Each token whole, twice without a gap, cut short, and within a word. */
function fullOfTokens(): Buffer {
  const dice = new Dice('rules');
  const parts = searchedRules.flatMap(({ id }) => {
    const token = planted(id);
    const filler = dice.draw('eyJAKIAUS: ghp_-"{}\n\\=abcXYZ012', 20);
    return [token, filler, token + token, filler, token.slice(0, -4), filler, `A${token}A`, filler];
  });
  return Buffer.from(parts.join(' '), 'latin1');
}

describe('the rules', () => {
  const text = fullOfTokens();
  let expected: ReferenceMatch[];
  beforeAll(() => {
    expected = referenceScan(searchedRules, text);
  });

  test.each(kernels)('a text that is full of tokens, cut in many ways, %s', (kernel) => {
    const engine = createEngine(searchedRules, { capacity: 2 << 20, kernel });
    const { reach } = engine;
    expect(new Set(expected.map(({ pattern }) => pattern)).size).toBe(searchedRules.length);
    for (const size of [reach + 4001, 2 * reach, 65_536, text.length]) {
      expect(chunkedScan(engine, text, size, withoutKeywords(searchedRules))).toEqual(expected);
    }
  });

  test.each(kernels)('a token across each possible cut, %s', (kernel) => {
    const engine = createEngine(searchedRules, { capacity: 2 << 20, kernel });
    const { reach } = engine;
    const token = Buffer.from(`x ${planted('github-classic-token')}\n`);
    const size = reach + 100;
    for (let shift = 0; shift <= token.length; shift += 1) {
      const text = Buffer.alloc(3 * size, 0x2e);
      token.copy(text, size - shift);
      token.copy(text, 2 * size - reach - shift);
      expect(chunkedScan(engine, text, size)).toHaveLength(2);
    }
  });
});

describe('what each expression likes least', () => {
  const CAPACITY = 1 << 20;
  /** Milliseconds of CPU time. Generous: a plain run takes some ten, one that backtracks without bound takes for ever. */
  const BOUND = 2000;
  const LEAST_BYTES_OF_UNIT = 12 * 1024;

  function disliked({ id, keywords: [keyword = ''], window }: Rule): string {
    const token = planted(id);
    const half = token.slice(0, Math.ceil(token.length / 2));
    const almost = token.slice(0, -1);
    const units = [
      keyword,
      `${keyword} `,
      `${keyword}\n`,
      half,
      `${half} `,
      `${almost} `,
      `${almost}{`,
      `"${keyword}": "`,
      `{"${keyword}":"`,
      `-----BEGIN ${keyword}`,
      `${keyword}${'A'.repeat(20_000)}`,
      `${keyword}${' '.repeat(20_000)}`,
      `${almost}${'\\n'.repeat(9000)}`,
      `${token.slice(0, 40)}${'a'.repeat(9000)}.`,
    ].filter((unit) => unit !== '');
    // A share of the text for each, far longer than the reach of the rule.
    const share = Math.min(
      Math.floor(CAPACITY / units.length),
      Math.max(LEAST_BYTES_OF_UNIT, 4 * (window.before + window.after)),
    );
    return units.map((unit) => unit.repeat(Math.ceil(share / unit.length)).slice(0, share)).join('');
  }

  test.each(searchedRules)('$id', (rule) => {
    const engine = createEngine([rule], { capacity: CAPACITY });
    const length = engine.memory.write(disliked(rule), 'latin1');
    const began = process.cpuUsage();
    const kept = engine.open({ requested: withoutKeywords([rule]) }).scan(length, false, () => undefined);
    expect(process.cpuUsage(began).user / 1000).toBeLessThan(BOUND);
    expect(kept).toBeLessThanOrEqual(engine.reach);
  });

  // Those are looked for in texts of a few hundred characters, and in what is decoded.
  const followers = allRules.filter(({ follows }) => follows !== undefined);
  test.each(followers)('$id, which follows', (rule) => {
    const text = disliked(rule);
    const began = process.cpuUsage();
    contextualMatchesIn(text);
    expect(process.cpuUsage(began).user / 1000).toBeLessThan(BOUND);
  });
});
