/**
 * The definition of a fuzzed property, how to run one, and the generators that several share. The same properties
 * run for a minute in CI (`fuzz.test.ts`) and for hours in `scripts/fuzz.ts`.
 *
 * Why no coverage-guided fuzzer: the one for JavaScript, Jazzer.js, was discontinued in 2024 and has been released again since, but its
 * core is a native addon that is built by CMake on installation and follows Node's versions late, and its coverage instrumentation
 * works on CommonJS that it transforms itself. Neither fits a pinned Node 26, install scripts that never run, and ESM TypeScript.
 * The generators here start from valid inputs instead and mutate them, which reaches behind the parsers without feedback.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { errorKind } from '../../src/host/exit/task-error.ts';

/** One property. `check` throws when it does not hold. */
export interface FuzzProperty {
  readonly name: string;
  /** How many inputs CI tries: takes about two seconds. */
  readonly runs: number;
  readonly property: fc.IRawProperty<unknown>;
}

/** A failure to replay, as printed by `fast-check`. */
export interface Seed {
  readonly property: string;
  readonly seed: number;
  readonly path: string;
}

/** A property over one generator. */
export function fuzz<Value>(
  name: string,
  runs: number,
  arbitrary: fc.Arbitrary<Value>,
  check: (value: Value) => void | Promise<void>,
): FuzzProperty {
  return { name, runs, property: fc.asyncProperty(arbitrary, async (value) => await check(value)) };
}

/** Runs a property. @throws an error with the smallest input found, its seed and its path */
export async function run(
  { property }: FuzzProperty,
  parameters: {
    readonly runs?: number;
    readonly seed?: number;
    readonly path?: string;
    readonly limit?: number;
  },
): Promise<'holds'> {
  const { runs, seed, path, limit } = parameters;
  await fc.assert(property, {
    ...(runs !== undefined && { numRuns: runs }),
    ...(seed !== undefined && { seed }),
    ...(path !== undefined && { path, endOnFailure: true }),
    ...(limit !== undefined && { interruptAfterTimeLimit: limit, markInterruptAsFailure: false }),
  });
  return 'holds';
}

/**
 * Calls the action; if it throws, the error must be a TaskError of one of these kinds. Returns its result, or
 * undefined.
 */
export async function throwsOnly<Result>(
  kinds: readonly string[],
  action: () => Result | Promise<Result>,
): Promise<Result | undefined> {
  try {
    return await action();
  } catch (error) {
    if (!kinds.includes(errorKind(error))) throw error;
    return undefined;
  }
}

/** Checks that the prototypes of objects and arrays are unpolluted. */
export function expectNoPollution(): void {
  const [key] = [...Object.keys(Object.prototype), ...Object.keys(Array.prototype)];
  if (key !== undefined) throw new Error(`Object.prototype or Array.prototype has ${JSON.stringify(key)}`);
}

/** Calls the action with a temporary folder. */
export async function inFolder<Result>(
  action: (folder: string) => Result | Promise<Result>,
): Promise<Result> {
  const folder = mkdtempSync(join(tmpdir(), 'fuzz-'));
  try {
    return await action(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A change of bytes in transit: at a place of the whole (0 to 1), with these bytes. */
const change = fc.record({
  how: fc.constantFrom('flip', 'overwrite', 'insert', 'delete', 'repeat', 'cut', 'zero'),
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  length: fc.integer({ min: 1, max: 64 }),
  bytes: fc.uint8Array({ minLength: 1, maxLength: 16 }),
});

/** The bytes, changed in a few places. */
export function mutated(bases: readonly Buffer[], most = 6): fc.Arbitrary<Buffer> {
  return fc
    .tuple(fc.constantFrom(...bases), fc.array(change, { maxLength: most }))
    .map(([base, changes]) => changes.reduce(apply, Buffer.from(base)));
}

/** The same for texts. */
export function mutatedText(bases: readonly string[], most = 6): fc.Arbitrary<string> {
  return mutated(
    bases.map((base) => Buffer.from(base)),
    most,
  ).map((bytes) => bytes.toString('utf8'));
}

type Change = typeof change extends fc.Arbitrary<infer Value> ? Value : never;

function apply(before: Buffer, { how, at, length, bytes }: Change): Buffer {
  const place = Math.min(before.length, Math.floor(at * (before.length + 1)));
  const [head, tail] = [before.subarray(0, place), before.subarray(place)];
  const rest = before.subarray(Math.min(before.length, place + length));
  if (how === 'cut') return Buffer.from(head);
  if (how === 'insert') return Buffer.concat([head, bytes, tail]);
  if (how === 'delete') return Buffer.concat([head, rest]);
  if (how === 'repeat') return Buffer.concat([head, tail.subarray(0, length), tail]);
  const after = Buffer.from(before);
  if (how === 'zero') after.fill(0, place, Math.min(after.length, place + length));
  else if (how === 'overwrite') after.set(bytes.subarray(0, Math.max(0, after.length - place)), place);
  else if (place < after.length) after[place] = (after[place] ?? 0) ^ (1 << (length % 8));
  return after;
}
