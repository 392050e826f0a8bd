/** What the files of a run are examined with: one for each thread, since an engine has a memory of its own. */
import { BinaryDetection, WIDE_MEMORY } from './binary-detection.ts';
import type { Detector } from './detection.ts';
import { createEngine } from './engine/index.ts';
import { SCANNER_MEMORY } from './file-scanner.ts';
import { FileKindIndex, allRules, patterns } from './rules/index.ts';
import { keywordPlan } from './rules/keyword-plan.ts';

/**
 * A detector with all rules.
 * @param key of the fingerprints
 * @param now for validators: milliseconds since 1970
 * @param capacity of its engine's memory, in bytes
 */
export function createDetector(key: Buffer, now: number, capacity = SCANNER_MEMORY): Detector {
  const engine = createEngine(patterns, { capacity, plan: keywordPlan });
  return { engine, rules: allRules, fileRules, key, now };
}

const fileRules = new FileKindIndex(
  new Map(allRules.flatMap(({ files }, index) => (files === undefined ? [] : [[index, files] as const]))),
);

/** Opens one binary after the other for this detector. What examines their UTF-16 is made for the first one. */
export function binaryOpener(detector: Detector): (path: string) => BinaryDetection {
  let wide: Detector | undefined;
  return (path) => {
    wide ??= createDetector(detector.key, detector.now, WIDE_MEMORY);
    return new BinaryDetection(detector, wide, path);
  };
}
