/**
 * What the engine knows about a rule: words, an expression, and how far the expression may reach. It does not
 * know its meaning.
 */

export interface Pattern {
  /**
   * Literals of one character per byte (latin1), compared byte by byte. Each match of `pattern` contains at least
   * one. Without any, the expression runs over the whole of the texts for which it is requested, and `window` is
   * the maximum length of a match.
   */
  readonly keywords: readonly string[];
  /** ASCII letters of the keywords stand for both cases. `pattern` needs its own flag. */
  readonly caseless?: boolean;
  /**
   * For a pattern without keywords: each match contains one of these literals. A text without any is not searched, at a
   * hundredth of the cost.
   */
  readonly needs?: readonly string[];
  /**
   * The expression, over text with one character per byte (latin1). It must be bounded: no `*`, `+` or `{n,}`. It may look
   * at up to `CONTEXT` bytes on either side of its match.
   */
  readonly pattern: RegExp;
  /** The expression for strings in binaries; by default `pattern`. The same restrictions apply. */
  readonly binaryVariant?: RegExp;
  /**
   * How far a match may reach before and after a keyword in it, in bytes. A longer match is not found; a shorter
   * window costs less.
   */
  readonly window: { readonly before: number; readonly after: number };
  /**
   * Which bytes follow that keyword immediately, within the match: runs, each as long as possible. Checked before
   * the
   * expression, at a fraction of its cost.
   */
  readonly next?: RunOfBytes | readonly RunOfBytes[];
  /**
   * What the last of these runs begins with: a value, in quotes or not. Checked after them: it keeps one in four of
   * the values assigned to names in source code.
   */
  readonly value?: ValueOfBytes;
  /** What the last of these runs is not: a word that nothing quotes. Checked after them. */
  readonly plainWord?: PlainWord;
  /**
   * The expression matches whole runs of these bytes, perhaps with a few others after them. It is tried once at
   * each run within the window.
   */
  readonly run?: WholeRun;
  /**
   * The keywords are the whole pattern: each occurrence in a chunk is a match, reported immediately, and again
   * where the chunk's end comes again. No expression runs.
   */
  readonly isMarker?: boolean;
}

export interface RunOfBytes {
  /** The inside of a character class: `A-Za-z0-9_`. */
  readonly of: string;
  /** The minimum number of bytes. */
  readonly least: number;
  /** The maximum number that is checked; default: `least`, which suits the last run. */
  readonly most?: number;
  /** The inside of a character class: the run contains one of these. */
  readonly holds?: string;
  /** For the last run: texts that may occur there instead, of one character per byte. */
  readonly or?: readonly string[];
  /** For the last run: phrases that may occur there instead. */
  readonly phrases?: readonly PhraseOfBytes[];
  /** With more of these bytes than this there is no match, not even of the binary variant. */
  readonly limit?: number;
}

/** Words between a name and its value: `for the router: `. All texts have one character per byte. */
export interface PhraseOfBytes {
  /** What it begins with. */
  readonly words: readonly string[];
  /** What ends it, at most `most` bytes after its first word. */
  readonly ends: readonly string[];
  readonly most: number;
  /** What does not occur in it: the inside of a character class. */
  readonly never: string;
}

export interface WholeRun {
  /** The inside of a character class. */
  readonly of: string;
  /**
   * Bytes that must not precede a match, including all bytes of the run after which a part of it does not match by
   * itself.
   */
  readonly joins: string;
  /** Minimum and maximum length of a matching run, in bytes. */
  readonly least: number;
  readonly most: number;
}

/** In a quoted value, all printable bytes up to the closing quote count. */
export interface ValueOfBytes {
  /** Its characters when it is not quoted: the inside of a character class. */
  readonly of: string;
  /** It contains one of these, unless it is long. */
  readonly holds: string;
  /** Minimum length of a long value, in bytes. */
  readonly long: number;
  /** Without quotes, a longer run of bytes is not a value. */
  readonly most: number;
}

/**
 * A word up to a blank or the end of a line, after a blank or one sign. It is no value, unless it consists of
 * letters alone, many enough for a password.
 */
export interface PlainWord {
  /** Its characters: the inside of a character class. */
  readonly of: string;
  /** Minimum and maximum number of letters that may be a password. */
  readonly letters: readonly [least: number, most: number];
  /** With one of these among the signs before it, or behind one or two blanks after it, it may be part of a literal. */
  readonly unless: string;
}

/** How many bytes next to a match an expression may inspect. */
export const CONTEXT = 192;
