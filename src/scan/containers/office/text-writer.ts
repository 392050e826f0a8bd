/** The text that is extracted from a part of a document: paragraphs on lines of their own, cells separated by tabs. */

/** Number of characters up to which something is kept for the end of a line. */
const MAX_REMARKS = 65_536;
const PIECE = 32_768;

export class TextWriter {
  #text = '';
  /** What belongs to the line without being part of its text, such as the address of a link. */
  #remarks = '';

  write(text: string): void {
    this.#text += text;
  }

  /** Adds something to the end of the line. */
  remark(text: string | undefined): void {
    if (text === undefined || text.trim() === '') return;
    this.#remarks += `\t${oneLine(text)}`;
    // Rather in the middle of the line than lost.
    if (this.#remarks.length > MAX_REMARKS) this.#writeRemarks();
  }

  endLine(): void {
    this.#writeRemarks();
    this.#text += '\n';
  }

  /** Enough was written to take it. */
  get isFull(): boolean {
    return this.#text.length >= PIECE;
  }

  /** What was written since the last time. */
  take(): Buffer {
    const bytes = Buffer.from(this.#text);
    this.#text = '';
    return bytes;
  }

  takeAll(): Buffer {
    if (this.#remarks !== '') this.endLine();
    return this.take();
  }

  #writeRemarks(): void {
    this.#text += this.#remarks;
    this.#remarks = '';
  }
}

/** The text without ends of lines, which would move what follows to another line, and without tabs. */
export function oneLine(text: string): string {
  return text.replaceAll(/[\t\r\n\v\f\u0085\u2028\u2029]/g, ' ');
}
