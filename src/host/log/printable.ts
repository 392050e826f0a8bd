/**
 * Text that is safe to display. File names are chosen by other users and may contain escape sequences that control the terminal,
 * line breaks that forge a line, or bidirectional overrides that reverse a path.
 */

/**
 * Control characters, format characters (bidirectional and zero-width ones among them), line and paragraph separators,
 * and lone surrogates: the Unicode Standard, section 4.5, "General Category".
 */
const unprintable = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;

/** The text with each such character written as JSON does, `\u001b`. A string inside JSON stays the same string. */
export function printable(text: string): string {
  return text.replaceAll(unprintable, escaped);
}

/** The same for a text of several lines: line feeds stay. */
export function printableLines(text: string): string {
  return text.replaceAll(unprintable, (character) => (character === '\n' ? character : escaped(character)));
}

function escaped(character: string): string {
  const units = Array.from({ length: character.length }, (_, index) => character.charCodeAt(index));
  return units.map((unit) => `\\u${unit.toString(16).padStart(4, '0')}`).join('');
}
