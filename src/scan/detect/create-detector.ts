/** Creates what scans the files of a run: one detector for each thread, since an engine has its own memory. */
import { BinaryDetection, WIDE_MEMORY_BYTES } from './binary-detection.ts';
import { type WorkBudget, createEngine } from '../engine/index.ts';
import {
  type Detector,
  type PatternOwner,
  SCANNER_MEMORY_BYTES,
  SCANNER_MEMORY_BYTES_WITH_CUSTOM_RULES,
} from './detector.ts';
import { confidences } from '../model/finding.ts';
import type { CustomRules } from '../rules/custom/index.ts';
import { FileKindIndex, type Rule, allRules, builtInOwners, patterns } from '../rules/index.ts';
import { keywordPlan } from '../rules/keyword-plan.ts';

export interface DetectorOptions {
  /** Size of its engine's memory, in bytes. */
  readonly capacity?: number;
  /** The administrator's custom rules, in addition to the built-in ones or instead of them. */
  readonly customRules?: CustomRules | undefined;
  /** Ids of rules that find nothing. */
  readonly disabled?: ReadonlySet<string> | undefined;
}

/**
 * A detector with all rules.
 * @param key of the fingerprints
 * @param now for validators: milliseconds since 1970
 */
export function createDetector(key: Buffer, now: number, options: DetectorOptions = {}): Detector {
  const {
    customRules,
    disabled,
    capacity = customRules === undefined ? SCANNER_MEMORY_BYTES : SCANNER_MEMORY_BYTES_WITH_CUSTOM_RULES,
  } = options;
  const { rules, ...builtIn } =
    customRules?.areAlone === true
      ? { rules: [], patterns: [], owners: [], fileRules: new FileKindIndex(new Map()) }
      : { rules: allRules, patterns, owners: builtInOwners, fileRules };
  const customPatterns = customRules?.patterns ?? [];
  const engine = createEngine([...builtIn.patterns, ...customPatterns], { capacity, plan: keywordPlan });
  const descriptions = [...rules, ...(customRules?.descriptions ?? [])];
  return {
    engine,
    rules,
    owners: [
      ...builtIn.owners,
      ...customPatterns.map((_, keyword): PatternOwner => ({ kind: 'custom', keyword })),
    ],
    fileRules: builtIn.fileRules,
    customRules,
    disabled: disabled?.size === 0 ? undefined : disabled,
    descriptions,
    ranks: ranksOf(rules, descriptions.length),
    key,
    now,
  };
}

/** The order of all rules: the precise built-in ones, the custom ones, the others. */
function ranksOf(rules: readonly Rule[], count: number): number[] {
  const sure = rules.filter(({ confidence = 'high' }) => confidence === confidences.at(-1)).length;
  const customCount = count - rules.length;
  return Array.from({ length: count }, (_, index) => {
    if (index < sure) return index;
    return index < rules.length ? index + customCount : sure + index - rules.length;
  });
}

const fileRules = new FileKindIndex(
  new Map(
    builtInOwners.flatMap((owner, pattern) => {
      const files = owner.kind === 'rule' ? owner.rule.files : undefined;
      return files === undefined ? [] : [[pattern, files] as const];
    }),
  ),
);

export type OpenBinary = (path: string, budget?: WorkBudget) => BinaryDetection;

/** Opens one binary after another for this detector. The detector of UTF-16 strings is created for the first one. */
export function binaryOpener(detector: Detector): OpenBinary {
  let wide: Detector | undefined;
  return (path, budget) => {
    const { key, now, customRules, disabled } = detector;
    wide ??= createDetector(key, now, { capacity: WIDE_MEMORY_BYTES, customRules, disabled });
    return new BinaryDetection(detector, wide, path, budget);
  };
}
