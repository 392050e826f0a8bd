/** What precedes a keyword: the rest of its name, and the text that may contain a vendor's name. */

/** Number of characters before the name that are considered. */
const MAX_CHARS_BEFORE = 120;

/**
 * Matches backwards from the end of a text: the beginning of an XML element, or nothing, then up to 40
 * characters of a name.
 */
const front = /(?<=(?<element>(?:<(?:[A-Za-z]{1,16}:)?)?)(?<front>[A-Za-z0-9_$.-]{0,40}))/y;

export interface NameBefore {
  /** All of it, `element` and `front` included. */
  readonly before: string;
  /** `<`, or `<x:`, or nothing. */
  readonly element: string;
  /** The part of the name that precedes the word. */
  readonly front: string;
}

/** @param text ends where the word begins */
export function nameBefore(text: string): NameBefore {
  front.lastIndex = text.length;
  const groups = front.exec(text)?.groups;
  const [element = '', name = ''] = [groups?.['element'], groups?.['front']];
  const before = text.slice(Math.max(0, text.length - MAX_CHARS_BEFORE - element.length - name.length));
  return { before, element, front: name };
}
