/**
 * Text that is safe to show. The name of a file is chosen by whoever made the file: it may hold escape sequences that
 * drive the terminal, line breaks that forge a line, or bidirectional overrides that turn a path around.
 */

/**
 * Control characters, format characters (bidirectional and zero-width ones among them), line and paragraph separators,
 * and lone surrogates: the Unicode Standard, section 4.5, "General Category".
 */
const unprintable = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;

/** The text with each such character written as JSON does, `\u001b`. A string inside JSON stays the same string. */
export function printable(text: string): string {
  return text.replaceAll(unprintable, (character) => {
    const units = Array.from({ length: character.length }, (_, index) => character.charCodeAt(index));
    return units.map((unit) => `\\u${unit.toString(16).padStart(4, '0')}`).join('');
  });
}
