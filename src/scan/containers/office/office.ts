/** Office documents in zip files: the parts with what people wrote become plain text, and are not read as XML too. All others stay. */
import type { ByteSource, ContainerEntry, ContainerGap, ReaderLimits } from '../container.ts';
import type { ZipEntry } from '../zip/directory.ts';
import { documentText } from './document-text.ts';
import { type SharedTexts, hiddenTexts, readSharedTexts, sharedTextLines, sheetText } from './spreadsheet.ts';

type Open = (entry: ZipEntry) => ByteSource | ContainerGap;

const MIMETYPE = 'mimetype';
const MANIFEST = 'META-INF/manifest.xml';
const SPREADSHEET = 'spreadsheet';
/** What the manifest says of entries that are encrypted, which the zip file does not. */
const ENCRYPTION = ':encryption-data';
const SHARED_TEXTS = 'xl/sharedStrings.xml';
/** Texts, comments, notes and drawings. Layouts and styles have none of their own. */
const OOXML = new RegExp(
  [
    String.raw`^word/(?:document|header|footer|footnotes|endnotes|comments|glossary/document)\d*\.xml$`,
    String.raw`^ppt/(?:slides|notesSlides|comments)/[^/]+\.xml$`,
    String.raw`^xl/(?:comments\d*|(?:comments|threadedComments|drawings)/[^/]+)\.xml$`,
  ].join('|'),
);
const SHEET = /^xl\/worksheets\/[^/]+\.xml$/;
const OPEN_DOCUMENT = /^(?:Object [^/]+\/)?content\.xml$/;
/** Maximum number of entries among which the one that tells the kind of a document is looked for. */
const MAX_LOOKED_AT = 10_000;
/** How much of an entry is searched for a word. */
const MAX_START = 2 ** 20;

/** The entries of a zip file, with the text of documents. */
export async function* officeEntries(
  entries: () => Iterable<ZipEntry>,
  open: Open,
  limits: ReaderLimits,
): AsyncIterable<ContainerEntry> {
  const { kind, texts, manifest, mimetype } = lookAt(entries());
  const shared = texts === undefined ? undefined : await sharedTextsIn(open(texts), limits);
  const isEncrypted = manifest !== undefined && (await mentions(open(manifest), ENCRYPTION));
  const isSpreadsheet = mimetype !== undefined && (await mentions(open(mimetype), SPREADSHEET));
  for (const entry of entries()) {
    const { name } = entry;
    if (isEncrypted && name !== MIMETYPE && !name.startsWith('META-INF/')) {
      yield { name, content: 'encrypted' };
    } else if (kind === 'opendocument' && OPEN_DOCUMENT.test(name)) {
      const text = (content: ByteSource) => documentText(content, 'opendocument');
      yield textEntry(isSpreadsheet ? csvName(name) : textName(name), open(entry), text);
    } else if (kind === 'ooxml' && OOXML.test(name)) {
      yield textEntry(textName(name), open(entry), (content) => documentText(content, 'ooxml'));
    } else if (kind === 'ooxml' && SHEET.test(name)) {
      yield textEntry(csvName(name), open(entry), (content) => sheetText(content, shared));
    } else if (kind === 'ooxml' && name === SHARED_TEXTS) {
      if (shared === undefined) yield textEntry(textName(name), open(entry), sharedTextLines);
    } else {
      yield { name, content: open(entry) };
    }
  }
  if (shared !== undefined && shared.shown.size < shared.texts.length) {
    yield { name: textName(SHARED_TEXTS), content: hiddenTexts(shared) };
  }
}

/** What is known of a document before its entries are read. */
interface Overview {
  kind?: 'ooxml' | 'opendocument';
  texts?: ZipEntry;
  manifest?: ZipEntry;
  mimetype?: ZipEntry;
}

function lookAt(entries: Iterable<ZipEntry>): Overview {
  const overview: Overview = {};
  let count = 0;
  try {
    for (const entry of entries) {
      if (entry.name === '[Content_Types].xml') overview.kind = 'ooxml';
      else if (entry.name === MIMETYPE && count === 0) overview.mimetype = entry;
      else if (entry.name === SHARED_TEXTS) overview.texts = entry;
      else if (entry.name === MANIFEST && overview.mimetype !== undefined) overview.manifest = entry;
      count += 1;
      if (count === MAX_LOOKED_AT) break;
    }
  } catch {
    // The entries are read once more, and then it counts.
  }
  if (overview.mimetype !== undefined) overview.kind ??= 'opendocument';
  return overview;
}

/** True if the start of an entry contains this word; false also if it cannot be read, which is said when it is its turn. */
async function mentions(content: ByteSource | ContainerGap, word: string): Promise<boolean> {
  if (typeof content === 'string') return false;
  let text = '';
  let length = 0;
  try {
    for await (const piece of content) {
      text = text.slice(-word.length) + Buffer.from(piece).toString('latin1');
      if (text.includes(word)) return true;
      length += piece.length;
      if (length > MAX_START) return false;
    }
  } catch {
    // It is an entry like others.
  }
  return false;
}

/** @returns undefined if they cannot be read as a whole: they then are an entry like others */
async function sharedTextsIn(
  content: ByteSource | ContainerGap,
  limits: ReaderLimits,
): Promise<SharedTexts | undefined> {
  if (typeof content === 'string') return undefined;
  return await readSharedTexts(content, limits.memoryBytes / 4).catch(() => undefined);
}

function textEntry(
  name: string,
  content: ByteSource | ContainerGap,
  convert: (content: ByteSource) => ByteSource,
): ContainerEntry {
  return { name, content: typeof content === 'string' ? content : convert(content) };
}

/** The name of the rows of a sheet: as a list, in which passwords are told by the heading of their column. */
function csvName(name: string): string {
  return name.replace(/xml$/, 'csv');
}

/** The name of a part as a text. */
function textName(name: string): string {
  return name.replace(/xml$/, 'txt');
}
