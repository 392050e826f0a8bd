/** The parts of a message: nested, separated by lines that begin with a boundary. */
import type { ContainerEntry } from '../../container.ts';
import { hiddenLines } from '../../text/html-text.ts';
import { textPieces } from '../../text/text-pieces.ts';
import { type Header, decoderFor, readHeader } from './header.ts';
import type { LineCursor } from './line-cursor.ts';
import { transferDecoder } from './transfer-encoding.ts';

/** Parts within parts, and messages within messages, deeper than this are read as text. */
const MAX_DEPTH = 20;
/** Maximum number of names that are remembered, to tell equal ones apart. */
const MAX_NAMES = 10_000;
/** Extensions of parts without a name. */
const EXTENSIONS: Readonly<Record<string, string>> = {
  'text/plain': 'txt',
  'text/html': 'html',
  'text/calendar': 'ics',
};
/** A line that begins the next message of a mailbox. */
const NEXT_MESSAGE = /^From \S.*\d\d:\d\d/;

export interface Place {
  /** Before the names of entries: `message-3/`. */
  readonly prefix: string;
  /** The boundaries that end a part, the innermost last. */
  readonly boundaries: readonly string[];
  readonly isMailbox: boolean;
  /** Where HTML is collected: at most this many characters. */
  readonly maxHtmlChars: number;
  /** The names of entries so far. */
  readonly names: Set<string>;
  readonly depth: number;
}

/** The entries of a message, whose header is next. */
export async function* messageEntries(cursor: LineCursor, place: Place): AsyncGenerator<ContainerEntry> {
  const header = await readHeader(cursor);
  if (header.decoded.length > 0) {
    yield { name: nameOf(place, 'header.txt'), content: textPieces(header.decoded) };
  }
  yield* bodyEntries(cursor, header, place);
}

async function* bodyEntries(
  cursor: LineCursor,
  header: Header,
  place: Place,
): AsyncGenerator<ContainerEntry> {
  const { type, boundary } = header;
  const isNested = place.depth < MAX_DEPTH;
  if (isNested && type.startsWith('multipart/') && boundary !== '') {
    yield* partEntries(cursor, boundary, place);
  } else if (isNested && type === 'message/rfc822' && !isEncoded(header)) {
    const prefix = `${nameOf(place, header.fileName ?? 'message.eml')}/`;
    yield* messageEntries(cursor, { ...place, prefix, depth: place.depth + 1 });
  } else yield* leafEntries(new PartLines(cursor, place), header, place);
}

async function* partEntries(
  cursor: LineCursor,
  boundary: string,
  place: Place,
): AsyncGenerator<ContainerEntry> {
  const inner = { ...place, boundaries: [...place.boundaries, boundary], depth: place.depth + 1 };
  await new PartLines(cursor, inner).skip();
  for (;;) {
    const line = await cursor.next();
    if (line === undefined) return;
    // Another boundary, or the next message: the last part has no end of its own.
    if (!isBoundary(line, boundary)) {
      cursor.back(line);
      return;
    }
    if (line.startsWith(`--${boundary}--`)) break;
    const header = await readHeader(cursor);
    if (header.decoded.length > 0)
      yield { name: nameOf(place, 'header.txt'), content: textPieces(header.decoded) };
    yield* bodyEntries(cursor, header, inner);
    await new PartLines(cursor, inner).skip();
  }
  // What follows the last part belongs to the parts around it.
  await new PartLines(cursor, place).skip();
}

/** A part without parts: only what cannot be seen in the message as it is. */
async function* leafEntries(lines: PartLines, header: Header, place: Place): AsyncGenerator<ContainerEntry> {
  const { type, fileName } = header;
  const isHtml = type === 'text/html';
  if (header.isEncrypted) yield { name: nameOf(place, fileName ?? 'encrypted part'), content: 'encrypted' };
  const given =
    fileName ??
    `part-${place.names.size + 1}.${EXTENSIONS[type] ?? (type.startsWith('text/') ? 'txt' : 'bin')}`;
  const html = isHtml ? new Collector(place.maxHtmlChars) : undefined;
  const isHidden = isEncoded(header) || decoderOf(header) !== undefined;
  if (isHidden && !header.isEncrypted) {
    const name = nameOf(place, given);
    yield { name, content: contentOf(lines, header, html) };
  }
  for await (const _ of contentOf(lines, header, html)) continue;
  const hidden = html === undefined ? [] : [...hiddenLines(html.text)];
  if (hidden.some((line) => line !== ''))
    yield { name: nameOf(place, `${given}.txt`), content: textPieces(hidden) };
}

/** The content of a part, decoded, from where it was left; text as UTF-8. */
async function* contentOf(
  lines: PartLines,
  header: Header,
  html: Collector | undefined,
): AsyncGenerator<Uint8Array> {
  const transfer = transferDecoder(header.encoding);
  const decoder = decoderOf(header);
  for (let isAtEnd = false; !isAtEnd;) {
    const line = await lines.next();
    isAtEnd = line === undefined;
    const bytes = line === undefined ? transfer.end() : transfer.add(line);
    if (bytes === undefined) continue;
    const piece = decoder === undefined ? bytes : Buffer.from(decoder.decode(bytes, { stream: !isAtEnd }));
    html?.add(piece);
    if (piece.length > 0) yield piece;
  }
}

/** Of text in a character set that is not like ASCII. */
function decoderOf({ type, charset }: Header): TextDecoder | undefined {
  return type.startsWith('text/') ? decoderFor(charset) : undefined;
}

function isEncoded({ encoding }: Header): boolean {
  return encoding === 'base64' || encoding === 'quoted-printable';
}

/** A name that no entry has yet, as far as names are remembered. */
function nameOf({ prefix, names }: Place, given: string): string {
  const isNew = !names.has(given);
  const name = isNew ? given : `${names.size + 1}-${given}`;
  if (names.size < MAX_NAMES) names.add(name);
  return prefix + name;
}

/** A line that begins another part, or ends the last one. */
function isBoundary(line: string, boundary: string): boolean {
  const rest = line.startsWith(`--${boundary}`) ? line.slice(boundary.length + 2).trimEnd() : undefined;
  return rest === '' || rest === '--';
}

/** The text of a part in HTML, up to a size. */
class Collector {
  readonly #maxChars: number;
  text = '';

  constructor(maxChars: number) {
    this.#maxChars = maxChars;
  }

  add(piece: Buffer): void {
    if (this.text.length < this.#maxChars) this.text += piece.toString();
  }
}

/** The lines of a part, up to the line that ends it, which stays in the cursor. */
class PartLines {
  readonly #cursor: LineCursor;
  readonly #boundaries: readonly string[];
  readonly #isMailbox: boolean;
  #isAtEnd = false;

  constructor(cursor: LineCursor, { boundaries, isMailbox }: Place) {
    this.#cursor = cursor;
    this.#boundaries = boundaries;
    this.#isMailbox = isMailbox;
  }

  async next(): Promise<string | undefined> {
    if (this.#isAtEnd) return undefined;
    const line = await this.#cursor.next();
    if (line === undefined || this.#isEnd(line)) {
      this.#isAtEnd = true;
      if (line !== undefined) this.#cursor.back(line);
      return undefined;
    }
    return line;
  }

  async skip(): Promise<void> {
    while ((await this.next()) !== undefined) continue;
  }

  #isEnd(line: string): boolean {
    if (line.startsWith('--')) return this.#boundaries.some((boundary) => isBoundary(line, boundary));
    return this.#isMailbox && this.#cursor.isAfterEmpty && NEXT_MESSAGE.test(line);
  }
}
