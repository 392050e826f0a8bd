/** What an encoding is: a pattern for the engine, whose matches are decoded and scanned in turn. */
import type { Pattern } from '../../engine/index.ts';

/** A decoded text, and where it came from. */
export interface Decoded {
  /** One character per byte. */
  readonly text: string;
  /** Where the encoding of a character of `text` begins; for the text's length, the end of the encoding. */
  readonly offsetOf: (index: number) => number;
}

export interface Encoding extends Pattern {
  /** For evidence: `in base64`. */
  readonly name: string;
  /** What it removes only decorates: the rest of the text is as it was. */
  readonly isDecoration?: boolean;
  /** Undefined for what is not in this encoding, or does not decode to text. */
  readonly decode: (encoded: string) => Decoded | undefined;
}
