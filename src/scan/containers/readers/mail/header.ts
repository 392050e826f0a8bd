/** The header of a message or of one of its parts (RFC 5322, 2045, 2047, 2231). */
import type { LineCursor } from './line-cursor.ts';

/** Longest header, and longest field, that are kept, in bytes. */
const MAX_HEADER_BYTES = 256 * 1024;
const MAX_FIELD_BYTES = 32 * 1024;
const ENCODED_WORD = /=\?([^?*\s]{1,40})(?:\*[^?\s]{0,20})?\?([bq])\?([^?\s]{0,8192})\?=/gi;
const PARAMETER = /;\s*([a-z]{1,20})(?:\*(\d{1,2}))?(\*)?=(?:"((?:[^"\\]|\\.){0,4096})"|([^\s;"]{0,4096}))/gi;

/** RFC 8551, section 3.2; RFC 3156, section 4: the first part has only a version. */
const ENCRYPTED =
  /^\s*application\/(?:x-)?pkcs7-mime\b(?!.*signed-data)|^\s*application\/octet-stream;.*\bencrypted\.asc\b/i;

export interface Header {
  /** Fields with encoded words, as they read: one line for each. */
  readonly decoded: readonly string[];
  /** In lower case: `text/html`. */
  readonly type: string;
  readonly encoding: string;
  readonly charset: string;
  /** Empty if there is none. */
  readonly boundary: string;
  readonly fileName: string | undefined;
  /** What follows is encrypted (S/MIME, or a part of PGP/MIME). */
  readonly isEncrypted: boolean;
}

/** Reads the header and the empty line after it. */
export async function readHeader(cursor: LineCursor): Promise<Header> {
  const fields: string[] = [];
  let size = 0;
  for (let line = await cursor.next(); line !== undefined && line !== ''; line = await cursor.next()) {
    size += line.length;
    if (size > MAX_HEADER_BYTES) continue;
    const last = fields.at(-1);
    if (!/^[ \t]/.test(line) || last === undefined) fields.push(line.slice(0, MAX_FIELD_BYTES));
    else if (last.length + line.length <= MAX_FIELD_BYTES) fields[fields.length - 1] = last + line;
  }
  return headerOf(fields);
}

function headerOf(fields: readonly string[]): Header {
  const contentType = valueOf(fields, 'content-type');
  const parameters = parametersOf(contentType);
  const disposition = parametersOf(valueOf(fields, 'content-disposition'));
  return {
    decoded: fields.filter((field) => field.includes('=?')).map((field) => decodeWords(field)),
    type: (contentType.split(';', 1)[0] ?? '').trim().toLowerCase(),
    encoding: valueOf(fields, 'content-transfer-encoding').trim().toLowerCase(),
    charset: (parameters.get('charset') ?? '').toLowerCase(),
    boundary: parameters.get('boundary') ?? '',
    fileName: disposition.get('filename') ?? parameters.get('name'),
    isEncrypted: ENCRYPTED.test(contentType),
  };
}

function valueOf(fields: readonly string[], name: string): string {
  const field = fields.find((field) => field.slice(0, name.length + 1).toLowerCase() === `${name}:`);
  return field?.slice(name.length + 1) ?? '';
}

/** The parameters of a field, those in several parts joined (RFC 2231, section 3). */
function parametersOf(value: string): ReadonlyMap<string, string> {
  const parameters = new Map<string, string>();
  for (const [, key = '', , isExtended, quoted, bare = ''] of value.matchAll(PARAMETER)) {
    const name = key.toLowerCase();
    const text = quoted?.replaceAll(/\\(.)/g, '$1') ?? bare;
    const decoded = isExtended === undefined ? decodeWords(text) : decodeExtended(text);
    parameters.set(name, (parameters.get(name) ?? '') + decoded);
  }
  return parameters;
}

/** `utf-8'en'%c3%a9`; a later part has no character set. */
function decodeExtended(text: string): string {
  const [, charset = 'utf-8', rest = text] = /^([^']*)'[^']*'(.*)$/.exec(text) ?? [];
  const bytes = rest.replaceAll(/%([\da-f]{2})/gi, (_, digits: string) => byteOf(digits));
  return decode(Buffer.from(bytes, 'latin1'), charset);
}

/** A text with its encoded words decoded. Between two of them, white space does not count. */
function decodeWords(text: string): string {
  const joined = text.replaceAll(/\?=\s{1,10}=\?/g, '?==?');
  return utf8(joined).replaceAll(ENCODED_WORD, (_, charset: string, how: string, word: string) => {
    const isBase64 = how.toLowerCase() === 'b';
    const quoted = word
      .replaceAll('_', ' ')
      .replaceAll(/=([\da-f]{2})/gi, (_, digits: string) => byteOf(digits));
    return decode(isBase64 ? Buffer.from(word, 'base64') : Buffer.from(quoted, 'latin1'), charset);
  });
}

function byteOf(digits: string): string {
  return String.fromCharCode(Number.parseInt(digits, 16));
}

/** Fields may be UTF-8 (RFC 6532). */
function utf8(bytes: string): string {
  return Buffer.from(bytes, 'latin1').toString();
}

function decode(bytes: Buffer, charset: string): string {
  return decoderFor(charset)?.decode(bytes) ?? bytes.toString();
}

/** A decoder of a character set; undefined if text in it can be read as UTF-8, or it is unknown. */
export function decoderFor(charset: string): TextDecoder | undefined {
  if (charset === '' || /^(?:us-ascii|ascii|utf-?8)$/i.test(charset)) return undefined;
  try {
    return new TextDecoder(charset);
  } catch {
    return undefined;
  }
}
