/** The labelled corpus is what its seed says, and its score counts what it says it counts. */
import { beforeAll, describe, expect, test } from '@jest/globals';
import { type Labelled, isNewEachTime, makeCorpus } from '../../../scripts/quality/corpus.ts';
import { type Reported, brokenPromises, score, sum } from '../../../scripts/quality/score.ts';

describe('the corpus', () => {
  let corpusOfOne: readonly Labelled[] = [];

  beforeAll(async () => {
    corpusOfOne = await makeCorpus('one');
  });

  test('the same seed gives the same corpus, and another seed another one', async () => {
    const stable = async (seed: string) =>
      (await makeCorpus(seed))
        .filter(({ rule }) => rule === undefined || !isNewEachTime(rule))
        .map(({ path, title, content }) => `${path} ${title} ${content.toString('base64')}`);
    const first = await stable('one');
    expect(await stable('one')).toEqual(first);
    expect((await stable('two')).filter((text, index) => text === first[index]).length).toBeLessThan(
      first.length / 4,
    );
  });

  test('there is enough of both labels, and each text has a path of its own', () => {
    const corpus = corpusOfOne;
    const positives = corpus.filter(({ place }) => place !== undefined);
    expect(positives.length).toBeGreaterThanOrEqual(3000);
    expect(corpus.length - positives.length).toBeGreaterThanOrEqual(3000);
    expect(new Set(corpus.map(({ path }) => path.split('/')[0])).size).toBe(corpus.length);
  });

  test('the place is that of a secret, which the title does not hold', () => {
    for (const { title, rule = '', content, place } of corpusOfOne) {
      if (place === undefined || /UTF-|\| CRLF/.test(title) || place.line !== place.endLine) continue;
      const line = content.toString().split('\n')[place.line - 1] ?? '';
      const secret = line.slice(place.column - 1, place.endColumn - 1);
      expect(secret.length).toBeGreaterThan(4);
      // A weak password may be a word of the rule's id.
      expect(title.replace(rule, '')).not.toContain(secret);
    }
  });
});

describe('the score', () => {
  const text = (path: string, rule: string | undefined, isPositive: boolean): Labelled => ({
    family: isPositive ? 'tokens' : 'prose',
    rule,
    title: path,
    path,
    content: Buffer.alloc(0),
    place: isPositive ? { line: 2, column: 5, endLine: 2, endColumn: 15 } : undefined,
  });
  const found = (
    path: string,
    rule: string,
    column: number,
    confidence: Reported['confidence'] = 'high',
  ) => ({
    path,
    rule,
    confidence,
    line: 2,
    column,
    endLine: 2,
    endColumn: column + 5,
  });

  test('a positive counts by place and by rule, a negative by any finding', () => {
    const corpus = [
      text('right', 'a', true),
      text('other rule', 'a', true),
      text('just before', 'a', true),
      text('any rule, unsure', undefined, true),
      text('missed', undefined, true),
      text('quiet', undefined, false),
      text('noisy', undefined, false),
    ];
    const { positives, negatives, wrong } = score(corpus, [
      found('right', 'a', 5),
      found('other rule', 'b', 14),
      found('just before', 'a', 0),
      found('any rule, unsure', 'c', 5, 'low'),
      found('noisy', 'c', 1, 'low'),
    ]);
    expect(sum(positives)).toEqual({ total: 5, any: 3, sure: 2, right: 2 });
    expect(sum(negatives)).toEqual({ total: 2, any: 1, sure: 0, right: 0 });
    expect(wrong.map(({ labelled: { path }, rules }) => [path, rules])).toEqual([
      ['other rule', ['b']],
      ['just before', []],
      ['missed', []],
      ['noisy', ['c']],
    ]);
  });

  test('findings of high and medium confidence must be right as often as they promise', () => {
    const corpus = [
      ...Array.from({ length: 90 }, (_, index) => text(`positive ${index}`, undefined, true)),
      ...Array.from({ length: 10 }, (_, index) => text(`negative ${index}`, undefined, false)),
    ];
    const broken = (confidence: Reported['confidence']) =>
      brokenPromises(
        score(
          corpus,
          corpus.map(({ path }) => found(path, 'a', 5, confidence)),
        ),
      );
    expect([broken('high'), broken('medium'), broken('low')]).toEqual([['high'], [], []]);
    // What stands beside a secret may be another one.
    const { byConfidence } = score(corpus, [found('positive 1', 'a', 40)]);
    expect(byConfidence.size).toBe(0);
  });

  test('a wrong label is noticed', () => {
    const findings = [found('token', 'a', 5)];
    const wrong = (path: string, isPositive: boolean) =>
      score([text(path, 'a', isPositive)], findings).wrong.length;
    expect([wrong('token', true), wrong('prose', false)]).toEqual([0, 0]);
    expect([wrong('token', false), wrong('prose', true)]).toEqual([1, 1]);
  });
});
