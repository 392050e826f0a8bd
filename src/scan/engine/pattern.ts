/** What the engine knows of a rule: words, an expression, and how far the expression may reach. Nothing of its meaning. */

export interface Pattern {
  /**
   * Literals of one character per byte (latin1), compared byte by byte. Each match of `pattern` holds at least one. Without
   * any, the expression runs over the whole of those texts for which it is asked, and `window` says how far a match reaches.
   */
  readonly keywords: readonly string[];
  /** ASCII letters of the keywords stand for both cases. `pattern` needs its own flag. */
  readonly caseless?: boolean;
  /**
   * The expression, over text with one character per byte (latin1). It must be bounded: no `*`, `+` or `{n,}`. It may look
   * at up to `CONTEXT` bytes on either side of its match.
   */
  readonly pattern: RegExp;
  /** The expression for strings in binaries; by default `pattern`. The same holds for it. */
  readonly binaryVariant?: RegExp;
  /**
   * How far a match may reach before and after some keyword in it, in bytes. A longer match is not found; a shorter window
   * costs less.
   */
  readonly window: { readonly before: number; readonly after: number };
  /**
   * Which bytes follow that keyword at once, within the match: runs, each as long as it can be. Checked before the
   * expression, at a fraction of its cost.
   */
  readonly next?: RunOfBytes | readonly RunOfBytes[];
  /**
   * What the last of these runs begins with: a value, in quotes or not. Checked after them: of the values that names are
   * given in source code, it leaves one in four.
   */
  readonly value?: ValueOfBytes;
  /**
   * The expression matches whole runs of these bytes, perhaps with a few others after them. It is tried once at each run within
   * the window.
   */
  readonly run?: WholeRun;
  /**
   * The keywords are all that is looked for: each occurrence in a chunk is a match, reported at once, and again where the
   * chunk's end comes again. No expression runs.
   */
  readonly isMarker?: boolean;
}

export interface RunOfBytes {
  /** The inside of a character class: `A-Za-z0-9_`. */
  readonly of: string;
  /** The least number of bytes. */
  readonly least: number;
  /** The greatest number that is looked at; default: `least`, which suits the last run. */
  readonly most?: number;
  /** Of the last run: texts that may stand there instead, of one character per byte. */
  readonly or?: readonly string[];
  /** With more of these bytes than this there is no match, not even of the binary variant. */
  readonly limit?: number;
}

export interface WholeRun {
  /** The inside of a character class. */
  readonly of: string;
  /**
   * Bytes that must not come before a match, among them all bytes of the run after which a part of it does not match by itself.
   */
  readonly joins: string;
  /** Bytes of the shortest and of the longest run that matches. */
  readonly least: number;
  readonly most: number;
}

/** Of a value in quotes, all printable bytes up to the closing quote count. */
export interface ValueOfBytes {
  /** What it is made of without quotes: the inside of a character class. */
  readonly of: string;
  /** It holds one of these, unless it is long. */
  readonly holds: string;
  /** Bytes from which on it is. */
  readonly long: number;
  /** Without quotes, a longer run of bytes is not a value. */
  readonly most: number;
}

/** How many bytes beside a match an expression may look at. */
export const CONTEXT = 192;
