/**
 * Base64 over many lines: mail, PEM, what `base64` writes, YAML blocks, string literals that are concatenated. It is
 * decoded as one text, since a line seldom ends where a word does.
 */
import type { Decoded, Encoding } from './model/encoding.ts';

/** Maximum size of a match, in bytes. */
const MAX_BYTES = 16_384;
/** Width of the lines: common are 60, 64, 70, 72 and 76. */
const MIN_LINE_CHARS = 32;
const MAX_LINE_CHARS = 128;

const CHARS = 'A-Za-z0-9+/_-';

/** What stands between two lines: line breaks, real or spelled out, comment signs, quotes, what concatenates. */
const SEPARATOR = [
  String.raw`(?:\\r)?\\n(?:["'][\t ]{0,4}[+.&]?[\t ]{0,4}\\?\r?\n[\t ]{0,40}[+.&]?[\t ]{0,4}["'])?`,
  String.raw`(?:["'][\t ]{0,4}[+.,&]?)?[\t ]{0,4}[\\${'`'}]?\r?\n[\t ]{0,40}(?:(?:\/\/|--|[#*>|;-])[\t ]{1,4}|[+.&][\t ]{0,4}(?=["']))?["']?`,
  String.raw`(?:<br[\t ]?\/?>|&#(?:1[03]|x0?[AaDd]);|%0[AaDd]){1,2}[\r\n]{0,2}`,
].join('|');

/** A line with what separates it from the previous one. */
const LINE = new RegExp(`(?:${SEPARATOR}|^)([${CHARS}]{1,${MAX_LINE_CHARS}}={0,2})`, 'g');

/** The encoding, with the keywords of base64 on a single line. */
export function wrappedBase64({ keywords }: Pick<Encoding, 'keywords'>): Encoding {
  return {
    name: 'in base64',
    keywords,
    pattern: new RegExp(
      `(?<![${CHARS}])[${CHARS}]{${MIN_LINE_CHARS},${MAX_LINE_CHARS}}(?:(?:${SEPARATOR})[${CHARS}]{1,${MAX_LINE_CHARS}}){1,256}={0,2}(?![=${CHARS}])`,
    ),
    window: { before: MAX_BYTES, after: MAX_BYTES },
    decode,
  };
}

/** One line of base64, and where it begins in the encoded text. */
interface Line {
  readonly text: string;
  readonly at: number;
}

/** A text that was decoded from some lines, and where it begins in the text that was decoded from all. */
interface Block {
  readonly lines: readonly Line[];
  readonly text: string;
  readonly at: number;
  /** Number of base64 characters for one character of the text. */
  readonly width: number;
}

function decode(encoded: string): Decoded | undefined {
  const lines = Array.from(encoded.matchAll(LINE), (match) => {
    const text = match[1] ?? '';
    return { text, at: match.index + match[0].length - text.length };
  });
  const blocks: Block[] = [];
  let text = '';
  for (let first = 0; first < lines.length;) {
    const count = countOfBlock(lines, first);
    const block = decodedBlock(lines.slice(first, first + count), text.length);
    first += count;
    if (block === undefined) continue;
    blocks.push(block);
    text += `${block.text}\n`;
  }
  if (blocks.length === 0) return undefined;
  return { text, offsetOf: (index) => offsetIn(blocks, index) };
}

/** How many lines belong together: they are equally long, except for the last. */
function countOfBlock(lines: readonly Line[], first: number): number {
  const width = lines[first]?.text.length ?? 0;
  let end = first + 1;
  while (end < lines.length && lines[end]?.text.length === width) end += 1;
  const last = lines[end]?.text.length ?? Infinity;
  return (last < width ? end + 1 : end) - first;
}

/** The decoded text of several lines. The last may be no base64 but a word below it. */
function decodedBlock(lines: readonly Line[], at: number): Block | undefined {
  for (const some of [lines, lines.slice(0, -1)]) {
    const decoded = some.length < 2 ? undefined : textOf(some.map(({ text }) => text).join(''));
    if (decoded !== undefined) return { lines: some, at, ...decoded };
  }
  return undefined;
}

function offsetIn(blocks: readonly Block[], index: number): number {
  const { lines, at, width } = blocks.findLast((block) => block.at <= index) ?? {
    lines: [],
    at: 0,
    width: 0,
  };
  let rest = Math.floor((index - at) * width);
  for (const { text, at: start } of lines) {
    if (rest < text.length) return start + rest;
    rest -= text.length;
  }
  const last = lines.at(-1) ?? { text: '', at: 0 };
  return last.at + last.text.length;
}

/**
 * Decodes base64 of either alphabet, if the result is text: without control characters except white space, in UTF-8
 * or in UTF-16, which PowerShell encodes.
 * @returns one character per byte, or per two bytes of UTF-16, and how many characters of base64 each takes
 */
export function textOf(encoded: string): { readonly text: string; readonly width: number } | undefined {
  const bytes = Buffer.from(encoded, 'base64');
  const isWide = bytes.length >= 8 && bytes[1] === 0 && bytes[3] === 0;
  const isText = bytes.every((byte, index) =>
    isWide && index % 2 === 1 ? byte === 0 : byte >= 0x20 || byte === 0x09 || byte === 0x0a || byte === 0x0d,
  );
  if (!isText) return undefined;
  return isWide
    ? { text: bytes.toString('utf16le'), width: 8 / 3 }
    : { text: bytes.toString('latin1'), width: 4 / 3 };
}
