/**
 * Compound files: documents of Word, Excel and PowerPoint before 2007, and messages of Outlook. What has no reader of its own is searched
 * for strings, stream by stream.
 */
import {
  type BytesReader,
  type ContainerBytes,
  type ContainerEntry,
  type ReaderLimits,
} from '../container.ts';
import { stringsOf } from '../text/binary-strings.ts';
import { piecesOf } from '../text/pieces.ts';
import { problemOf } from '../text/problems.ts';
import { textPieces } from '../text/text-pieces.ts';
import { isWorkbook, workbookLines } from './compound/excel.ts';
import { macroText } from './compound/macros.ts';
import { isMessage, messageEntries } from './compound/message.ts';
import { presentationLines } from './compound/powerpoint.ts';
import { CompoundFile, type CompoundStream } from './compound/storage.ts';
import { tableStreamOf, wordLines } from './compound/word.ts';

const NOTHING = Buffer.alloc(0);

export const compoundFileReader: BytesReader = { needs: 'bytes', read };

// eslint-disable-next-line require-await
async function* read(
  content: ContainerBytes,
  _name: string,
  limits: ReaderLimits,
): AsyncGenerator<ContainerEntry> {
  try {
    const file = new CompoundFile(content, limits);
    if (isMessage(file)) yield* messageEntries(file);
    else yield* documentEntries(file);
  } catch (error) {
    throw problemOf(error);
  }
}

/** Streams in which macros are described, but which are none. */
const NO_MODULE = /^(?:dir|_VBA_PROJECT|__SRP_)/;
/** Streams with a file of their own: objects that were embedded in a document. */
// eslint-disable-next-line no-control-regex
const EMBEDDED = /^(?:\x01Ole10Native|Package|CONTENTS)$/;

function* documentEntries(file: CompoundFile): Generator<ContainerEntry> {
  const isPresentationEncrypted = file.streams.some(({ path }) => path[0] === 'EncryptedSummary');
  for (const stream of file.streams) {
    const name = stream.path.join('/');
    const last = stream.path.at(-1) ?? '';
    // A document of today's formats in an encrypted shell ([MS-OFFCRYPTO], section 2.3.4), or a presentation.
    if (name === 'EncryptedPackage' || (isPresentationEncrypted && name === 'PowerPoint Document')) {
      yield { name, content: 'encrypted' };
      continue;
    }
    yield { name: `${name}.txt`, content: textPieces(linesOf(file, stream)) };
    if (EMBEDDED.test(last)) yield { name, content: piecesOf(() => file.pieces(stream)) };
    if (stream.path.at(-2) === 'VBA' && !NO_MODULE.test(last)) {
      yield { name: `${name}.bas`, content: piecesOf(() => [macroText(file.bytes(stream)) ?? NOTHING]) };
    }
  }
}

function* linesOf(file: CompoundFile, stream: CompoundStream): Generator<string> {
  const name = stream.path.join('/');
  if (name === 'WordDocument') yield* linesOfWord(file, stream);
  else if (name === 'PowerPoint Document') yield* presentationLines(file.bytes(stream));
  else if (name === 'Workbook' && isWorkbook(file.start(stream))) yield* workbookLines(file.bytes(stream));
  else yield* stringsOf(file.pieces(stream));
}

function* linesOfWord(file: CompoundFile, stream: CompoundStream): Generator<string> {
  const table = tableStreamOf(file.start(stream));
  const tables = file.streams.find(({ path }) => path.length === 1 && path[0] === table);
  if (tables === undefined) yield* stringsOf(file.pieces(stream));
  else yield* wordLines(file.bytes(stream), file.bytes(tables));
}
