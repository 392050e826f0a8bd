/**
 * PDF: the text of each page as an entry, and what is not on a page: attached files, scripts and forms as entries; titles, comments and
 * the values of fields as lines of one entry.
 */
import {
  type BytesReader,
  type ByteSource,
  type ContainerBytes,
  type ContainerEntry,
  ContainerError,
  type ContainerGap,
  type ReaderLimits,
} from '../container.ts';
import { textPieces } from '../text/text-pieces.ts';
import { PdfDocument } from './pdf/document.ts';
import { PageText } from './pdf/page-text.ts';
import { type Page, pagesOf } from './pdf/pages.ts';
import { type NamedStream, linesIn, mayShowText, streamsIn } from './pdf/texts.ts';
import { type Dictionary, PdfStream, type PdfValue, isArray } from './pdf/values.ts';

/** Maximum number of files, scripts and forms that become entries. */
const MAX_STREAMS = 10_000;
/** Maximum number of fonts that are remembered for contents without resources of their own. */
const MAX_FONTS = 1000;

export const pdfReader: BytesReader = { needs: 'bytes', read };

async function* read(
  content: ContainerBytes,
  _name: string,
  limits: ReaderLimits,
): AsyncGenerator<ContainerEntry> {
  const document = await PdfDocument.open(content, limits);
  const texts = new Texts(document);
  let number = 0;
  for await (const page of pagesOf(document)) {
    number += 1;
    yield { name: `page-${number}.txt`, content: textPieces(texts.page(page)) };
  }
  yield { name: 'other content.txt', content: textPieces(texts.otherContent()) };
  yield { name: 'document.txt', content: textPieces(texts.outsidePages()) };
  let count = 0;
  for await (const { name, stream } of texts.streams()) {
    count += 1;
    if (count > MAX_STREAMS) throw new ContainerError('container-limit', 'too many files in it');
    yield { name: `${count}/${name}`, content: await contentOf(document, stream) };
  }
  document.reportProblems();
}

async function contentOf(document: PdfDocument, stream: PdfStream): Promise<ByteSource | ContainerGap> {
  return (await document.decoded(stream)) ?? 'unsupported';
}

/** The texts of a document, page by page and beside the pages. */
class Texts {
  readonly #document: PdfDocument;
  /** The places of the streams that were read. */
  readonly #seen = new Set<number>();
  /** The fonts of all pages, by name: names are the same on most pages. */
  readonly #fonts = new Map<string, PdfValue>();

  constructor(document: PdfDocument) {
    this.#document = document;
  }

  /** The lines of a page. Its content may be divided anywhere between two operators. */
  async *page({ dictionary, resources }: Page): AsyncGenerator<string> {
    const document = this.#document;
    for (const [name, font] of await document.dictionary(resources.get('Font'))) {
      if (this.#fonts.size < MAX_FONTS) this.#fonts.set(name, font);
    }
    const contents = await document.resolve(dictionary.get('Contents'));
    const pieces: Buffer[] = [];
    let problem: ContainerError | undefined;
    let size = 0;
    for (const part of isArray(contents) ? contents : [contents]) {
      const stream = await document.resolve(part);
      if (!(stream instanceof PdfStream)) continue;
      this.#seen.add(stream.from);
      const read = await document.bytes(stream);
      problem ??= read.problem;
      pieces.push(read.bytes, Buffer.from('\n'));
      size += read.bytes.length;
      if (size <= document.maxStreamBytes) continue;
      problem ??= new ContainerError('container-limit', 'a page is too long');
      break;
    }
    const text = new PageText(document, this.#seen);
    await text.addContent(Buffer.concat(pieces), resources);
    yield* text.lines();
    problem ??= text.problem;
    if (problem !== undefined) throw problem;
  }

  /** Content that belongs to no page: earlier versions, appearances of comments and of fields. */
  async *otherContent(): AsyncGenerator<string> {
    const inherited = new Map<string, PdfValue>([['Font', this.#fonts]]);
    for await (const stream of this.#otherStreams()) {
      const { bytes } = await this.#document.bytes(stream);
      if (!/\bBT\b/.test(bytes.toString('latin1'))) continue;
      const own = stream.dictionary.get('Resources');
      const resources = own === undefined ? inherited : await this.#document.dictionary(own);
      const text = new PageText(this.#document, this.#seen);
      await text.addContent(bytes, resources);
      yield* text.lines();
    }
  }

  async *#otherStreams(): AsyncGenerator<PdfStream> {
    for (const number of this.#document.numbers()) {
      const value = await this.#document.object(number);
      if (value instanceof PdfStream && this.#isOther(value)) yield value;
    }
    for (const stream of this.#document.replacedStreams()) if (this.#isOther(stream)) yield stream;
  }

  #isOther(stream: PdfStream): boolean {
    if (this.#seen.has(stream.from) || !mayShowText(stream)) return false;
    this.#seen.add(stream.from);
    return true;
  }

  /** Titles, comments, values of fields. */
  async *outsidePages(): AsyncGenerator<string> {
    for (const number of this.#document.numbers()) yield* linesIn(await this.#document.object(number));
    yield* linesIn(this.#trailerTexts());
  }

  #trailerTexts(): Dictionary {
    return new Map([...this.#document.trailer].filter(([key]) => key === 'Info'));
  }

  /** Files, scripts and forms. */
  async *streams(): AsyncGenerator<NamedStream> {
    const named = new Set<number>();
    for (const number of this.#document.numbers()) {
      for await (const found of streamsIn(this.#document, await this.#document.object(number))) {
        if (named.has(found.stream.from)) continue;
        named.add(found.stream.from);
        yield found;
      }
    }
  }
}
