export { bytesOfClass } from './byte-set.ts';
export type { Countable } from './byte-counter.ts';
export type { WorkBudget } from './budget.ts';
export { drained } from './steps.ts';
export {
  type Engine,
  type TextBudgets,
  type TextPart,
  type TextScan,
  bytesOf,
  createEngine,
} from './engine.ts';
export {
  CONTEXT,
  type Pattern,
  type PhraseOfBytes,
  type PlainWord,
  type RunOfBytes,
  type ValueOfBytes,
} from './pattern.ts';
export { secretPlace } from './secret-place.ts';
export type { Groups, Match } from './text-match.ts';
export { type Kernel, kernelOfMachine } from './simd-support.ts';
export type { KeptPlan } from './plan.ts';
