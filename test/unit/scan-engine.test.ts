/** The engine finds what a plain scan of the whole text finds, however the text is cut. */
import { describe, expect, test } from '@jest/globals';
import { type Pattern, createEngine } from '../../src/scan/engine/index.ts';
import { Automaton } from '../../src/scan/engine/automaton.ts';
import { allRules } from '../../src/scan/rules/index.ts';
import { type ReferenceMatch, referenceScan } from '../reference-scan.ts';
import { Dice, plantableKinds, planted } from '../tokens.ts';

/** Feeds a text in chunks of at most `size` bytes, and checks the secrets that come with the matches. */
function chunkedScan(patterns: readonly Pattern[], text: Buffer, size: number): ReferenceMatch[] {
  const scan = createEngine(patterns).open();
  const buffer = Buffer.alloc(size);
  const found: ReferenceMatch[] = [];
  let kept = 0;
  let offset = 0;
  let isLast = false;
  while (!isLast) {
    const read = text.copy(buffer, kept, offset, offset + size - kept);
    offset += read;
    isLast = offset === text.length;
    const length = kept + read;
    kept = scan.scan(buffer, length, isLast, ({ pattern, start, end, secret }) => {
      expect(secret).toBe(text.toString('latin1', start, end));
      found.push({ pattern, start, end });
    });
    buffer.copyWithin(0, length - kept, length);
  }
  return found.sort((a, b) => a.pattern - b.pattern || a.start - b.start);
}

describe('the automaton', () => {
  test('finds overlapping words, words within words and words at the ends', () => {
    const words = ['he', 'she', 'hers', 'his', 'e', 'aXa'];
    const text = 'ushers his she aXaXa he';
    const found: string[] = [];
    new Automaton(words).search(Buffer.from(text), text.length, (word, end) => {
      found.push(`${words[word]}@${end - (words[word]?.length ?? 0)}`);
    });
    const expected = words.flatMap((word) =>
      Array.from(text, (_, at) => (text.startsWith(word, at) ? [`${word}@${at}`] : [])).flat(),
    );
    expect(found.sort()).toEqual(expected.sort());
  });

  test('refuses what would match everywhere', () => {
    expect(() => new Automaton(['a', ''])).toThrow(RangeError);
  });
});

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
    const { reach } = createEngine(patterns);
    for (let size = reach + 1; size < reach + 40; size += 1) {
      expect(chunkedScan(patterns, text, size)).toEqual(expected);
    }
    expect(chunkedScan(patterns, text, text.length + 1)).toEqual(expected);
    expect(chunkedScan(patterns, text, text.length)).toEqual(expected);
  });
});

describe('the rules', () => {
  const { reach } = createEngine(allRules);

  test('a text that is full of tokens, cut in many ways', () => {
    const dice = new Dice('rules');
    const parts: string[] = [];
    for (let round = 0; round < 12; round += 1) {
      for (const kind of plantableKinds) {
        const token = planted(kind);
        const filler = dice.draw('eyJAKIAUS: ghp_-"{}\n\\=abcXYZ012', 20 + 9 * round);
        // Whole, twice without a gap, cut short, and within a word.
        parts.push(token, filler, token + token, filler, token.slice(0, -4), filler, `A${token}A`, filler);
      }
    }
    const text = Buffer.from(parts.join(' '), 'latin1');
    const expected = referenceScan(allRules, text);
    expect(new Set(expected.map(({ pattern }) => pattern)).size).toBe(allRules.length);
    for (const size of [reach + 401, 2 * reach, 3 * reach + 5, 65_536, 1 << 20, text.length]) {
      expect(chunkedScan(allRules, text, size)).toEqual(expected);
    }
  });

  test('a token across each possible cut', () => {
    const token = Buffer.from(`x ${planted('github-classic-token')}\n`);
    const size = reach + 100;
    for (let shift = 0; shift <= token.length; shift += 1) {
      const text = Buffer.alloc(3 * size, 0x2e);
      token.copy(text, size - shift);
      token.copy(text, 2 * size - reach - shift);
      expect(chunkedScan(allRules, text, size)).toHaveLength(2);
    }
  });
});

describe('1 MB of what each expression likes least', () => {
  const MEGABYTE = 1 << 20;

  test.each(allRules)('$id', (rule) => {
    const token = planted(rule.id);
    const [keyword = ''] = rule.keywords;
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
    ];
    const { reach } = createEngine([rule]);
    for (const unit of units) {
      const text = Buffer.from(unit.repeat(Math.ceil(MEGABYTE / unit.length)).slice(0, MEGABYTE), 'latin1');
      const began = performance.now();
      const kept = createEngine([rule])
        .open()
        .scan(text, text.length, false, () => undefined);
      expect(kept).toBeLessThanOrEqual(reach);
      // Generous: a plain run takes some ten milliseconds, one that backtracks without bound takes for ever.
      expect(performance.now() - began).toBeLessThan(3000);
    }
  });
});
