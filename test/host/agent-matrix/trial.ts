/**
 * Runs the job with the values of a case, removes what keeps records from arriving, and runs it again. Reports what is not as it
 * must be.
 */
import { type Line, recordsIn } from '../probe-under-test.ts';
import type { Case, Obstacle } from './cases.ts';
import { Machine, type RunResult } from './machine.ts';
import { titleOf } from './value.ts';

/** Items that the first run announces, and that both runs announce together. */
const FEW = 3;
const ALL = 5;

/** What is wrong with a case, in one text; empty if nothing is. */
export async function problemsOf({ values, obstacles, rest }: Case): Promise<string[]> {
  const machine = new Machine();
  const { written } = machine;
  try {
    const flags = Object.assign({}, ...obstacles.map((obstacle) => obstacle.flags));
    const first = await machine.run({ values, flags, items: FEW, patience: patienceFor(obstacles) });
    const inFirst = [...written];
    const second = await machine.run({ values: rest, items: ALL });
    const problems = [
      ...(obstacles.length > 0 ? unnamed(first, obstacles) : failed('first', first)),
      ...(obstacles.length > 0 ? [] : missing('first', inFirst, FEW, 1)),
      ...failed('second', second),
      ...missing('second', written, ALL, 2),
      ...lost(first, written),
      ...(obstacles.some(({ cause }) => cause.isRepeated === true) ? [] : repeated(written)),
    ];
    return problems.length === 0 ? [] : [`${values.map(titleOf).join(', ')}: ${problems.join('; ')}`];
  } finally {
    machine.remove();
  }
}

/** Milliseconds for the job's first publication, which a slow machine delays and most obstacles prevent. */
function patienceFor(obstacles: readonly Obstacle[]): number {
  const isPublishing = obstacles.every(({ values }) => values.some(({ during }) => during !== undefined));
  return isPublishing ? 15_000 : 2000;
}

function failed(which: string, { code, stderr }: RunResult): string[] {
  return code === 0 && stderr === '' ? [] : [`the ${which} run ended with ${code}: ${start(stderr)}`];
}

/** The exit code is that of an obstacle, and a line names it. */
function unnamed({ code, stderr }: RunResult, obstacles: readonly Obstacle[]): string[] {
  const lines = stderr.split('\n');
  const isNamed = obstacles.some(
    ({ cause }) => cause.codes.some((each) => each === code) && lines.some((line) => cause.line.test(line)),
  );
  return isNamed ? [] : [`the first run ended with ${code} and does not name a cause: ${start(stderr)}`];
}

/** Every item and every run's summary is to be written. */
function missing(which: string, written: readonly Line[], items: number, runs: number): string[] {
  const numbers = new Set(written.map(({ event, data }) => event === 'probe.item' && data['number']));
  const wanted = Array.from({ length: items }, (_, index) => index + 1);
  const without = wanted.filter((number) => !numbers.has(number)).map((number) => `item ${number}`);
  const summaries = new Set(written.filter(({ event }) => event === 'run.summary').map(({ run }) => run));
  const all = [...without, ...(summaries.size < runs ? ['a summary'] : [])];
  return all.length === 0 ? [] : [`not written after the ${which} run: ${all.join(', ')}`];
}

/** What a run lists on standard error is to be written later, and the end of a run that failed. */
function lost({ code, stderr }: RunResult, written: readonly Line[]): string[] {
  const ids = new Set(written.map(({ id }) => id));
  const gone = recordsIn(stderr).filter(({ id }) => !ids.has(id));
  const hasEnd = written.some(({ event, data }) => event === 'run.ended' && data['code'] === code);
  return [
    ...gone.map(({ event }) => `listed on standard error and lost: ${event}`),
    ...(code === 0 || hasEnd ? [] : [`lost: the end of the first run, with ${code}`]),
  ];
}

function repeated(written: readonly Line[]): string[] {
  const again = written.filter(({ id }, index) => written.findIndex((other) => other.id === id) < index);
  return again.length === 0 ? [] : [`written again: ${again.map(({ event }) => event).join(' ')}`];
}

/** Enough to see what went wrong. */
function start(stderr: string): string {
  const lines = stderr.split('\n').map((line) => line.slice(0, 300));
  return lines.slice(0, 4).join(' | ');
}
