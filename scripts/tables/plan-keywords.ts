/**
 * Writes `src/scan/rules/keyword-plan.ts`: the windows and buckets of the built-in rules' keywords, chosen in
 * seconds that a run cannot spend. The same keywords and statistics give the same plan.
 */
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { format, resolveConfig } from 'prettier';
import {
  type KeptPlan,
  type Pattern,
  type Plan,
  type Window,
  type Word,
  loadTools,
} from '../../src/scan/task-build.ts';

const { Buckets, ByteModel, greedyPlan, patterns, shapes, targetsOf, wordKey } = await loadTools();

const target = fileURLToPath(new URL('../../src/scan/rules/keyword-plan.ts', import.meta.url));
/** How often two buckets are emptied and refilled. */
const ROUNDS = 300;

/** Numbers from 0 to 1, the same every time (xorshift32). */
function numbers(): () => number {
  let state = 0x2545f491;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}

/** A plan that can be improved. */
class Draft {
  readonly shape: (typeof shapes)[number];
  readonly #buckets: InstanceType<typeof Buckets>;
  readonly #windows: Window[];

  constructor(words: readonly Word[], shape: (typeof shapes)[number], model: InstanceType<typeof ByteModel>) {
    this.shape = shape;
    this.#buckets = new Buckets(model, words, shape);
    this.#windows = [...greedyPlan(words, shape, this.#buckets).windows];
    for (const index of this.#windows.keys()) this.#placeAnew([index]);
  }

  get cost(): number {
    return this.shape.cost + this.#buckets.cost;
  }

  get plan(): Plan & { readonly share: number } {
    const { width, groups } = this.shape;
    return { width, groups, windows: this.#windows, share: this.#buckets.share };
  }

  /**
   * Empties two buckets and places their words one by one, in random order, where each adds the least; reverts if
   * that was no improvement. On a thousand words it saves a third of the candidates that remain when no word can be
   * moved alone, and moving words at random (simulated annealing) saved none in the same time.
   */
  improve(rounds: number): void {
    const random = numbers();
    const below = (limit: number) => Math.floor(random() * limit);
    for (let round = 0; round < rounds; round += 1) {
      const before = { cost: this.#buckets.cost, windows: [...this.#windows] };
      const emptied = new Set([below(8 * this.shape.groups), below(8 * this.shape.groups)]);
      const words = [...this.#windows.keys()].filter((index) =>
        emptied.has(this.#windows[index]?.bucket ?? -1),
      );
      this.#placeAnew(
        words
          .map((word) => ({ word, key: random() }))
          .sort((a, b) => a.key - b.key)
          .map(({ word }) => word),
      );
      if (this.#buckets.cost < before.cost) continue;
      for (const index of words) this.#place(index, before.windows[index]);
    }
  }

  #placeAnew(words: readonly number[]): void {
    for (const index of words) this.#buckets.place(index, undefined);
    for (const index of words) this.#place(index, this.#buckets.bestWindow(index));
  }

  #place(index: number, window: Window | undefined): void {
    if (window === undefined) return;
    this.#buckets.place(index, window);
    this.#windows[index] = window;
  }
}

/** The plan for all keywords of these patterns, and the share of a text's places that become candidates. */
export function keywordPlanOf(patterns: readonly Pattern[]): { plan: KeptPlan; share: number } {
  const { words } = targetsOf(patterns);
  const model = new ByteModel();
  const drafts = shapes.map((shape) => new Draft(words, shape, model)).sort((a, b) => a.cost - b.cost);
  for (const draft of drafts.slice(0, 2)) draft.improve(ROUNDS);
  const [best] = drafts.sort((a, b) => a.cost - b.cost);
  if (best === undefined) throw new Error('there is no shape');
  const { width, groups, windows, share } = best.plan;
  const entries = words.map((word, index) => {
    const { bucket, start } = windows[index] ?? { bucket: 0, start: 0 };
    return [wordKey(word), [bucket, start]] as const;
  });
  return { plan: { width, groups, windows: Object.fromEntries(entries) }, share };
}

if (import.meta.main) {
  const { plan, share } = keywordPlanOf(patterns);
  const text = `/**
 * How the engine looks for the keywords of the built-in rules: bucket and start of each one's window. About one byte in
 * ${Math.round(1 / share)} is looked at twice. Written by \`node scripts/tables/plan-keywords.ts\`; do not edit.
 */
import type { KeptPlan } from '../engine/index.ts';

export const keywordPlan: KeptPlan = ${JSON.stringify(plan)};
`;
  const options = await resolveConfig(target);
  writeFileSync(target, await format(text, { ...options, filepath: target }));
  console.log(`wrote ${target}`);
}
