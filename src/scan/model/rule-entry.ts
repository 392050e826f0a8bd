/** A rule as the commands about rules show it. */
import type { Confidence, RuleDescription } from './finding.ts';

export interface RuleEntry extends RuleDescription {
  /** The name of a group of rules: `github`. Rules of the administrator are `custom`. */
  readonly family: string;
  readonly confidence: Confidence;
  /**
   * When the rule is tried: where a keyword occurs, where a value is assigned beside the vendor's name, or in certain files.
   */
  readonly kind: 'keyword' | 'contextual' | 'file' | 'custom';
  readonly keywords: readonly string[];
  /** The names, extensions and folders of the only files that it applies to. */
  readonly files?: readonly string[];
}

/** A rule that was tried on a text and matched nothing. */
export interface RuleWithoutMatch extends Pick<RuleEntry, 'id' | 'kind'> {
  readonly keyword: string;
  /** The line of the keyword's first occurrence, from 1. */
  readonly line: number;
}
