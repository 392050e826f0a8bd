/** A match of an expression, and where it and its secret are in the text. */
import { CONTEXT } from './pattern.ts';
import { type Place, secretPlace } from './secret-place.ts';

export interface Match {
  /** Index into the patterns that the engine was created with. */
  readonly pattern: number;
  /**
   * Offsets of the group `secret`, or of the whole match, from the beginning of the text, in bytes. Costly:
   * read it only if needed.
   */
  readonly start: number;
  readonly end: number;
  /** The whole match: from its first byte to before `to`; its text is as secret as the secret. */
  readonly whole: { readonly from: number; readonly to: number; readonly text: string };
  /**
   * The text before the whole match: up to `CONTEXT` bytes, one character each. Like the secret, it must not be
   * kept.
   */
  readonly before: string;
  /** The secret itself, one character per byte. Valid only during the call: do not keep any of it. */
  readonly secret: string;
  /** What the expression's named groups captured. Like the secret, it must not be kept. */
  readonly groups: Groups;
}

export type Groups = Readonly<Record<string, string | undefined>>;

/** Matches of one pattern come from left to right; those of several patterns in no particular order. */
export type OnMatch = (match: Match) => void;

/** A match in a text that begins at this offset of the whole text. */
export class TextMatch implements Match {
  readonly pattern: number;
  readonly whole: Match['whole'];
  readonly secret: string;
  readonly groups: Groups;
  readonly #expression: RegExp;
  readonly #match: RegExpExecArray;
  readonly #origin: number;
  #known: Place | undefined;

  constructor(pattern: number, expression: RegExp, match: RegExpExecArray, origin: number) {
    const { 0: text, index, groups = {} } = match;
    this.pattern = pattern;
    this.whole = { from: origin + index, to: origin + index + text.length, text };
    this.groups = groups;
    this.secret = groups['secret'] ?? text;
    this.#expression = expression;
    this.#match = match;
    this.#origin = origin;
  }

  get before(): string {
    const { index, input } = this.#match;
    return input.slice(Math.max(0, index - CONTEXT), index);
  }

  get start(): number {
    return this.#origin + this.#place[0];
  }

  get end(): number {
    return this.#origin + this.#place[1];
  }

  get #place(): Place {
    return (this.#known ??= secretPlace(this.#expression, this.#match));
  }
}
