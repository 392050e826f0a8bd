/**
 * How languages write a value down: in quotes of all kinds, in raw and long literals, in calls that decode it. Sources of
 * expressions with a group `secret` for the value, and a group `quote` for what tells a literal from an expression.
 */
import { OPENING } from './lists.ts';

/** The words of calls that take a value as it is, or decode it. */
const CALLED =
  'unhexlify|fromhex|from_hex|hex2bin|hex_to_bytes|hexToBytes|HexToBytes|FromHexString|DecodeString|b64decode|urlsafe_b64decode|base64_decode|decode(?:Hex|64|_hex)?|Decode|FromBase64String|atob|GetBytes|getBytes|toByteArray|from|of|parse|String|string|str|bytes|bytearray|to_bytes|Some|SecretString|SecretStr|SecureString|SecretKeySpec|SymmetricSecurityKey|encode|strip|trim|quote|text|pack|key';

/** A call around a literal: `unhexlify('…')`, `[]byte("…")`, `Base64.getDecoder().decode("…")`. */
const CALL = String.raw`(?<call>(?:new[\t ])?(?:[A-Za-z_][A-Za-z0-9_]{0,30}(?:\(\))?(?:\.|::|->)){0,4}(?:${CALLED})|\[\](?:byte|rune))\((?:\r?\n[\t ]{1,40})?`;

/** Letters before a quote: `f"…"`, `N'…'`, `L"…"`, `@"…"`. */
const PREFIX = String.raw`(?:(?:u8|[fbruNLURBEe$@xX]{1,2})(?=["']))?`;

/** Three double or single quotes; the backtick. */
const QUOTE = '["\'`]';

/** What may begin a literal, for a look ahead: a call or a prefix and a quote. */
export const LITERAL_BEGINNING = String.raw`[A-Za-z0-9_.:>()[\]#-]{0,60}\\{0,3}["'${'`'}]`;

export interface ValueForm {
  /** The inside of a character class: what a quoted value consists of. */
  readonly quoted: string;
  /** The same for a value in brackets that are no quotes. */
  readonly bracketed: string;
  readonly least: number;
  readonly most: number;
  /** What must be true where a value begins: an expression that consumes nothing. */
  readonly first: string;
  /** The same for a value that consists of this: an expression for one of its characters. */
  readonly worth: (one: string) => string;
}

/** Pairs of quotes that are longer than a character, within which quotes stand. */
const LONG_QUOTES = String.raw`\\{1,7}${QUOTE}|"""|'''|&(?:quot|apos|#3[49]|#x2[27]);`;
/** Raw and generic literals, closed by a bracket or a quote: `R"(…)"`, `r#"…"#`, `%q(…)`, `~s(…)`, `q{…}`. */
const GENERIC_OPENING = String.raw`(?:L|u8|u|U)?R"[A-Za-z_]{0,16}\(|b?r?#{1,3}"|(?:%[qQwW]|~[sS]|qq?)[({[<|!]`;
/** Literals closed by two brackets: CDATA, and those of Lua. */
const BRACKETS_OPENING = String.raw`<!\[CDATA\[[\t\r\n ]{0,40}|\[={0,3}\[`;

/** The source of an expression for the secret itself, which consists of `one`. */
export function valueOf({ least, most, first, worth }: ValueForm, one: string): string {
  return `${first}${worth(one)}(?<secret>${one}{${least},${most}})`;
}

/** The source of an expression for a literal in quotes. */
function quoted(form: ValueForm): string {
  const of = form.quoted;
  const quotes = [
    String.raw`(?:"(?=\\"))?(?<quote>${LONG_QUOTES})(?:\\?\r?\n[\t ]{0,40})?${valueOf(form, String.raw`(?:(?!\k<quote>)[${of}])`)}[\t\r\n ]{0,40}\k<quote>`,
    String.raw`(?<quote>${QUOTE})${valueOf(form, String.raw`(?:\\[${of}]|(?!\k<quote>|\\)[${of}])`)}\k<quote>`,
  ];
  return String.raw`${PREFIX}(?:${quotes.join('|')})`;
}

/** The source of an expression for a literal of any kind, also in a call or as the first one of a list. */
export function literal(form: ValueForm): string {
  const of = form.bracketed;
  const literals = [
    String.raw`(?<quote>${GENERIC_OPENING})${valueOf(form, String.raw`(?:(?![)\]}>|!"])[${of}])`)}[)\]}>|!"]`,
    String.raw`(?<quote>${BRACKETS_OPENING})${valueOf(form, String.raw`(?:(?!\]=?=?=?\])[${of}])`)}[\t\r\n ]{0,40}\]=?=?=?\]`,
    quoted(form),
  ];
  return String.raw`(?:${OPENING}|${CALL}|[[(][\t\r\n ]{0,40}|)(?:${literals.join('|')})`;
}
