/**
 * A keyword, a window or a byte check that excludes what a rule's expression allows is a silent miss. Texts made from each expression
 * show it: the engine must find in them what the expression alone finds.
 */
import { expect, test } from '@jest/globals';
import { referenceScan, withoutKeywords } from '../../../scripts/differential/reference-scan.ts';
import { samplesOf } from '../../../scripts/differential/samples.ts';
import { loadTools } from '../../../src/scan/task-build.ts';

const { allRules, createEngine, keywordPlan } = await loadTools();

const SAMPLES = 20;
const SEED = 1;
const CAPACITY = 256 * 1024;

const rules = allRules.filter(({ follows }) => follows === undefined);

const samples = rules.map((rule) => ({ rule, texts: samplesOf(rule.pattern, SAMPLES, SEED) }));

test('the engine finds in samples of each expression what the expression finds', () => {
  const missed = samples.flatMap(({ rule, texts }) => {
    const engine = createEngine([rule], { capacity: CAPACITY, plan: keywordPlan });
    const requested = new Map([[0, withoutKeywords([rule])]]);
    return texts
      .flatMap((sample) => [sample, `\n ${sample}\n`, `"${sample}"`])
      .map((text) => Buffer.from(text, 'latin1'))
      .filter((bytes) => {
        const found: [number, number][] = [];
        bytes.copy(engine.memory);
        engine.scanTexts([bytes.length], ({ start, end }) => found.push([start, end]), requested);
        const expected = referenceScan([rule], bytes).map(({ start, end }) => [start, end]);
        return JSON.stringify(found) !== JSON.stringify(expected);
      })
      .map((bytes) => `${rule.id}: ${JSON.stringify(bytes.toString('latin1'))}`);
  });
  expect(missed).toEqual([]);
});

test('nearly every expression matches one of its samples', () => {
  const isMatched = ({ rule, texts }: (typeof samples)[number]) =>
    texts.some((text) => rule.pattern.test(text));
  const without = samples.filter((each) => !isMatched(each)).map(({ rule }) => rule.id);
  expect(without.length).toBeLessThan(rules.length / 20);
});
