/**
 * How languages write a value down: in quotes of all kinds, in raw and long literals, in calls that decode it. Sources of
 * expressions with a group `secret` for the value, and a group `quote` for what tells a literal from an expression.
 */

/** The words of calls that take a value as it is, or decode it. */
const CALLED =
  'unhexlify|fromhex|from_hex|hex2bin|hex_to_bytes|hexToBytes|HexToBytes|FromHexString|DecodeString|b64decode|urlsafe_b64decode|base64_decode|decode(?:Hex|64|_hex)?|Decode|FromBase64String|atob|GetBytes|getBytes|toByteArray|from|of|parse|String|string|str|bytes|bytearray|to_bytes|Some|SecretString|SecretStr|SecureString|SecretKeySpec|SymmetricSecurityKey|encode|strip|trim|quote|text|pack|key';

/** A call around a literal: `unhexlify('…')`, `[]byte("…")`, `Base64.getDecoder().decode("…")`. */
const CALL = String.raw`(?<call>(?:new[\t ])?(?:[A-Za-z_][A-Za-z0-9_]{0,30}(?:\(\))?(?:\.|::|->)){0,4}(?:${CALLED})|\[\](?:byte|rune))\((?:\r?\n[\t ]{1,40})?`;

/** Letters before a quote: `f"…"`, `N'…'`, `L"…"`, `@"…"`. */
const PREFIX = String.raw`(?:(?:u8|[fbruNLURBEe$@xX]{1,2})(?=["']))?`;

/** Three double or single quotes; the backtick. */
const QUOTE = '["\'`]';

/** What any literal begins with. */
export const LITERAL_BEGINNING = String.raw`(?:${CALL.replace('?<call>', '?:')})?${PREFIX}(?:\\{0,3}${QUOTE}|R"|r?#{1,3}")`;

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

const BRACKETS = ['()', '{}', '[]', '<>', '||', '!!'];

/** The source of an expression for a literal of any kind, also in a call or as the first one of a list. */
export function literal({ quoted, bracketed, least, most, first, worth }: ValueForm): string {
  const valueOf = (one: string) => `${first}${worth(one)}(?<secret>${one}{${least},${most}})`;
  const until = (close: string) => valueOf(String.raw`(?:(?!${close})[${quoted}])`);
  const inBrackets = (close: string) => valueOf(String.raw`(?:(?!${close})[${bracketed}])`);
  const generic = BRACKETS.map((pair) => {
    const [open, close] = [RegExp.escape(pair.charAt(0)), RegExp.escape(pair.charAt(1))];
    return open + inBrackets(close) + close;
  });
  const literals = [
    String.raw`(?:L|u8|u|U)?(?<quote>R")(?<delimiter>[A-Za-z_]{0,16})\(${inBrackets(String.raw`\)`)}\)\k<delimiter>"`,
    String.raw`(?:"(?=\\"))?${PREFIX}(?<quote>\\{1,3}${QUOTE})${until(String.raw`\k<quote>`)}\k<quote>`,
    String.raw`(?:[rRbBuUfF@$]{1,2})?(?<quote>"""|''')(?:\\?\r?\n)?[\t ]{0,40}${inBrackets(String.raw`\k<quote>`)}\s{0,40}\k<quote>`,
    String.raw`${PREFIX}(?<quote>${QUOTE})${valueOf(String.raw`(?:\\[${quoted}]|(?!\k<quote>|\\)[${quoted}])`)}\k<quote>`,
    String.raw`b?r?(?<hashes>#{1,3})(?<quote>")${until('"')}"\k<hashes>`,
    String.raw`(?<quote>\[(?<level>={0,3})\[)${inBrackets(String.raw`\]`)}\]\k<level>\]`,
    String.raw`(?<quote>%[qQwW]|~[sS]|qq?)(?:${generic.join('|')})`,
    String.raw`(?<quote><!\[CDATA\[)\s{0,40}${inBrackets(String.raw`\]`)}\s{0,40}\]\]>`,
    String.raw`(?<quote>&(?:quot|apos|#3[49]|#x2[27]);)${until(String.raw`\k<quote>`)}\k<quote>`,
  ];
  return String.raw`(?:${CALL}|(?<list>[[(]\s{0,40}))?(?:${literals.join('|')})`;
}
