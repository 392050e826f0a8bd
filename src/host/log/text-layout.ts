/** Text that fits a number of columns on a terminal, where some characters are two columns wide and others none. */
import textWidth from 'fast-string-truncated-width';

/** Stands for what was left out. ASCII: not every console can show the character for it. */
const ELLIPSIS = '...';
const ascii = /^[\x20-\x7e]*$/;

/** The number of columns that a printable text takes. */
export function columnsOf(text: string): number {
  return ascii.test(text) ? text.length : textWidth(text).width;
}

/** The text in at most so many columns. Its middle is left out if it is longer: the end of a path says most. */
export function shortened(text: string, columns: number): string {
  if (columnsOf(text) <= columns) return text;
  const room = columns - ELLIPSIS.length;
  if (room <= 0) return ELLIPSIS.slice(0, Math.max(0, columns));
  const characters = Array.from(text);
  const head = fitting(characters, Math.floor(room / 3));
  const tail = fitting(characters.toReversed(), room - columnsOf(head.join('')));
  return head.join('') + ELLIPSIS + tail.toReversed().join('');
}

/** The first of the characters that fit so many columns. */
function fitting(characters: readonly string[], columns: number): readonly string[] {
  let used = 0;
  const end = characters.findIndex((character) => (used += columnsOf(character)) > columns);
  return end === -1 ? characters : characters.slice(0, end);
}

/**
 * A text in lines of at most so many columns.
 * @param text broken between its words, or between its parts; a longer one has a line of its own
 */
export function wrapped(text: string | readonly string[], columns: number): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of typeof text === 'string' ? text.split(' ') : text) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (line === '' || columnsOf(longer) <= columns) line = longer;
    else {
      lines.push(line);
      line = word;
    }
  }
  return [...lines, line];
}
