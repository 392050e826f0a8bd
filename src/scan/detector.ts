/** What the files of a run are examined with: one for each thread, since an engine has a memory of its own. */
import type { Detector } from './detection.ts';
import { createEngine } from './engine/index.ts';
import { SCANNER_MEMORY } from './file-scanner.ts';
import { FileKindIndex, allRules } from './rules/index.ts';
import { keywordPlan } from './rules/keyword-plan.ts';

/**
 * A detector with all rules.
 * @param key of the fingerprints
 * @param now for validators: milliseconds since 1970
 */
export function createDetector(key: Buffer, now: number): Detector {
  const engine = createEngine(allRules, { capacity: SCANNER_MEMORY, plan: keywordPlan });
  return { engine, rules: allRules, fileRules, key, now };
}

const fileRules = new FileKindIndex(
  new Map(allRules.flatMap(({ files }, index) => (files === undefined ? [] : [[index, files] as const]))),
);
