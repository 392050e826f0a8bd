/** The prefilter finds what `indexOf` finds, with every kernel. */
import { describe, expect, test } from '@jest/globals';
import { createPrefilter } from '../../../src/scan/engine/prefilter.ts';
import { type Word, toWord } from '../../../src/scan/engine/word.ts';
import { kernelsOfMachine } from '../../../scripts/differential/kernels.ts';
import { Numbers } from '../../../fixtures/numbers.ts';

const kernels = kernelsOfMachine();

/** Occurrences as sorted `word@offset`, the obvious way: one word after the other. */
function obvious(words: readonly Word[], text: Buffer, start: number, end: number): string[] {
  const exact = text.subarray(start, end);
  const small = Buffer.from(exact.map((byte) => (byte >= 0x41 && byte <= 0x5a ? byte | 0x20 : byte)));
  return words
    .flatMap(({ bytes, caseless }, word) => {
      const found: string[] = [];
      const haystack = caseless ? small : exact;
      for (let at = haystack.indexOf(bytes); at >= 0; at = haystack.indexOf(bytes, at + 1)) {
        found.push(`${word}@${start + at}`);
        if (at + 1 >= haystack.length) break;
      }
      return found;
    })
    .sort();
}

function found(words: readonly Word[], kernel: (typeof kernels)[number], text: Buffer, ranges: number[][]) {
  const prefilter = createPrefilter(words, { capacity: text.length, kernel });
  text.copy(prefilter.memory);
  const longest = Math.max(...words.map(({ bytes }) => bytes.length));
  return ranges.map(([start = 0, end = 0]) => {
    const all: string[] = [];
    let last = 0;
    prefilter.search(start, end, (word, at) => {
      all.push(`${word}@${at}`);
      const wordEnd = at + (words[word]?.bytes.length ?? 0);
      if (wordEnd <= last - longest) throw new Error('this one comes too late');
      last = Math.max(last, wordEnd);
    });
    return all.sort();
  });
}

/** Words, and a text that is made of them, of parts of them and of noise over the same bytes. */
function sample(seed: number, count: number): { words: Word[]; text: Buffer } {
  const numbers = new Numbers(seed);
  const alphabets = [256, 128, 4, 26];
  const range = alphabets[seed % alphabets.length] ?? 256;
  const first = range === 26 ? 0x61 : range === 4 ? 0xe0 : 0;
  const byte = () => first + numbers.below(range);
  const longest = 1 + numbers.below(32);
  const shortest = Math.min(longest, 1 + numbers.below(4));
  const words = Array.from({ length: count }, () => {
    const length = shortest + numbers.below(longest - shortest + 1);
    const text = String.fromCharCode(...Array.from({ length }, byte));
    return toWord(text, numbers.below(3) === 0);
  });
  const bytes: number[] = [];
  while (bytes.length < 6000) {
    const word = [...(words[numbers.below(words.length)]?.bytes ?? [])];
    const kind = numbers.below(6);
    if (kind < 3) bytes.push(...word);
    else if (kind === 3) bytes.push(...word.slice(numbers.below(word.length)));
    else if (kind === 4) bytes.push(...word.map((value) => value ^ (numbers.below(2) * 0x20)));
    else bytes.push(...Array.from({ length: numbers.below(80) }, byte));
  }
  return { words, text: Buffer.from(bytes) };
}

describe.each(kernels)('the %s kernel', (kernel) => {
  test.each([1, 2, 3, 7, 20, 100, 300, 1000])('%i words of any bytes', (count) => {
    for (let seed = 0; seed < Math.ceil(400 / (count + 9)); seed += 1) {
      const { words, text } = sample(seed + count, count);
      const numbers = new Numbers(seed);
      const ranges = Array.from({ length: 6 }, () => {
        const start = numbers.below(200);
        return [start, start + numbers.below(text.length - start)];
      });
      ranges.push([0, text.length], [0, 0], [5, 6]);
      const expected = ranges.map(([start = 0, end = 0]) => obvious(words, text, start, end));
      expect(found(words, kernel, text, ranges)).toEqual(expected);
    }
  });

  test('a word at each place of a step, with each byte before it', () => {
    const words = ['eyJ', 'US:', 'x', '\u00e9t', 'github_pat_'].map((word) => toWord(word, false));
    for (const { bytes } of words) {
      for (let place = 0; place < 140; place += 1) {
        const text = Buffer.alloc(200, place);
        text.set(bytes, place);
        const range = [0, place + bytes.length];
        expect(found(words, kernel, text, [range])).toEqual([obvious(words, text, 0, place + bytes.length)]);
      }
    }
    for (let before = 0; before < 256; before += 1) {
      const text = Buffer.alloc(100, before);
      text.write('eyJ\u00e9t', 20 + (before % 50), 'latin1');
      expect(found(words, kernel, text, [[0, 100]])).toEqual([obvious(words, text, 0, 100)]);
    }
  });

  test('more occurrences than the list of hits holds', () => {
    const words = ['a', 'aa', 'AAA', 'aaaa'].map((word) => toWord(word, word === 'AAA'));
    const text = Buffer.alloc(50_000, 'a');
    const [all = []] = found(words, kernel, text, [[0, text.length]]);
    expect(all).toHaveLength(4 * 50_000 - 6);
    expect(new Set(all).size).toBe(all.length);
  });
});

test('invalid words', () => {
  expect(() => toWord('', false)).toThrow(RangeError);
  expect(() => toWord('\u20ac', false)).toThrow(RangeError);
});

test.each(kernels)('counts of bytes, %s', (kernel) => {
  const numbers = new Numbers(5);
  const prefilter = createPrefilter([toWord('x', false)], { capacity: 1000, kernel });
  const choices = [0x0a, 0x0b, 0x00, 0x7f, 0x80, 0xbf, 0xc0, 0xef, 0xf0, 0xff] as const;
  prefilter.memory.set(Array.from({ length: 1000 }, () => numbers.of(choices)));
  for (let round = 0; round < 200; round += 1) {
    const start = numbers.below(500);
    const end = start + numbers.below(500);
    const bytes = prefilter.memory.subarray(start, end);
    expect(prefilter.count('lineEnds', start, end)).toBe(bytes.filter((byte) => byte === 0x0a).length);
    expect(prefilter.count('inner', start, end)).toBe(bytes.filter((byte) => byte >> 6 === 2).length);
    expect(prefilter.count('beginsFour', start, end)).toBe(bytes.filter((byte) => byte >= 0xf0).length);
  }
});
