/** The texts of a workbook of Excel 97 to 2003 (Microsoft, [MS-XLS], section 2.4). */
import { ContainerError } from '../../container.ts';

const BEGIN = 0x0809;
const CONTINUE = 0x003c;
const CELL_TEXT = 0x0204;
const ENCRYPTED = 0x002f;
const FORMULA_TEXT = 0x0207;
const LINK = 0x01b8;
const SHARED_TEXTS = 0x00fc;
const SHARED_TEXT = 0x00fd;
const SHEET = 0x0085;
const TEXT_OF_OBJECT = 0x01b6;
const FORMULA = 0x0006;
const NUMBER = 0x0203;
/** The version in which texts are stored in this way. */
const BIFF_8 = 0x0600;

interface WorkbookRecord {
  readonly type: number;
  /** Its data, and that of the records that continue it. */
  readonly parts: readonly Buffer[];
}

/** The lines of the workbook: the names of its sheets, then the rows of each, with tabs between the cells. */
export function* workbookLines(stream: Buffer): Generator<string> {
  let texts: readonly string[] = [];
  let row = -1;
  let cells: string[] = [];
  for (const { type, parts } of recordsOf(stream)) {
    const data = parts[0] ?? Buffer.alloc(0);
    if (type === ENCRYPTED) throw new ContainerError('encrypted', 'a password is needed');
    if (type === SHARED_TEXTS) texts = sharedTexts(parts);
    const isCell = type === SHARED_TEXT || type === CELL_TEXT || type === FORMULA || type === NUMBER;
    if (isCell && data.readUInt16LE(0) !== row) {
      if (cells.length > 0) yield cells.join('\t');
      cells = [];
      row = data.readUInt16LE(0);
    }
    if (type === SHARED_TEXT) cells.push(texts[data.readUInt32LE(6)] ?? '');
    else if (type === NUMBER) cells.push(String(data.readDoubleLE(6)));
    else if (type === CELL_TEXT) cells.push(new Texts([data.subarray(6)]).next());
    else if (type === FORMULA_TEXT) cells.push(new Texts(parts).next());
    else if (type === TEXT_OF_OBJECT) yield textOfObject(data, parts.slice(1));
    else if (type === SHEET) yield characters(data.subarray(8, 8 + 2 * (data[6] ?? 0)), data[7] ?? 0);
    else if (type === LINK) yield data.toString('utf16le', 32).replaceAll(/[^\t\x20-\ud7ff]+/g, ' ');
  }
  if (cells.length > 0) yield cells.join('\t');
}

/** The text of a comment or of a box: it follows in records of its own, each with a byte for the size of its characters. */
function textOfObject(object: Buffer, parts: readonly Buffer[]): string {
  const length = object.readUInt16LE(10);
  let text = '';
  for (const part of parts) {
    if (text.length >= length) break;
    text += characters(part.subarray(1), part[0] ?? 0);
  }
  return text.slice(0, length);
}

/** True for the version that is read here. */
export function isWorkbook(stream: Buffer): boolean {
  return stream.length >= 8 && stream.readUInt16LE(0) === BEGIN && stream.readUInt16LE(4) === BIFF_8;
}

function* recordsOf(stream: Buffer): Generator<WorkbookRecord> {
  let current: { type: number; parts: Buffer[] } | undefined;
  for (let at = 0; at + 4 <= stream.length;) {
    const type = stream.readUInt16LE(at);
    const end = at + 4 + stream.readUInt16LE(at + 2);
    const data = stream.subarray(at + 4, end);
    if (type === CONTINUE && current !== undefined) current.parts.push(data);
    else {
      if (current !== undefined) yield current;
      current = { type, parts: [data] };
    }
    at = end;
  }
  if (current !== undefined) yield current;
}

/** The texts that cells refer to: section 2.4.265. */
function sharedTexts(parts: readonly Buffer[]): string[] {
  const [first = Buffer.alloc(0), ...more] = parts;
  const texts = new Texts([first.subarray(8), ...more]);
  const found: string[] = [];
  while (!texts.isAtEnd) found.push(texts.next());
  return found;
}

/** Texts with formats, which may go on in the next record, there with another size of characters: section 2.5.293. */
class Texts {
  readonly #parts: readonly Buffer[];
  #part = 0;
  #at = 0;

  constructor(parts: readonly Buffer[]) {
    this.#parts = parts;
  }

  get isAtEnd(): boolean {
    this.#moveOn();
    return this.#part >= this.#parts.length;
  }

  next(): string {
    this.#moveOn();
    const header = this.#take(3);
    const flags = header[2] ?? 0;
    const runs = (flags & 8) === 0 ? 0 : this.#take(2).readUInt16LE(0);
    const extension = (flags & 4) === 0 ? 0 : this.#take(4).readUInt32LE(0);
    let text = '';
    let isWide = (flags & 1) !== 0;
    for (let left = header.readUInt16LE(0); left > 0;) {
      if (this.#left === 0) {
        if (!this.#nextPart()) break;
        isWide = ((this.#take(1)[0] ?? 0) & 1) !== 0;
      }
      const count = Math.min(left, isWide ? this.#left >> 1 : this.#left);
      if (count === 0) break;
      text += characters(this.#take(isWide ? 2 * count : count), isWide ? 1 : 0);
      left -= count;
    }
    this.#skip(4 * runs + extension);
    return text;
  }

  get #left(): number {
    return (this.#parts[this.#part]?.length ?? 0) - this.#at;
  }

  #take(count: number): Buffer {
    const bytes = this.#parts[this.#part]?.subarray(this.#at, this.#at + count);
    if (bytes === undefined || bytes.length < count) throw new ContainerError('damaged', 'a text is cut off');
    this.#at += count;
    return bytes;
  }

  #skip(count: number): void {
    for (let left = count; left > 0;) {
      const step = Math.min(left, this.#left);
      this.#at += step;
      left -= step;
      if (left > 0 && !this.#nextPart()) return;
    }
  }

  #moveOn(): void {
    while (this.#left === 0 && this.#part < this.#parts.length) this.#nextPart();
  }

  #nextPart(): boolean {
    this.#part += 1;
    this.#at = 0;
    return this.#part < this.#parts.length;
  }
}

/** Characters of one byte or, if the lowest bit is set, of two. */
function characters(bytes: Buffer, flags: number): string {
  return (flags & 1) === 0 ? bytes.toString('latin1') : bytes.toString('utf16le');
}
