/**
 * The expression for a value that is assigned to a name, in any syntax: ini, properties, environment, YAML, JSON, TOML,
 * XML, .NET, HCL, SQL, source code, command lines, notes.
 */
import type { PhraseOfBytes, PlainWord, RunOfBytes, ValueOfBytes } from '../../engine/index.ts';
import { MAX_LIST_BYTES, REST, plainLists } from './lists.ts';
import { LITERAL_BEGINNING, literal, valueOf } from './literals.ts';

/** Bytes of a name after its telling word. */
const TAIL = 32;
/** Bytes between the name and its value, quotes and indentation included. */
const BETWEEN = 320;
/** Maximum number of bytes from the telling word to the value, and from there to the end of a list. */
export const MAX_BYTES_AROUND_VALUE = 8 + TAIL + BETWEEN + MAX_LIST_BYTES;

/** Blanks that align a column. */
const COLUMN = String.raw`[\t ]{0,80}`;
/** A line that ends after a sign, and the indentation of the next one. */
const BREAK = String.raw`[\t ]{0,8}(?:[\\_${'`'}]\r?\n[\t ]{0,80}|\r?\n[\t ]{1,80})`;
const END_OF_LINE = String.raw`[\t ]{0,40}(?![^\r\n])`;

/** A name is taken as a whole: nothing that follows one begins with a character of it, except for an arrow. */
const END_OF_NAME = '(?![A-Za-z0-9_]|-(?!>))';
/** What may close a name: quotes, brackets, the stars of a bold word. */
const CLOSED = String.raw`(?:[\\"'${'`'}\]]{0,6}(?:\[\d{0,4}\]|&quot;)|[\\"'${'`'}\])*]{0,8})`;
/** `: string`, `As String`, `&'static str`, `Final[str]` between the name and the sign. */
const TYPE = String.raw`(?:(?:[\t ]{1,2}|[\t ]{0,2}:[\t ]{0,2})(?:(?:Final|Optional|Option)?[[<])?(?:&(?:'static )?)?(?:[Ss]tr(?:ing)?|char|text|As String)(?:\[\]|; ?\d{1,3}\]|[\t ?*>\]]){1,4})?`;
const PREPOSITIONS = [
  'for',
  'of',
  'to',
  'on',
  'at',
  'in',
  'f\xc3\xbcr',
  'f\xfcr',
  'vom',
  'zum',
  'zu',
  'pour',
  'de',
  'del',
  'du',
  'para',
  'per',
];
/** Signs, and what serves as one in XML, plists, HCL, YAML, JSON of names and values, and Markdown. */
const OPERATOR = [
  String.raw`[\t ]{1,4}(?:value|content|default)[\t ]{0,4}=[\t ]{0,4}`,
  String.raw`,[\t\r\n ]{0,24}\\?["']value\\?["'][\t ]{0,2}:[\t ]{0,2}`,
  String.raw`<\/[A-Za-z:]{1,16}>[\t\r\n ]{0,24}<(?:value|string)>`,
  String.raw`[\t ]{1,2}\{[\t\r\n ]{1,8}default[\t ]{0,8}=[\t ]{0,2}`,
  String.raw`\r?\n[\t ]{1,24}value:[\t ]{1,4}`,
  // An element with its text on a line of its own.
  String.raw`>[\t ]{0,4}\r?\n[\t ]{1,40}`,
  // The value alone on the next line: in quotes, as formatters of code write it, or in YAML.
  String.raw`${COLUMN}(?:=>|:?=|:|\+=|,|\|\||\?\?|\?:|\()[\t ]{0,4}\(?${BREAK}(?=${LITERAL_BEGINNING})`,
  String.raw`\(?${BREAK}[=:][\t ]{1,4}(?=["'])`,
  String.raw`:[\t ]{0,4}\r?\n(?:[\t ]{1,80}(?:-[\t ]{1,4})?|-[\t ]{1,4})(?=[!-~\x80-\xff]{3,128}(?<![:,{[])(?:[\t ]{1,16}#|${END_OF_LINE}))`,
  String.raw`[\t ]{0,4}[=:][\t ]{0,4}\\\r?\n[\t ]{1,80}`,
  // Comparisons, and the two results of a call in Go.
  String.raw`[\t ]{0,4}(?:!={1,2}|\.equals(?:IgnoreCase)?\(|[\t ]-?c?(?:eq|ne)[\t ])[\t ]{0,4}(?=["'])`,
  String.raw`,[\t ]{0,2}(?:_|ok|err|error)[\t ]{0,2}:?=[\t ]{0,4}`,
  String.raw`${COLUMN}(?:=>|\|\|=|\?\??=|\?:|={1,3}|[.+]=|\|\||\?\?|:[\t ]{1,4}[|>]-?\r?\n|:{1,3}=?|,|->|<-|>|\||\()`,
  String.raw`[\t ]{1,2}is:?[\t ]{1,2}`,
  // What it is for: `password for the router: …`.
  String.raw`[\t ](?:${PREPOSITIONS.join('|')})[\t ][^\r\n:="'(){}<>;]{2,48}(?::|[\t ]is:?)[\t ]{1,2}`,
  // In a sentence, a word stands after a word: an option, a name in capitals, quotes, a digit or a sign tell more.
  String.raw`(?:[\t ]{1,4}(?=\\?["'${'`'}]|[!-~\x80-\xff]{0,127}[0-9!@#$%^&*?+~]|(?<=[A-Z][\t ]{1,4})|(?<=(?<![A-Za-z0-9_])-[A-Za-z0-9_.-]{1,80}[\t ]{1,4}))|(?:\t|  )[\t ]{0,80}(?=[!-~\x80-\xff]{4,128}${END_OF_LINE}))`,
].join('|');
/** The word stands in a pair of a name and a value: `key="Name" value="…"`. The name is yet to come. */
const NAME_OF_PAIR = String.raw`(?!\\?["']?[\t ]{0,2}[=:][\t ]{0,2}\\?["'][A-Za-z0-9_.: -]{1,80}\\?["'](?:[\t ]{1,4}(?:value|default[Vv]alue|content)=|,[\t\r\n ]{0,24}\\?["']value\\?["'])|>[^<>]{1,80}<\/[Kk]ey>)`;

/** The signs that bytes are checked for between a name and its value: the inside of a character class. */
const SIGNS = String.raw`"'${'`'}\\\])>=:,|?<{(*.+\t\r\n \[!-`;

/**
 * A value begins with nothing that an operator has, except for two of `-`, `+`, `.`, so that bytes can be checked before
 * expressions.
 */
const FIRST = String.raw`(?=[.+-]{0,2}(?![${SIGNS}])[!-~\x80-\xff]{3})`;
/** A password begins with any signs, a phrase with any word. */
const AFTER_SIGNS = String.raw`(?=[${SIGNS}]{0,16}(?![${SIGNS}])[!-~\x80-\xff](?:[!-~\x80-\xff]|(?<=[AaIi]) ))`;

/** A value without any of these is a word, and no token, unless it is long (`validators/assignment.ts`). */
const HOLDS = '0-9!@#$%^&*?~';
const LONG = 16;

/** An unquoted value ends where most syntaxes end it. */
const UNQUOTED = String.raw`!#-%*-;=?-\[\]-_a-~\\\x80-\xff`;

/** What no person chose has fewer signs. */
const TOKEN = String.raw`A-Za-z0-9_+/=.~%!@#$^*:\-`;

/** Bytes that belong to the run which a value is in: what closes a sentence after it, and `default=` before it. */
const BEFORE_AND_AFTER = 24;

/** The beginning of a line up to a value: a name, perhaps exported or in a list, and a sign or a column. */
const SETTING = String.raw`(?<=(?<![^\r\n])(?:[#;+>-]?[\t ]{0,40}(?:-[\t ])?(?:export |set |setx |ENV |ARG )?)["']?[A-Za-z0-9_.:/$-]{1,80}["']?[\t ]{0,80}(?:=|:|:=)[\t ]{0,80})`;

/**
 * True at any character. V8 compiles what follows an optional part several times, once for each way to get there; what
 * follows a look ahead, once. Without this, an expression takes four times as long to compile.
 */
const COMPILED_ONCE = '(?=[^])';

/**
 * A value that is assigned to a name.
 * @param word the telling words; small letters stand for both cases
 */
function assignment(word: string, value: string): RegExp {
  return new RegExp(
    String.raw`(?<lead>(?<word>(?i:${word}))${NAME_OF_PAIR}(?<tail>[A-Za-z0-9_-]{0,${TAIL}})${END_OF_NAME}(?<closed>${CLOSED})${TYPE}${COMPILED_ONCE}` +
      String.raw`(?<operator>(?:${OPERATOR})[\t ]{0,80}))(?:${value})`,
  );
}

/** The end of a line, or a quote, in a text that is itself quoted, up to three times: `\n`, `\\n`, `\\\\n`. */
const ESCAPED_END = String.raw`\\{2,8}[nrt"']|\\[nrt]`;

/** What closes the sentence, the list or the call around an unquoted value is no part of it; nor is an escaped line end. */
function plain(
  of: string,
  first: string,
  worth: (one: string) => string,
  least: number,
  most: number,
): string {
  const one = String.raw`(?:(?!${ESCAPED_END})[${of}])`;
  return String.raw`${first}${worth(one)}(?<secret>${one}{${least},${most}}(?<![,;.:)}\]]))(?!\.{3})(?=[,;.:)}\]]{0,3}(?:(?![${of}(])|${ESCAPED_END}))(?:(?=${END_OF_LINE})(?<end>)|)`;
}

/** Numbers of letters that may be a password without any sign. */
const LETTERS_OF_PASSWORD = [8, 64] as const;

/** Not a reference to another name, which the match must not hide: letters alone, or something that words have not. */
function wordOrMore(one: string): string {
  return `(?=${one}{0,127}[${HOLDS}]|[A-Za-z]{${LETTERS_OF_PASSWORD.join(',')}}(?!${one}))`;
}

/** A password: of any characters where quotes or the end of a line delimit it. */
export function passwordAssignment(word: string): RegExp {
  const form = { quoted: String.raw` -~\x80-\xff`, bracketed: String.raw`!-~\x80-\xff`, least: 4, most: 128 };
  const value = { ...form, first: AFTER_SIGNS, worth: () => '' };
  const values = [
    literal(value),
    // The text of an element, with entities.
    String.raw`(?<=>[\t\r\n ]{0,44})${AFTER_SIGNS}(?<text>)(?<secret>[!-;=?-~\x80-\xff]{4,128})(?=\s{0,40}<\/)`,
    // All of a line, if it has what would end a value elsewhere.
    String.raw`${SETTING}(?=[=:>,|?<{()\]\\*"'${'`'}.+!-]|[!-~\x80-\xff]{0,127}["&'()<>${'`'}])${AFTER_SIGNS}(?<line>)(?<secret>(?:(?!\\{1,8}[nr])[!-~\x80-\xff]){4,128})(?=\\{1,8}[nr]|[\t ]{1,40}[#;]|${END_OF_LINE})`,
    // An assignment that is quoted as a whole: `"DB_PASSWORD=…"`.
    String.raw`(?<=(?<opened>["'])[A-Za-z0-9_.-]{1,60}=)(?<quote>)${AFTER_SIGNS}(?<secret>(?:(?!\k<opened>|${ESCAPED_END})[!-~\x80-\xff]){4,128})\k<opened>`,
    plain(UNQUOTED, FIRST, wordOrMore, 4, 128),
  ];
  const first = valueOf({ ...form, first: FIRST, worth: wordOrMore }, `[${TOKEN}]`);
  return assignment(word, `${plainLists(first)}|(?:${values.join('|')})${REST}`);
}

/** A token, a secret, a key. */
export function tokenAssignment(word: string, least: number, most: number): RegExp {
  const worth = (one: string) => `(?=${one}{0,${LONG - 1}}(?=${one})[${HOLDS}]|${one}{${LONG}})`;
  const value = { quoted: String.raw`!-~\x80-\xff`, bracketed: TOKEN, least, most, first: FIRST, worth };
  return assignment(
    word,
    `${plainLists(valueOf(value, `[${TOKEN}]`))}|(?:${literal(value)}|${plain(TOKEN, FIRST, worth, least, most)})${REST}`,
  );
}

/** A word before a blank. */
const spaced = (words: readonly string[]) => words.flatMap((word) => [`${word} `, `${word}\t`]);

/** What `TYPE`, `OPERATOR` and literals have between signs, as it begins. */
const BETWEEN_SIGNS = [
  'value',
  'content',
  'default',
  'is:',
  'equals',
  'CDATA[',
  '&quot;',
  '&apos;',
  '&#',
  'Final',
  'Option',
  'byte(',
  'rune(',
  'qw',
  '%w',
  '%W',
  'new ',
  'new[',
  'vec!',
  // The first word of a phrase.
  'A ',
  'a ',
  'I ',
  'i ',
  ...spaced(['is', 'eq', 'ne', 'ceq', 'cne']),
  ...['_', 'ok', 'err', 'error'].flatMap((name) => [...spaced([name]), `${name}:`, `${name}=`]),
  ...['array', 'Array', 'list', 'List', 'set', 'Set', 'Seq'].flatMap((name) =>
    ['(', '[', '<', '{', ' (', ' [', ' {'].map((bracket) => name + bracket),
  ),
  ...['', '&', "&'static "].flatMap((reference) =>
    ['str', 'Str', 'char', 'text', 'As S'].map((type) => reference + type),
  ),
];
const PHRASES: readonly PhraseOfBytes[] = [
  // `password for the router: …`
  {
    words: spaced(PREPOSITIONS),
    ends: [':', ...spaced([' is', '\tis'])],
    most: 56,
    never: String.raw`\r\n="'(){}<>;`,
  },
  // `<key>Password</key> <string>…`
  { words: ['/'], ends: ['<value', '<string'], most: 48, never: String.raw`"'=(){};,` },
];

/** More of the name, something that assigns, and the beginning of a value, of which two may be taken for signs. */
function followedBy(shortest: number): readonly RunOfBytes[] {
  return [
    // The rest of the telling word, what may come after it, and what closes the name.
    { of: 'A-Za-z0-9_"\'`\\\\[\\]&;-', least: 0, most: 8 + TAIL + 14 },
    { of: SIGNS, least: 1, most: BETWEEN, holds: String.raw`>=:,|?<(\t\r\n ` },
    { of: '!-~\\x80-\\xff', least: shortest - 2, or: BETWEEN_SIGNS, phrases: PHRASES },
  ];
}

/** Bytes that must follow a password's name. */
export const passwordFollows: { readonly next: readonly RunOfBytes[]; readonly plainWord: PlainWord } = {
  next: followedBy(4),
  // Of what a value may have, what neither `wordOrMore` nor the other forms of a value accept.
  plainWord: { of: 'A-Za-z_.,;:/-', letters: LETTERS_OF_PASSWORD, unless: '"\'`<>[({/|' },
};

/** Bytes that must follow the name of a token of at least and at most so many bytes. */
export function tokenFollows(
  least: number,
  most: number,
): { readonly next: readonly RunOfBytes[]; readonly value: ValueOfBytes } {
  return {
    next: followedBy(least),
    value: { of: TOKEN, holds: HOLDS, long: LONG, most: most + BEFORE_AND_AFTER },
  };
}
