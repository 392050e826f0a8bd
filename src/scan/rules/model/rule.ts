/**
 * What a rule is: a description for people, a pattern for the engine, and a validator that says how sure a match is.
 * Rules are data. They read no files and know nothing of chunks, and nothing outside this folder knows what they mean.
 */
import type { Confidence, RuleDescription } from '../../model/finding.ts';
import type { Groups, Pattern, RunOfBytes } from '../../engine/index.ts';
import type { FileKind } from './file-kind.ts';
import type { Verdict } from './verdict.ts';

/** What a validator may know besides the secret. As the secret, none of it is to be kept or repeated. */
export interface MatchContext {
  /** Wall clock, milliseconds since 1970. */
  readonly now: number;
  /** Of the file, with forward slashes and in small letters; empty for a text that is no file. */
  readonly path: string;
  /** What the named groups of the pattern captured. */
  readonly groups: Groups;
  /** What stands before the match: up to `CONTEXT` characters. */
  readonly before: string;
}

/** How a value follows a name. */
export interface Following {
  /** What the value is made of, and how much at least: checked before its expression is even made. */
  readonly value: Pick<RunOfBytes, 'of' | 'least'>;
  /** What the name must hold, or the rest of it, if anything; an expression without capturing groups. */
  readonly rest: string | undefined;
  /** What another name may hold that stands soon after, if any may. The same. */
  readonly near: string | undefined;
}

/**
 * One kind of credential. What `pattern` captures as `secret`, or its whole match, is the secret: the only part that is
 * fingerprinted and redacted.
 */
export interface Rule extends RuleDescription, Pattern {
  /**
   * How sure a match is when the validator does not say. `high`, the default: the format is the vendor's own. `medium`: a
   * usual shape beside the vendor's name. `low`: looks like one. Where two rules' secrets overlap, the surer is reported.
   */
  readonly confidence?: Confidence;
  /**
   * A contextual rule: it is looked for only around the matches of triggers. For values that hundreds of vendors' names stand beside:
   * `keywords` are those names then, in small letters, of three or more, and `pattern` is the value alone.
   */
  readonly follows?: Following;
  /** Its matches are values given to a name: before that, or in it, a vendor's name may be. They end in the secret. */
  readonly isTrigger?: boolean;
  /** The only files in which it is looked for. A rule without keywords must say them. */
  readonly files?: FileKind;
  /**
   * Judges a secret offline. `secret` has one character per byte of the file (latin1). Must not keep the secret or repeat
   * any of it in its evidence.
   */
  readonly validate: (secret: string, context: MatchContext) => Verdict;
}
