/**
 * Armour (RFC 7468) as it is carried by other texts: commented out, quoted in a mail, in a diff or a log, numbered,
 * marked up, or concatenated in a program. What stands around each of its lines is taken off.
 */

/** Any run of base64; a key's first lines are longer than whatever stands beside them. */
const RUN = /[A-Za-z0-9+/]{1,16384}={0,2}/g;
const MIN_LINE_CHARS = 32;
/** A line has at most this many characters before its base64: a time, a host, a container, a level. */
const MAX_PREFIX_CHARS = 400;
/** Shapes of prefixes that are remembered: two or three occur in one text. */
const MAX_PREFIXES = 8;
const HEADER = /(?:Proc-Type|DEK-Info|Version|Comment|Hash|Charset): .{0,160}/;

/** Armour without its first and last line. */
export interface ArmourBody {
  /** RFC 1421 headers, a line each. */
  readonly headers: string;
  /** Base64 without white space. */
  readonly body: string;
  /** Nearly all lines have one length, as those of a key do. */
  readonly isRegular: boolean;
}

/**
 * Takes off what stands before and after the base64 on each line: the longest run of it, or else what follows the
 * prefix of an earlier line, in which digits may differ.
 * @param text of which escapes are resolved (`resolved`), between the first line of the armour and the last
 * @param before the text before the armour; its last characters may be a prefix that looks like base64: `+`, `//`
 */
export function undecorated(text: string, before: string): ArmourBody {
  const attached = /[+/]{1,3}$/.exec(before)?.[0] ?? '';
  const prefixes: RegExp[] = [];
  const headers: string[] = [];
  const runs: string[] = [];
  for (const line of text.split('\n')) {
    const header = HEADER.exec(line)?.[0];
    if (header !== undefined) headers.push(header);
    else runs.push(runOf(line, attached, prefixes));
  }
  const found = runs.filter((run) => run !== '');
  const width = found[0]?.length ?? 0;
  return {
    headers: headers.map((line) => `${line}\n`).join(''),
    body: /^[^=]*={0,2}/.exec(found.join(''))?.[0] ?? '',
    isRegular: found.length >= 3 && found.slice(0, -1).every((run) => run.length === width),
  };
}

function runOf(line: string, attached: string, prefixes: RegExp[]): string {
  for (const prefix of prefixes) {
    const known = prefix.exec(line)?.[0];
    const run = known === undefined ? undefined : /^[A-Za-z0-9+/]+={0,2}/.exec(line.slice(known.length))?.[0];
    if (run !== undefined) return run;
  }
  let longest = '';
  let at = 0;
  for (const { 0: run, index } of line.slice(0, MAX_PREFIX_CHARS + 16_384).matchAll(RUN)) {
    if (run.length > longest.length) [longest, at] = [run, index];
  }
  if (longest.length < MIN_LINE_CHARS || at > MAX_PREFIX_CHARS) return '';
  const own = longest.startsWith(attached) ? attached : '';
  if (prefixes.length < MAX_PREFIXES) prefixes.push(prefixLike(line.slice(0, at) + own));
  return longest.slice(own.length);
}

/** The same prefix with other numbers in it, or with other blanks to align them. */
function prefixLike(prefix: string): RegExp {
  const parts = prefix.split(/(\d+|\s+)/).map((part) => {
    if (/^\d/.test(part)) return String.raw`\d{1,20}`;
    return /^\s/.test(part) ? String.raw`\s{0,40}` : RegExp.escape(part);
  });
  return new RegExp(`^${parts.join('')}`);
}

/**
 * Replaces what stands for a character in another format by that character, and what breaks lines by line breaks:
 * escapes of programs and JSON, character references and tags of HTML and XML, percent-encoding, quoted-printable,
 * colours of a terminal. Base64 contains none of these.
 */
export function resolved(text: string): string {
  return text
    .replaceAll(/[^\t\r\n\x20-\xff]\[[0-9;?]{0,16}[A-Za-z]/g, '')
    .replaceAll(/%(?:25){0,2}([0-9A-Fa-f]{2})/g, byHexadecimal)
    .replaceAll(/(?:=3D){1,2}/g, (padding) => '='.repeat(padding.length / 3))
    .replaceAll(/=\r?\n(?=[^\n]{0,200}[A-Za-z0-9+/])/g, '\n')
    .replaceAll(/&(?:amp;){0,2}#(?:[xX]([0-9A-Fa-f]{1,4})|(\d{1,4}));/g, (_, hex?: string, digits?: string) =>
      String.fromCharCode(hex === undefined ? Number(digits) : Number.parseInt(hex, 16)),
    )
    .replaceAll(/&(?:amp;){0,2}(?:NewLine|quot|apos|nbsp|[lg]t);/g, '\n')
    .replaceAll(/<\/?(?:br|p|div|li|tr|text:line-break|w:br|w:p)(?:\s[^<>]{0,80})?\s{0,2}\/?>/gi, '\n')
    .replaceAll(/<t[dh][^<>\n]{0,120}>/gi, ' ')
    .replaceAll(/<\/?[A-Za-z][^<>\n]{0,120}>/g, '')
    .replaceAll(/\\{1,4}(?:u00|U000000|x|u\{0{0,4})([0-9A-Fa-f]{2})\}?/g, byHexadecimal)
    .replaceAll(/\\{1,4}(?:01[25]|u\{[aAdD]\})|_x000[AD]_|`r`n|`n/g, '\n')
    .replaceAll(/\\{1,4}[nr](?:\\{1,4}n)?/g, '\n')
    .replaceAll(/\\{1,4}\//g, '/')
    .replaceAll('\r', '\n');
}

function byHexadecimal(_: string, hex: string): string {
  return String.fromCharCode(Number.parseInt(hex, 16));
}
