/** A message of Outlook (Microsoft, [MS-OXMSG]): its texts, its attachments, and messages attached to it. */
import type { ContainerEntry } from '../../container.ts';
import { hiddenLines } from '../../text/html-text.ts';
import { textPieces } from '../../text/text-pieces.ts';
import { piecesOf } from '../../text/pieces.ts';
import { richText } from './rich-text.ts';
import type { CompoundFile, CompoundStream } from './storage.ts';

/** The name of a stream with one property: its number and its type. */
const PROPERTY = /^__substg1\.0_([\dA-F]{4})([\dA-F]{4})$/i;
const ATTACHMENT = /^__attach_version1\.0_/i;

const TEXT = '001E';
const WIDE_TEXT = '001F';
const BYTES = '0102';

/** Numbers of properties: [MS-OXPROPS]. */
const RICH_TEXT = '1009';
const HTML = '1013';
const DATA = '3701';
const SHORT_NAME = '3704';
const LONG_NAME = '3707';

const decoder = new TextDecoder('windows-1252');

/** True for a file in which a message is stored. */
export function isMessage(file: CompoundFile): boolean {
  return file.streams.some(({ path }) => path.length === 1 && path[0] === '__properties_version1.0');
}

export function* messageEntries(file: CompoundFile): Generator<ContainerEntry> {
  const names = new AttachmentNames(file);
  yield { name: 'message.txt', content: textPieces(textLines(file)) };
  for (const stream of file.streams) {
    const property = PROPERTY.exec(stream.path.at(-1) ?? '');
    if (property === null) continue;
    const [, number = '', type = ''] = property;
    const prefix = names.prefixOf(stream.path.slice(0, -1));
    if (number === HTML) yield* htmlEntries(file, stream, prefix, type);
    else if (number === RICH_TEXT)
      yield { name: `${prefix}message.rtf`, content: piecesOf(() => richText(file.bytes(stream))) };
    else if (number === DATA && type === BYTES) {
      yield { name: prefix.slice(0, -1), content: piecesOf(() => file.pieces(stream)) };
    }
  }
}

function* htmlEntries(
  file: CompoundFile,
  stream: CompoundStream,
  prefix: string,
  type: string,
): Generator<ContainerEntry> {
  const text = () => (type === BYTES ? file.bytes(stream).toString() : textOf(file, stream, type));
  yield { name: `${prefix}message.html`, content: piecesOf(() => [Buffer.from(text())]) };
  yield { name: `${prefix}message.html.txt`, content: textPieces(linesLater(text)) };
}

function* linesLater(text: () => string): Generator<string> {
  yield* hiddenLines(text());
}

/** The texts of all properties of the message, of its recipients, and of messages attached to it. */
function* textLines(file: CompoundFile): Generator<string> {
  for (const stream of file.streams) {
    const [, number, type = ''] = PROPERTY.exec(stream.path.at(-1) ?? '') ?? [];
    if (number === HTML || (type !== TEXT && type !== WIDE_TEXT)) continue;
    yield* textOf(file, stream, type).split(/\r?\n/);
  }
}

function textOf(file: CompoundFile, stream: CompoundStream, type: string): string {
  const bytes = file.bytes(stream);
  return type === WIDE_TEXT ? bytes.toString('utf16le') : decoder.decode(bytes);
}

/** The names of attachments, by the storage that contains them. */
class AttachmentNames {
  readonly #names = new Map<string, string>();

  constructor(file: CompoundFile) {
    for (const stream of file.streams) {
      const [, number = '', type = ''] = PROPERTY.exec(stream.path.at(-1) ?? '') ?? [];
      if ((number !== LONG_NAME && number !== SHORT_NAME) || stream.size > 2048) continue;
      const storage = stream.path.at(-2) ?? '';
      if (!ATTACHMENT.test(storage)) continue;
      const key = stream.path.slice(0, -1).join('/');
      if (number === LONG_NAME || !this.#names.has(key)) this.#names.set(key, textOf(file, stream, type));
    }
  }

  /** What stands before the names of entries from a storage: the attachment, with its number, and those that contain it. */
  prefixOf(storages: readonly string[]): string {
    let prefix = '';
    for (const [index, storage] of storages.entries()) {
      if (!ATTACHMENT.test(storage)) continue;
      const name = this.#names.get(storages.slice(0, index + 1).join('/')) ?? 'attachment';
      const number = Number.parseInt(storage.slice(storage.indexOf('#') + 1), 16);
      prefix += `${number + 1}/${name}/`;
    }
    return prefix;
  }
}
