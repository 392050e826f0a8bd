/**
 * What a rule is: a description for people, a pattern for the engine, and a validator that determines how certain a
 * match is. Rules are data. They read no files and know nothing of chunks, and nothing outside this folder knows
 * their meaning.
 */
import type { Confidence, RuleDescription } from '../../model/finding.ts';
import type { Groups, Pattern, RunOfBytes } from '../../engine/index.ts';
import type { FileKind } from './file-kind.ts';
import type { Verdict } from './verdict.ts';

/** What a validator may use besides the secret. Like the secret, none of it may be kept or repeated. */
export interface MatchContext {
  /** Wall clock, milliseconds since 1970. */
  readonly now: number;
  /** The path of the file, with forward slashes and in lower case; empty for a text that is not in a file. */
  readonly path: string;
  /** What the named groups of the pattern captured. */
  readonly groups: Groups;
  /** The text before the match: up to `CONTEXT` characters. */
  readonly before: string;
}

/** A part of a text: from its first character to before `end`. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** How a value follows a name. */
export interface Following {
  /** The characters of the value, and its minimum length: checked before its expression is even compiled. */
  readonly value: Pick<RunOfBytes, 'of' | 'least'>;
  /** What the name, or the rest of it, must contain, if anything; an expression without capturing groups. */
  readonly rest: string | undefined;
  /** What another name close behind may contain, if one is allowed; an expression of the same kind. */
  readonly near: string | undefined;
}

/** What the first row of a table says about the others. */
export interface TableHeading {
  readonly separator: string;
  /** Number of cells. */
  readonly width: number;
  /** Index of the cell with the secret. */
  readonly column: number;
  /** The table is an export of logins, so that a secret may contain blanks. */
  readonly isExport: boolean;
}

export interface TableSecrets {
  readonly spans: readonly Span[];
  /** The heading of the rows that follow, if they are in a table of secrets. */
  readonly heading?: TableHeading | undefined;
}

/**
 * One kind of credential. What `pattern` captures as `secret`, or its whole match, is the secret: only this part is
 * fingerprinted and redacted.
 */
export interface Rule extends RuleDescription, Pattern {
  /**
   * The confidence of a match when the validator does not set it. `high`, the default: the format is the vendor's
   * own. `medium`: a common shape next to the vendor's name. `low`: looks like one. Where two rules' secrets
   * overlap, the more certain one is reported.
   */
  readonly confidence?: Confidence;
  /**
   * A contextual rule: it is tried only around the matches of triggers. For values next to which hundreds of
   * vendors' names may occur: `keywords` are those names then, in lower case, three characters or longer, and
   * `pattern` is the value alone.
   */
  readonly follows?: Following;
  /**
   * Its matches are values assigned to a name, in or before which a vendor's name may occur. They end with the
   * secret.
   */
  readonly isTrigger?: boolean;
  /** The only files that it applies to. A rule without keywords must specify them. */
  readonly files?: FileKind;
  /**
   * For a match that is a table, or a part of one: where the secrets are in its text. Each is judged by itself. Only for rules of
   * certain files.
   * @param heading of the table that has begun in an earlier match in the same file
   */
  readonly secretsIn?: (text: string, heading?: TableHeading) => TableSecrets;
  /**
   * Judges a secret offline. `secret` has one character per byte of the file (latin1). Must not keep the secret or repeat
   * any of it in its evidence.
   */
  readonly validate: (secret: string, context: MatchContext) => Verdict;
}
