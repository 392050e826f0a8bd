/**
 * Cases for all pairs of values of different switches. A case has one value for each of several switches, so that it covers many pairs:
 * - Values with which everything arrives: any two of them are together in a case without a cause.
 * - A cause and such a value: they are together in a case in which the run stops at that cause.
 * - Two causes: a case of their own, completed by values with which everything arrives.
 */
import { type Cause, type Interplay, type Value, stages, titleOf } from './value.ts';

export interface Table {
  readonly values: readonly Value[];
  readonly interplays: readonly Interplay[];
}

/** What keeps the records of a case from arriving. */
export interface Obstacle {
  readonly cause: Cause;
  /** The values that are changed to remove it. */
  readonly values: readonly Value[];
  /** Options of the job with which it shows sooner. */
  readonly flags?: Value['flags'];
}

export interface Case {
  /** One for each switch at most. */
  readonly values: readonly Value[];
  /** Those that the run meets first. */
  readonly obstacles: readonly Obstacle[];
  /** What is left when all obstacles are removed. */
  readonly rest: readonly Value[];
}

type Pair = readonly [Value, Value];

/** Cases that cover all pairs; the same ones each time. */
export function casesOf(table: Table): Case[] {
  const pairs = pairsOf(table);
  const left = new Set(pairs.map(keyOf));
  const cases: Case[] = [];
  // Pairs of two causes first: the values that complete them cover other pairs.
  const byCauses = pairs.toSorted((one, other) => causesIn(other) - causesIn(one));
  for (const pair of byCauses) {
    if (!left.has(keyOf(pair))) continue;
    const found = caseOf(completed(pair, table, left), table);
    for (const covered of coveredBy(found)) left.delete(keyOf(covered));
    // Where a pair has two causes at the same stage, or one that hides the other, the case is for the pair all the same.
    left.delete(keyOf(pair));
    cases.push(found);
  }
  return cases;
}

/** All pairs of values of different switches. */
export function pairsOf({ values }: Pick<Table, 'values'>): Pair[] {
  const pairs = values.flatMap((value, index) =>
    values.slice(index + 1).map((other): Pair => [value, other]),
  );
  return pairs.filter(([value, other]) => value.switch !== other.switch);
}

function causesIn(pair: Pair): number {
  return pair.filter(({ cause }) => cause !== undefined).length;
}

function keyOf(pair: Pair): string {
  return pair.map(titleOf).toSorted().join(' + ');
}

/** Adds values of other switches that cover further pairs and do not change what keeps the records from arriving. */
function completed(pair: Pair, table: Table, left: ReadonlySet<string>): Value[] {
  const gainOf = (values: readonly Value[]) =>
    coveredBy(caseOf(values, table)).filter((each) => left.has(keyOf(each))).length;
  let chosen: readonly Value[] = pair;
  for (;;) {
    const longer = table.values
      .filter((value) => isFree(value, chosen, table))
      .map((value) => [...chosen, value]);
    const gains = longer.map(gainOf);
    const best = longer[gains.indexOf(Math.max(...gains))];
    if (best === undefined || gainOf(best) <= gainOf(chosen)) return [...chosen];
    chosen = best;
  }
}

/** Whether a value can be added to a case and changes nothing about what keeps the records from arriving, or about how that shows. */
function isFree(value: Value, chosen: readonly Value[], table: Table): boolean {
  if (value.cause !== undefined || chosen.some((other) => other.switch === value.switch)) return false;
  const { length } = obstaclesIn(chosen, table);
  if (obstaclesIn([...chosen, value], table).length > length) return false;
  const isShown = caseOf(chosen, table).obstacles.some(({ cause }) => isAfterConnection(cause));
  return !(isShown && value.isEvidence === true && chosen.some(({ isEvidence }) => isEvidence === true));
}

function isAfterConnection({ stage }: Cause): boolean {
  return stages.indexOf(stage) > stages.indexOf('connection');
}

function caseOf(values: readonly Value[], table: Table): Case {
  const all = obstaclesIn(values, table);
  const stageOf = ({ cause }: Obstacle) => stages.indexOf(cause.stage);
  const first = Math.min(...all.map(stageOf));
  const removed = new Set(all.flatMap((obstacle) => obstacle.values));
  return {
    values,
    obstacles: all.filter((obstacle) => stageOf(obstacle) === first),
    rest: values.filter((value) => !removed.has(value)),
  };
}

function obstaclesIn(values: readonly Value[], { interplays }: Table): Obstacle[] {
  const own = values.flatMap((value) =>
    value.cause === undefined ? [] : [{ cause: value.cause, values: [value] }],
  );
  const shared = interplays.flatMap(({ values: titles, cause, flags = {} }) => {
    const both = values.filter((value) => titles.includes(titleOf(value)));
    return both.length === titles.length ? [{ cause, values: both, flags }] : [];
  });
  return [...own, ...shared];
}

/** The pairs that a case tests. */
export function coveredBy({ values, obstacles, rest }: Case): Pair[] {
  if (obstacles.length > 1) return [];
  const visible = obstacles.flatMap((obstacle) => obstacle.values);
  if (visible.length === 0)
    return rest.flatMap((value, at) => rest.slice(at + 1).map((one): Pair => [value, one]));
  const harmless = values.filter((value) => rest.includes(value));
  const across = visible.flatMap((value) => harmless.map((other): Pair => [value, other]));
  const [one, other] = visible;
  return one === undefined || other === undefined ? across : [...across, [one, other]];
}
