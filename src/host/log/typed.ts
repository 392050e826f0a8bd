/** Characters of a text that an error repeats. */
const MAX_CHARS = 100;

/**
 * What someone has typed, for an error. Nothing is cut off: a part of a secret is not recognised as one, and would not be redacted. What
 * shows the error makes it printable.
 */
export function typed(text: string): string {
  return text.length <= MAX_CHARS ? text : `<${text.length} characters>`;
}
