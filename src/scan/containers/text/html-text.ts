/** The text of HTML, as a reader sees it: a tag within a word, or a character that is written as an entity, would hide a secret. */

/** Tags that end a line. */
const BLOCKS =
  /^\/?(?:address|article|blockquote|body|br|dd|div|dl|dt|fieldset|footer|form|h[1-6]|head|header|hr|html|li|main|ol|p|pre|section|table|tbody|tfoot|thead|title|tr|ul)\b/i;
/** Tags that end a cell. */
const CELLS = /^\/?(?:td|th)\b/i;
const ENTITY = /&(?:#(\d{1,7})|#x([\da-f]{1,6})|([a-z]{2,6}));/gi;
const ENTITIES: Readonly<Record<string, string>> = {
  amp: '&',
  apos: "'",
  gt: '>',
  lt: '<',
  nbsp: ' ',
  quot: '"',
};

/**
 * The lines of the text. A line that stands in the HTML as it is, is empty here: who scans the HTML has seen it.
 * @param html of a size that fits into memory
 */
export function* hiddenLines(html: string): Generator<string> {
  for (const { text, isChanged } of linesOf(html)) {
    yield* isChanged ? text.split('\n') : Array.from(text.split('\n'), () => '');
  }
}

interface Line {
  readonly text: string;
  /** Something was removed or replaced within it. */
  readonly isChanged: boolean;
}

function* linesOf(html: string): Generator<Line> {
  let line = '';
  let isChanged = false;
  for (let at = 0; at < html.length;) {
    const open = html.indexOf('<', at);
    const text = html.slice(at, open < 0 ? html.length : open);
    const plain = text.replaceAll(ENTITY, characterOf);
    isChanged ||= plain !== text;
    line += plain;
    if (open < 0) break;
    const isComment = html.startsWith('<!--', open);
    const close = html.indexOf(isComment ? '-->' : '>', open);
    at = close < 0 ? html.length : close + (isComment ? 3 : 1);
    const tag = html.slice(open + 1, open + 12);
    if (!isComment && BLOCKS.test(tag)) {
      yield { text: line, isChanged };
      line = '';
      isChanged = false;
    } else if (!isComment && CELLS.test(tag)) line += '\t';
    // Text may go on after it.
    else isChanged ||= line.trim() !== '';
  }
  yield { text: line, isChanged };
}

function characterOf(entity: string, decimal?: string, hex?: string, name = ''): string {
  if (decimal === undefined && hex === undefined) return ENTITIES[name.toLowerCase()] ?? entity;
  const code = decimal === undefined ? Number.parseInt(hex ?? '', 16) : Number(decimal);
  return code > 0 && code <= 0x10_ffff ? String.fromCodePoint(code) : entity;
}
