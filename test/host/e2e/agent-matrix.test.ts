/**
 * The job with every pair of values of the local agent's switches. Either all records arrive exactly once, or the exit code and one line
 * on standard error name the cause, and the next run delivers everything once it is removed.
 */
import { afterAll, describe, expect, test } from '@jest/globals';
import { linux, testWith } from '../../tool.ts';
import { type Case, casesOf, coveredBy, pairsOf } from '../agent-matrix/cases.ts';
import { InOrder } from '../agent-matrix/in-order.ts';
import * as table from '../agent-matrix/switches.ts';
import { problemsOf } from '../agent-matrix/trial.ts';
import { cleanUp, packed } from '../probe-under-test.ts';

/** Cases at a time: while some wait for an answer, the others use the processors. */
const AT_ONCE = 6;

const cases = casesOf(table);
const trials = new InOrder(cases, AT_ONCE, problemsOf);
const groups = Map.groupBy(cases, groupOf);

afterAll(async () => {
  await trials.stop();
  await cleanUp();
});

/** The switches whose values keep the records from arriving. */
function groupOf({ values }: Case): string {
  const causes = values.filter(({ cause }) => cause !== undefined).map((value) => value.switch);
  return causes.length === 0 ? 'no single cause' : causes.join(' and ');
}

describe('the job and the switches of the local agent', () => {
  test('all pairs of values are in a case', () => {
    const tested = cases.map((each) => coveredBy(each).map((pair) => new Set(pair)));
    const left = pairsOf(table).filter(([value, other]) => {
      const areCauses = value.cause !== undefined && other.cause !== undefined;
      return areCauses
        ? !cases.some(({ values }) => values.includes(value) && values.includes(other))
        : !tested.flat().some((pair) => pair.has(value) && pair.has(other));
    });
    expect(left).toEqual([]);
  });

  testWith(packed, linux).each([...groups])(
    '%s',
    async (_, group) => {
      const problems = await Promise.all(group.map((each) => trials.result(each)));
      expect(problems.flat()).toEqual([]);
    },
    300_000,
  );
});
