/**
 * Sheets of Office Open XML: each row is the line of its number, with its cells separated by tabs. Texts are not in the sheets but in a
 * table of their own, which is held in memory as far as that allows.
 */
import type { ByteSource } from '../container.ts';
import { TextWriter, oneLine } from './text-writer.ts';
import { tokensIn } from './xml-file.ts';
import { attribute } from './xml-tokens.ts';

const MAX_ROWS = 1_048_576;
/** Maximum number of empty cells that are written. */
const MAX_GAP = 256;
/** Number of characters from which on a text is passed on in parts: a cell has at most 32,767. */
const MAX_TEXT = 65_536;
/** What a text takes besides its characters. */
const TEXT_BYTES = 32;

export interface SharedTexts {
  readonly texts: readonly string[];
  /** Numbers of the texts that a cell shows. */
  readonly shown: Set<number>;
}

/** Reads the table of texts. @returns undefined if it does not fit */
export async function readSharedTexts(
  content: ByteSource,
  memoryBytes: number,
): Promise<SharedTexts | undefined> {
  const texts: string[] = [];
  let bytes = 0;
  for await (const text of sharedTexts(content)) {
    texts.push(text);
    bytes += 2 * text.length + TEXT_BYTES;
    if (bytes > memoryBytes) return undefined;
  }
  return { texts, shown: new Set() };
}

/** The table of texts, each on a line of its own. */
export async function* sharedTextLines(content: ByteSource): ByteSource {
  const writer = new TextWriter();
  for await (const text of sharedTexts(content)) {
    writer.write(text);
    writer.endLine();
    if (writer.isFull) yield writer.take();
  }
  yield writer.takeAll();
}

/** The texts that no cell shows. */
export async function* hiddenTexts({ texts, shown }: SharedTexts): ByteSource {
  for (const [number, text] of texts.entries()) if (!shown.has(number)) yield Buffer.from(`${text}\n`);
}

/** Each without the signs above it that show how it is read. */
async function* sharedTexts(content: ByteSource): AsyncIterable<string> {
  let text = '';
  let [isText, isPhonetic] = [false, false];
  for await (const tokens of tokensIn(content)) {
    for (const token of tokens) {
      if (token.kind === 'text') {
        if (isText && !isPhonetic) text += oneLine(token.text);
        if (text.length <= MAX_TEXT) continue;
        yield text;
        text = '';
      } else if (token.name === 't') isText = token.kind === 'open';
      else if (token.name === 'rPh') isPhonetic = token.kind === 'open';
      else if (token.name === 'si' && token.kind === 'close') {
        yield text;
        text = '';
      }
    }
  }
}

/** The rows of a sheet. Formulas, and texts that belong to no cell, are at the end of the line. */
export async function* sheetText(content: ByteSource, shared: SharedTexts | undefined): ByteSource {
  const writer = new TextWriter();
  let [row, column] = [1, 0];
  let [type, value, element] = ['', '', ''];
  for await (const tokens of tokensIn(content)) {
    for (const token of tokens) {
      if (token.kind === 'text') {
        if (element === 'v' || element === 't') value += oneLine(token.text);
        else writer.remark(token.text);
        if (value.length > MAX_TEXT) {
          writer.write(value);
          value = '';
        }
      } else if (token.kind === 'open') {
        element = token.name;
        if (token.name === 'row') {
          const number = Math.min(Number(attribute(token.tag, 'r') ?? row), MAX_ROWS);
          for (; row < number; row += 1) {
            writer.endLine();
            if (writer.isFull) yield writer.take();
          }
          column = 0;
        } else if (token.name === 'c') {
          const next = columnOf(attribute(token.tag, 'r')) ?? column;
          writer.write('\t'.repeat(Math.min(Math.max(0, next - column), MAX_GAP)));
          column = Math.max(next, column);
          type = attribute(token.tag, 't') ?? '';
          value = '';
        }
      } else {
        element = '';
        if (token.name === 'c') {
          writer.write(type === 's' ? sharedText(value, shared) : value);
          value = '';
        } else if (token.name === 'row') {
          writer.endLine();
          row += 1;
        }
      }
      if (writer.isFull) yield writer.take();
    }
  }
  yield writer.takeAll();
}

function sharedText(value: string, shared: SharedTexts | undefined): string {
  if (shared === undefined || !/^\d{1,9}$/.test(value)) return value;
  const number = Number(value);
  const text = shared.texts[number];
  if (text !== undefined) shared.shown.add(number);
  return text ?? value;
}

/** The number of the column in a name such as `AB12`, from 0. */
function columnOf(cell: string | undefined): number | undefined {
  const letters = /^[A-Z]{1,3}(?=\d)/.exec(cell ?? '')?.[0];
  if (letters === undefined) return undefined;
  return Buffer.from(letters).reduce((number, letter) => number * 26 + letter - 64, 0) - 1;
}
