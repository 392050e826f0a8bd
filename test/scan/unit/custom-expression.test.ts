/** Expressions that run around keywords alone find what they find in a whole text, in linear time. */
import { describe, expect, test } from '@jest/globals';
import { compile, SecretExpression } from '../../../src/scan/rules/custom/expression.ts';
import { reachOf } from '../../../src/scan/rules/custom/locality.ts';
import { Dice } from '../../../fixtures/dice.ts';

/** Where words occur in a text, in any case, as an engine tells it. */
function occurrencesOf(text: string, words: readonly string[]) {
  const small = text.toLowerCase();
  return words
    .flatMap((word) => {
      const places = [];
      for (let at = small.indexOf(word); at >= 0; at = small.indexOf(word, at + 1)) {
        places.push({ start: at, end: at + word.length });
      }
      return places;
    })
    .sort((a, b) => a.start - b.start);
}

const assigned = String.raw`(?i)[\w.-]{0,9}?(?:key|tok)(?:[ \t\w.-]{0,5})[\s'"]{0,3}(?:=|:{1,3}=|\|\||=>)['"\s=]{0,3}([\w=-]{3,9}|[a-z0-9][a-z0-9+/]{4,}={0,2})(?:['"\s;]|\\[nr]|$)`;

describe('around keywords', () => {
  test.each([
    [assigned, ['key', 'tok']],
    [String.raw`\b(ak_[a-z]{2})\b`, ['ak_']],
    [String.raw`^key(\S?)`, ['key']],
    [String.raw`(?m)^key=(\S+)$`, ['key=']],
    [String.raw`(?i)key(?:[^k]{0,3}tok)?[^ ]*=`, ['key']],
    [String.raw`aa(b*)`, ['aa']],
    [String.raw`é?key.é`, ['key']],
    [String.raw`key|tok=`, ['key', 'tok']],
    [String.raw`\x{1F600}{0,2}tok(?s:.){3}`, ['tok']],
  ])('%s', (regex, keywords) => {
    const dice = new Dice(regex);
    const expression = new SecretExpression(regex, 0, keywords);
    expect(reachOf(compile(regex), keywords)).toBeDefined();
    let count = 0;
    for (let round = 0; round < 300; round += 1) {
      const parts = [
        'key',
        'tok',
        'KEY',
        'ak_',
        'aa',
        'b',
        'é',
        '\u{1F600}',
        '=',
        '==',
        "'",
        ' ',
        '\n',
        ';',
        'x1',
        '|',
        '_',
      ];
      const text = Array.from(dice.bytes(60), (byte) => parts[byte % parts.length]).join('');
      const bytes = Buffer.from(text);
      const whole = [...expression.matches(bytes, 0, [])];
      const places = occurrencesOf(bytes.toString('latin1'), keywords);
      expect(places.length === 0 ? [] : [...expression.matches(bytes, 0, places)]).toEqual(whole);
      count += whole.length;
    }
    expect(count).toBeGreaterThan(3);
  });

  test.each([
    ['a match without a keyword', 'key|secret', ['key']],
    ['no bound before it', String.raw`\w*key`, ['key']],
    ['a keyword that is not ASCII', 'clé', ['clé']],
    ['a class that leaves it out', 'k[ea]y', ['key']],
  ])('not with %s', (_, regex, keywords) => {
    expect(reachOf(compile(regex), keywords)).toBeUndefined();
  });

  test('the bound of a match', () => {
    expect(reachOf(compile('x{0,7}key[0-9]{1,5}z*'), ['key'])).toMatchObject({ before: 10, after: 5 });
  });

  test('keywords side by side, before what has no end', () => {
    const bytes = Buffer.from('key'.repeat(300_000));
    const places = occurrencesOf(bytes.toString(), ['key']);
    const expression = new SecretExpression(String.raw`key[\s\S]{4,}?END`, 0, ['key']);
    expect([...expression.matches(bytes, 0, places)]).toEqual([]);
  });
});
