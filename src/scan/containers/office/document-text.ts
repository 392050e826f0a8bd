/** The text of documents and presentations, of Office Open XML and of OpenDocument: one line for each paragraph or row of a table. */
import type { ByteSource } from '../container.ts';
import { TextWriter, oneLine } from './text-writer.ts';
import { tokensIn } from './xml-file.ts';
import { type XmlToken, attribute } from './xml-tokens.ts';

/** Maximum number of repeated cells or spaces that are written. */
const MAX_REPEATED = 64;

/** Maximum number of tabs that stand for empty cells. */
const MAX_SEPARATOR = 1024;

/** Elements that contain text in Office Open XML; elsewhere, there are numbers and white space. */
const textElements = new Set(['t', 'instrText', 'delText', 'delInstrText', 'text']);
/** Paragraphs and headings. */
const paragraphs = new Set(['p', 'h']);
const cells = new Set(['tc', 'table-cell', 'covered-table-cell']);
const rows = new Set(['tr', 'table-row']);
/** Attributes that people can fill in: links, descriptions of pictures, and formulas. */
const remarks = ['href', 'descr', 'title', 'tooltip', 'formula', 'instr'];

/** Office Open XML has the text of a paragraph in elements of their own, OpenDocument right in the paragraph. */
export type Dialect = 'ooxml' | 'opendocument';

export async function* documentText(content: ByteSource, dialect: Dialect): ByteSource {
  const text = new DocumentText(dialect);
  try {
    for await (const tokens of tokensIn(content)) {
      for (const token of tokens) {
        text.add(token);
        if (text.writer.isFull) yield text.writer.take();
      }
    }
  } catch (error) {
    yield text.writer.takeAll();
    throw error;
  }
  yield text.writer.takeAll();
}

class DocumentText {
  readonly writer = new TextWriter();
  readonly #dialect: Dialect;
  /** How many elements with text are open, and how many cells. */
  #textDepth = 0;
  #cellDepth = 0;
  /** What separates the last cell or paragraph of a row from the next one, if there is one. */
  #separator = '';

  constructor(dialect: Dialect) {
    this.#dialect = dialect;
  }

  add(token: XmlToken): void {
    if (token.kind === 'text') this.#text(token.text);
    else if (token.kind === 'open') this.#open(token.name, token.tag);
    else this.#close(token.name);
  }

  #text(text: string): void {
    if (this.#textDepth > 0) this.#write(oneLine(text));
    else if (/[^\s\d.-]/.test(text)) this.writer.remark(text);
  }

  #open(name: string, tag: string): void {
    if (this.#hasText(name)) this.#textDepth += 1;
    if (name === 'tab') this.#write('\t');
    if (name === 's') this.#write(' '.repeat(repetition(tag, 'c')));
    for (const remark of remarks) if (tag.includes(remark)) this.writer.remark(attribute(tag, remark));
    if (!cells.has(name)) return;
    this.#cellDepth += 1;
    this.#separator += '\t'.repeat(repetition(tag, 'number-columns-repeated') - 1);
  }

  #close(name: string): void {
    if (this.#hasText(name)) this.#textDepth = Math.max(0, this.#textDepth - 1);
    if (cells.has(name)) {
      this.#cellDepth = Math.max(0, this.#cellDepth - 1);
      this.#separator = `${this.#separator.replace(/ $/, '')}\t`.slice(0, MAX_SEPARATOR);
    } else if (rows.has(name)) {
      this.#separator = '';
      this.writer.endLine();
    } else if (paragraphs.has(name) || name === 'br' || name === 'cr' || name === 'line-break') {
      // A row is one line, however many paragraphs its cells have.
      if (this.#cellDepth > 0) this.#separator ||= ' ';
      else this.writer.endLine();
    }
  }

  #write(text: string): void {
    this.writer.write(this.#separator + text);
    this.#separator = '';
  }

  #hasText(name: string): boolean {
    return this.#dialect === 'ooxml' ? textElements.has(name) : paragraphs.has(name);
  }
}

function repetition(tag: string, name: string): number {
  const count = Number(attribute(tag, name) ?? 1);
  return count >= 1 ? Math.min(count, MAX_REPEATED) : 1;
}
