/**
 * Writes `src/scan/rules/keyword-plan.ts`: the windows and buckets of the built-in rules' keywords, chosen by simulated
 * annealing, which takes a second that no run has. The same keywords and statistics give the same plan.
 */
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { format, resolveConfig } from 'prettier';
import { ByteModel } from '../src/scan/engine/byte-model.ts';
import type { Pattern } from '../src/scan/engine/pattern.ts';
import { targetsOf } from '../src/scan/engine/confirmation.ts';
import {
  Buckets,
  type KeptPlan,
  type Plan,
  type Shape,
  type Window,
  greedyPlan,
  kernelCost,
  shapes,
  startsOf,
  wordKey,
} from '../src/scan/engine/teddy-plan.ts';
import type { Word } from '../src/scan/engine/word.ts';
import { patterns } from '../src/scan/rules/index.ts';

const target = fileURLToPath(new URL('../src/scan/rules/keyword-plan.ts', import.meta.url));
const STEPS = 100_000;

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

/** Moves one word at a time; takes a change for the worse the more rarely, the worse it is and the later it comes. */
function anneal(words: readonly Word[], shape: Shape, model: ByteModel): { plan: Plan; share: number } {
  const random = numbers();
  const below = (limit: number) => Math.floor(random() * limit);
  const buckets = new Buckets(model, words, shape);
  const windows: Window[] = [...greedyPlan(words, shape, buckets).windows];
  const starts = words.map((word) => startsOf(word, shape));
  let share = buckets.share;
  let best = { windows: [...windows], share };
  const heat = share / 100;
  for (let step = 0; step < STEPS; step += 1) {
    const index = below(words.length);
    const before = windows[index];
    const choices = starts[index];
    if (before === undefined || choices === undefined) continue;
    const after = { bucket: below(8 * shape.groups), start: choices[below(choices.length)] ?? before.start };
    buckets.place(index, after);
    const { share: now } = buckets;
    if (now > share && random() >= Math.exp((share - now) / (heat * 1e-4 ** (step / STEPS)))) {
      buckets.place(index, before);
      continue;
    }
    windows[index] = after;
    share = now;
    if (share < best.share) best = { windows: [...windows], share };
  }
  return { plan: { ...shape, windows: best.windows }, share: best.share };
}

/** The plan of all keywords of these patterns, and the share of a text's places that it makes candidates. */
export function keywordPlanOf(patterns: readonly Pattern[]): { plan: KeptPlan; share: number } {
  const { words } = targetsOf(patterns);
  const model = new ByteModel();
  const annealed = shapes.map((shape) => anneal(words, shape, model));
  const [best] = annealed.sort((a, b) => kernelCost(a.plan, a.share) - kernelCost(b.plan, b.share));
  if (best === undefined) throw new Error('there is no shape');
  const { width, groups, windows } = best.plan;
  const entries = words.map((word, index) => {
    const { bucket, start } = windows[index] ?? { bucket: 0, start: 0 };
    return [wordKey(word), [bucket, start]] as const;
  });
  return { plan: { width, groups, windows: Object.fromEntries(entries) }, share: best.share };
}

if (import.meta.main) {
  const { plan, share } = keywordPlanOf(patterns);
  const text = `/**
 * How the engine looks for the keywords of the built-in rules: bucket and start of each one's window. About one byte in
 * ${Math.round(1 / share)} is looked at twice. Written by \`node build/plan-keywords.ts\`; do not edit.
 */
import type { KeptPlan } from '../engine/index.ts';

export const keywordPlan: KeptPlan = ${JSON.stringify(plan)};
`;
  const options = await resolveConfig(target);
  writeFileSync(target, await format(text, { ...options, filepath: target }));
  console.log(`wrote ${target}`);
}
