/**
 * The scanner's parts for the scripts that measure, attack and generate them: what `task-build.ts` exports. It may
 * be in a deeper layer than what other folders import, and is not part of the executable.
 */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { ContainerReader } from './containers/container.ts';

export { secretsScan } from './index.ts';
export { type ContainerReader, ContainerError } from './containers/container.ts';
export { binaryOpener, createDetector } from './detect/create-detector.ts';
export { TextDetection } from './detect/detection.ts';
export { inlineMarker } from './detect/inline-marker.ts';
export { redactSecrets } from './detect/redaction.ts';
export { WideStrings } from './detect/wide-strings.ts';
export { byteClass, byteClasses } from './engine/byte-class.ts';
export { ByteModel } from './engine/byte-model.ts';
export { targetsOf } from './engine/expression.ts';
export {
  type Engine,
  type Kernel,
  type Pattern,
  bytesOf,
  createEngine,
  kernelOfMachine,
} from './engine/index.ts';
export type { KeptPlan, Plan, Window } from './engine/plan.ts';
export { createPrefilter } from './engine/prefilter.ts';
export { Buckets, greedyPlan, shapes, wordKey } from './engine/teddy-plan.ts';
export { type Word, toWord } from './engine/word.ts';
export { contentKind } from './files/content-kind.ts';
export { ObjectCache } from './git-history/object-cache.ts';
export { PackReader } from './git-history/pack-reader.ts';
export { openSuppressions } from './findings/open-suppressions.ts';
export { suppressorOf } from './findings/suppression.ts';
export { type Confidence, type Finding, confidences, severities } from './model/finding.ts';
export {
  type JsonReport,
  type ReportInput,
  jsonReport,
  publishedSchemas,
  readReport,
  renderReport,
  renderText,
} from './report/index.ts';
export { CustomRules } from './rules/custom/index.ts';
export { readRuleSet } from './rules/custom/read.ts';
export { type Rule, allRules, encodings, patterns } from './rules/index.ts';
export { keywordPlan } from './rules/keyword-plan.ts';
export type { FileKind } from './rules/model/file-kind.ts';
export { LETTERS, letterClass } from './rules/validators/letter-class.ts';
export { FileIndex } from './walk/file-index/file-index.ts';
export { encodeFolder } from './walk/file-index/index-format.ts';
export { IndexReader } from './walk/file-index/index-reader.ts';
export { compileExcludes } from './walk/index.ts';

/** The ids of each family's rules, by the name of the family's file without its extension. */
export async function ruleFamilies(): Promise<ReadonlyMap<string, ReadonlySet<unknown>>> {
  const families = new Map<string, ReadonlySet<unknown>>();
  for (const file of readdirSync(join(import.meta.dirname, 'rules/families')).toSorted()) {
    const module: object = await import(`./rules/families/${file}`);
    families.set(file.replace('.ts', ''), new Set(Object.values(module).flat().map(idOf)));
  }
  return families;
}

/** The readers of containers, by name: those of formats with an own file, `zip` for example. */
export async function containerReaders(): Promise<ReadonlyMap<string, ContainerReader>> {
  const folder = join(import.meta.dirname, 'containers/readers');
  const readers = new Map<string, ContainerReader>();
  for (const file of readdirSync(folder).filter((name) => name.endsWith('.ts'))) {
    const module: object = await import(`./containers/readers/${file}`);
    for (const value of Object.values(module)) {
      if (isReader(value)) readers.set(file.replace('.ts', ''), value);
    }
  }
  return readers;
}

function isReader(value: unknown): value is ContainerReader {
  return typeof value === 'object' && value !== null && 'needs' in value && 'read' in value;
}

function idOf(value: unknown): unknown {
  return typeof value === 'object' && value !== null && 'id' in value ? value.id : undefined;
}
