import { describe, expect, test } from '@jest/globals';
import { joinArguments, quoteArgument, splitArguments } from '../../../src/host/job/index.ts';

describe('quoteArgument', () => {
  test.each([
    ['--strict', '--strict'],
    ['C:\\Users\\', 'C:\\Users\\'],
    ['', '""'],
    ['C:\\Program Files\\x', '"C:\\Program Files\\x"'],
    ['C:\\Program Files\\', '"C:\\Program Files\\\\"'],
    ['say "hi"', '"say \\"hi\\""'],
    ['a\\"b', '"a\\\\\\"b"'],
    ['a\tb', '"a\tb"'],
  ])('%j', (argument, quoted) => {
    expect(quoteArgument(argument)).toBe(quoted);
  });

  test('refuses what no operating system can pass', () => {
    expect(() => quoteArgument('a\0b')).toThrow(expect.objectContaining({ kind: 'usage' }));
  });
});

describe('splitArguments', () => {
  // The table of Microsoft's "CommandLineToArgvW function", and what it leaves out.
  test.each([
    ['"abc" d e', ['abc', 'd', 'e']],
    ['a\\\\\\b d"e f"g h', ['a\\\\\\b', 'de fg', 'h']],
    ['a\\\\\\"b c d', ['a\\"b', 'c', 'd']],
    ['a\\\\\\\\"b c" d e', ['a\\\\b c', 'd', 'e']],
    ['  a \t "" ', ['a', '']],
    ['"open', ['open']],
    ['', []],
  ])('%j', (text, args) => {
    expect(splitArguments(text)).toEqual(args);
  });

  test('gives back what was joined, for every short text of the characters that matter', () => {
    const characters = ['a', ' ', '\t', '"', '\\', '\n'];
    let texts = [''];
    for (let length = 0; length < 4; length += 1) {
      texts = [...new Set([...texts, ...texts.flatMap((text) => characters.map((next) => text + next))])];
    }
    expect(texts.filter((text) => quoteArgument(text) === text)).toContain('a\\a');
    expect(splitArguments(joinArguments(texts))).toEqual(texts);
  });
});
