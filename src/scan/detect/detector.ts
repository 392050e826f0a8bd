/** Everything that scanning the texts of a run needs, and how much memory that takes. */
import type { Engine } from '../engine/index.ts';
import type { RuleDescription } from '../model/finding.ts';
import type { CustomRules } from '../rules/custom/index.ts';
import type { BuiltInOwner, FileKindIndex, Rule } from '../rules/index.ts';

/** Size of the pieces in which content is scanned, in bytes. */
const CHUNK_BYTES = 1024 * 1024;
/**
 * Bytes of small files that are searched together: enough to make starting a search cheap, few enough for the
 * cache.
 */
export const BATCH_BYTES = 128 * 1024;
/** Size of the engine's memory, in bytes. */
export const SCANNER_MEMORY_BYTES = BATCH_BYTES + CHUNK_BYTES;
/** The same with custom rules, smaller because a signal has to wait until RE2 has finished a chunk. */
export const SCANNER_MEMORY_BYTES_WITH_CUSTOM_RULES = 3 * BATCH_BYTES;

/** What a pattern of the engine was created for. */
export type PatternOwner =
  | BuiltInOwner
  /** A keyword of the custom rules, by its index. */
  | { readonly kind: 'custom'; readonly keyword: number };

/** Everything that scanning the texts of a run needs. */
export interface Detector {
  readonly engine: Engine;
  /** The built-in rules, unless the custom ones are used alone. */
  readonly rules: readonly Rule[];
  /** Indexed by the engine's patterns. */
  readonly owners: readonly PatternOwner[];
  /** The rules from the administrator's file, if there is one. */
  readonly customRules: CustomRules | undefined;
  /** Ids of rules that find nothing; undefined if there are none. */
  readonly disabled: ReadonlySet<string> | undefined;
  /** All rules, the custom ones last. */
  readonly descriptions: readonly Pick<RuleDescription, 'id' | 'title'>[];
  /** Indexed by rule: where secrets overlap, the one with the lowest rank is reported. */
  readonly ranks: readonly number[];
  /** Which patterns apply only to certain files, by their index. */
  readonly fileRules: FileKindIndex;
  /** The key for fingerprints. */
  readonly key: Buffer;
  /** Wall clock, milliseconds since 1970. */
  readonly now: number;
}
