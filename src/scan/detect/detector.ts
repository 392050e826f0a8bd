/** What all texts of a run are examined with, and how much memory that takes. */
import type { Engine } from '../engine/index.ts';
import type { RuleDescription } from '../model/finding.ts';
import type { CustomRules } from '../rules/custom/index.ts';
import type { BuiltInOwner, FileKindIndex, Rule } from '../rules/index.ts';

/** Bytes that are scanned in one piece, wherever in the memory they are read to. */
const CHUNK_BYTES = 1024 * 1024;
/** Bytes of small files that are searched together: enough to make the search's start cheap, few enough for the cache. */
export const BATCH_BYTES = 128 * 1024;
/** Bytes of memory that the scanner wants from the engine. */
export const SCANNER_MEMORY_BYTES = BATCH_BYTES + CHUNK_BYTES;
/** The same with custom rules: a signal has to wait until RE2 is done with a chunk. */
export const SCANNER_MEMORY_BYTES_WITH_CUSTOM_RULES = 3 * BATCH_BYTES;

/** What a pattern of the engine was made for. */
export type PatternOwner =
  | BuiltInOwner
  /** A keyword of the custom rules, by its number. */
  | { readonly kind: 'custom'; readonly keyword: number };

/** What all texts of a run are examined with. */
export interface Detector {
  readonly engine: Engine;
  /** The built-in rules that run. */
  readonly rules: readonly Rule[];
  /** By pattern of the engine. */
  readonly owners: readonly PatternOwner[];
  /** The rules of a file of the administrator's, if there is one. */
  readonly customRules: CustomRules | undefined;
  /** Of all rules, the custom ones last. */
  readonly descriptions: readonly Pick<RuleDescription, 'id' | 'title'>[];
  /** By rule: where secrets overlap, the lowest is reported. */
  readonly ranks: readonly number[];
  /** Which patterns are meant for which files alone, by their index. */
  readonly fileRules: FileKindIndex;
  /** For fingerprints. */
  readonly key: Buffer;
  /** Wall clock, milliseconds since 1970. */
  readonly now: number;
}
