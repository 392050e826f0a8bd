/** What the engine knows of a rule: words, an expression, and how far the expression may reach. Nothing of its meaning. */

export interface Pattern {
  /** Literals, compared byte by byte. Each match of `pattern` holds at least one of them. */
  readonly keywords: readonly string[];
  /**
   * The expression, over text with one character per byte (latin1). It must be bounded: no `*`, `+` or `{n,}`. It may look
   * at up to `CONTEXT` bytes on either side of its match.
   */
  readonly pattern: RegExp;
  /**
   * How far a match may reach before and after some keyword in it, in bytes. A longer match is not found; a shorter window
   * costs less.
   */
  readonly window: { readonly before: number; readonly after: number };
}

/** How many bytes beside a match an expression may look at. */
export const CONTEXT = 8;
