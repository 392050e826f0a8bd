/** How a text is shown to people. */
import { type ColourChoice, isColoured } from './colour.ts';

/** Columns of a text that no terminal shows. */
const PLAIN_WIDTH = 80;
/** A terminal of fewer columns wraps lines; nothing readable would fit. */
const MIN_WIDTH = 40;

export interface TextStyle {
  /** Colours and other styles may be used (ECMA-48, SGR). */
  readonly colour: boolean;
  /** Columns: those of the terminal; 80 where there is none. */
  readonly width: number;
  /** False where a file or a program receives the text: it must then be complete, even if lines become long. */
  readonly isTerminal: boolean;
}

/** The style of text on this stream. */
export function textStyle(
  stream: { readonly isTTY?: boolean; readonly columns?: number | undefined },
  choice: ColourChoice,
  env: Readonly<Record<string, string | undefined>>,
): TextStyle {
  const { isTTY = false, columns = PLAIN_WIDTH } = stream;
  return {
    colour: isColoured(stream, choice, env),
    width: Math.max(MIN_WIDTH, columns),
    isTerminal: isTTY,
  };
}
