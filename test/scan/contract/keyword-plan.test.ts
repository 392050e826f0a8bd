/** The committed plan of the keywords is the one that the rules of today give. */
import { expect, test } from '@jest/globals';
import { keywordPlanOf } from '../../../scripts/tables/plan-keywords.ts';
import { targetsOf } from '../../../src/scan/engine/expression.ts';
import { wordKey } from '../../../src/scan/engine/teddy-plan.ts';
import { patterns } from '../../../src/scan/rules/index.ts';
import { keywordPlan } from '../../../src/scan/rules/keyword-plan.ts';

test('has each keyword and no other', () => {
  expect(Object.keys(keywordPlan.windows).sort()).toEqual(targetsOf(patterns).words.map(wordKey).sort());
});

test('is what `node scripts/tables/plan-keywords.ts` writes', () => {
  expect(keywordPlan).toEqual(keywordPlanOf(patterns).plan);
});
