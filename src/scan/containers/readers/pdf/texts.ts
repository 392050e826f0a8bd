/** Texts that are not on pages: titles, comments, values of fields; and streams that are files of their own. */
import type { PdfDocument } from './document.ts';
import {
  type Dictionary,
  Name,
  PdfStream,
  type PdfValue,
  isArray,
  isDictionary,
  nameIn,
  textOfString,
} from './values.ts';

const MAX_DEPTH = 20;
/** Keys of strings that are bytes, or the same in every document. */
const NO_TEXT: ReadonlySet<string> = new Set([
  'CharSet',
  'CIDSet',
  'CreationDate',
  'DA',
  'ID',
  'Lang',
  'ModDate',
  'O',
  'OE',
  'Ordering',
  'Panose',
  'Perms',
  'Registry',
  'U',
  'UE',
]);

export interface NamedStream {
  readonly name: string;
  readonly stream: PdfStream;
}

/** Lines for the texts in an object: one for each dictionary that has any. */
export function* linesIn(value: PdfValue, depth = 0): Generator<string> {
  if (depth > MAX_DEPTH) return;
  if (value instanceof PdfStream) yield* linesIn(value.dictionary, depth);
  else if (isArray(value)) {
    for (const element of value) {
      if (typeof element !== 'string') yield* linesIn(element, depth + 1);
      else if (isReadable(element)) yield JSON.stringify(textOfString(element));
    }
  } else if (isDictionary(value)) {
    const line = lineOf(value);
    if (line !== undefined) yield line;
    for (const [key, entry] of value) if (!NO_TEXT.has(key)) yield* linesIn(entry, depth + 1);
  }
}

/** The texts of a dictionary as JSON. The value of a form's field stands beside the field's name. */
function lineOf(dictionary: Dictionary): string | undefined {
  const texts: Record<string, string> = {};
  for (const [key, value] of dictionary) {
    const isText = typeof value === 'string' && !NO_TEXT.has(key) && isReadable(value);
    if (isText) texts[key] = textOfString(value);
  }
  const { T: name, V: value } = texts;
  if (name !== undefined && value !== undefined) texts[name] = value;
  return Object.keys(texts).length === 0 ? undefined : JSON.stringify(texts);
}

function isReadable(value: string): boolean {
  // Text has few control characters, if it is not UTF-16.
  return value.startsWith('\xfe\xff') || !/[^\t\n\f\r\x20-\xff]/.test(value);
}

/** The streams that an object says are files, scripts or forms: each is an entry of its own. */
export async function* streamsIn(
  document: PdfDocument,
  value: PdfValue,
  depth = 0,
): AsyncGenerator<NamedStream> {
  if (depth > MAX_DEPTH) return;
  if (value instanceof PdfStream) {
    const { dictionary } = value;
    if (nameIn(dictionary, 'Type') === 'Metadata') yield { name: 'metadata.xml', stream: value };
    yield* streamsIn(document, dictionary, depth);
  } else if (isArray(value)) {
    for (const element of value) yield* streamsIn(document, element, depth + 1);
  } else if (isDictionary(value)) {
    yield* namedStreams(document, value);
    for (const entry of value.values()) yield* streamsIn(document, entry, depth + 1);
  }
}

async function* namedStreams(document: PdfDocument, dictionary: Dictionary): AsyncGenerator<NamedStream> {
  const files = dictionary.get('EF');
  if (files !== undefined) {
    const given = dictionary.get('UF') ?? dictionary.get('F');
    const name = typeof given === 'string' ? textOfString(given) : 'attachment';
    const versions = await document.dictionary(files);
    const stream = await document.resolve(versions.get('F') ?? versions.get('UF'));
    if (stream instanceof PdfStream) yield { name, stream };
  }
  const script = await document.resolve(dictionary.get('JS'));
  if (script instanceof PdfStream) yield { name: 'script.js', stream: script };
  const form = await document.resolve(dictionary.get('XFA'));
  const parts = isArray(form)
    ? await Promise.all(form.slice(0, 100).map((part) => document.resolve(part)))
    : [form];
  for (const part of parts) if (part instanceof PdfStream) yield { name: 'form.xml', stream: part };
}

/** True for streams that may contain operators which show text. */
export function mayShowText({ dictionary }: PdfStream): boolean {
  const [type, subtype] = [nameIn(dictionary, 'Type'), nameIn(dictionary, 'Subtype')];
  if (subtype !== '' && subtype !== 'Form') return false;
  if (type !== '' && type !== 'XObject' && type !== 'Pattern') return false;
  // Programs of fonts, profiles of colours, functions.
  return !['Length1', 'N', 'FunctionType', 'ShadingType', 'CMapName'].some((key) => {
    const value = dictionary.get(key);
    return typeof value === 'number' || value instanceof Name;
  });
}
