/**
 * Lists of values that are assigned to one name: how languages and formats write them. An expression captures the first value
 * of a list as `secret`, and the rest, up to a limit, as `others`; `valuesIn` takes the rest apart.
 */
import type { Groups } from '../../engine/index.ts';
import type { Span } from '../model/rule.ts';

/** Values of a list after the first one. */
const MAX_VALUES = 48;
/** Longer values, such as private keys and web tokens, have formats of their own. */
const MAX_VALUE_BYTES = 128;
const MAX_SEPARATOR_BYTES = 160;
/** Maximum length of what follows the first value. */
export const MAX_LIST_BYTES = MAX_VALUES * (MAX_VALUE_BYTES + MAX_SEPARATOR_BYTES);

/** A comment up to the end of its line. */
const COMMENT = String.raw`[\t ]{0,16}(?:#|\/\/|--)[^\r\n]{0,60}(?![^\r\n])`;
const END_OF_LINE = String.raw`(?:[\t ]{1,16}#[^\r\n]{0,60}|[\t ]{0,16})(?![^\r\n])`;
/** Characters of a value in a list without quotes. */
const PLAIN = String.raw`A-Za-z0-9_+/=.~%!@#$^*:\-`;

/** What separates two values, and a value, as the group `secret`. */
interface ListForm {
  readonly separator: string;
  readonly value: string;
}

const quotedValues = ['"', "'", '`']
  .map(
    (quote) => String.raw`${quote}(?<secret>(?:\\[^\r\n]|[^${quote}\\\r\n]){1,${MAX_VALUE_BYTES}})${quote}`,
  )
  .concat(String.raw`\\{1,7}"(?<secret>[^"\\\r\n]{1,${MAX_VALUE_BYTES}})\\{1,7}"`);

/** `["…", "…"]` */
const inQuotes: ListForm = {
  separator: String.raw`[\t\r\n ]{0,24},(?:${COMMENT})?[\t\r\n ]{0,64}(?:[fbruNLU@]{1,2}(?=["']))?`,
  // A key of an object is no value.
  value: String.raw`(?:${quotedValues.join('|')})(?![\t\r\n ]{0,8}[:=])`,
};
/** A line for each, after a dash. */
const onLines: ListForm = {
  separator: String.raw`(?:[\t ]{1,16}#[^\r\n]{0,60})?[\t ]{0,16}\r?\n[\t ]{0,80}-[\t ]{1,4}`,
  value: String.raw`(?:"(?<secret>[^"\r\n]{1,${MAX_VALUE_BYTES}})"|'(?<secret>[^'\r\n]{1,${MAX_VALUE_BYTES}})'|(?<secret>[!-~\x80-\xff]{1,${MAX_VALUE_BYTES}})(?![!-~\x80-\xff]))(?=${END_OF_LINE})`,
};
/** `[…, …]` in YAML, `…,…` in a variable. */
const betweenCommas: ListForm = {
  separator: String.raw`[\t ]{0,8},[\t ]{0,8}`,
  value: String.raw`(?=[A-Za-z_+/.~%!@#$^*-]{0,${MAX_VALUE_BYTES}}[0-9])(?<secret>[A-Za-z0-9_+/.~%!@#$^*-]{4,${MAX_VALUE_BYTES}}={0,2})(?![${PLAIN}]|[\t ]{1,4}[=:])`,
};
/** `%w[… …]`, `(… …)` in a shell. */
const betweenBlanks: ListForm = {
  separator: String.raw`[\t\r\n ]{1,40}`,
  value: String.raw`["']?(?<secret>[${PLAIN}]{1,${MAX_VALUE_BYTES}})["']?(?![${PLAIN}])`,
};

/** The names of types and functions that make a list of their arguments. */
const COLLECTION =
  'vec!|strings?|Strings?|str|array|Array|List|Set|Seq|Vector|Tuple|HashSet|list|set|tuple|frozenset|listOf|setOf|arrayOf|mutableListOf|of|asList';
/** `[`, `(`, `{`, and what stands before them: `new[] {`, `[]string{`, `vec![`, `List.of(`, `new Set([`. */
const BRACKETS = String.raw`(?:(?:new[\t ]{0,2})?[&@]?(?:\[[.\d]{0,4}\])?(?:(?:(?:[A-Za-z]{1,16}\.)?(?:${COLLECTION}))(?:<[A-Za-z&]{1,12}>)?(?:\[\])?)?[\t ]{0,2}[[({][\t\r\n ]{0,40}(?:[[({][\t\r\n ]{0,40})?|(?<=\(\r?\n[\t ]{1,80}))`;
/** What opens a list, before its first value in quotes that is not empty: the group `list`. */
export const OPENING =
  String.raw`(?<list>${BRACKETS}(?:(?:""|''),[\t\r\n ]{0,40}){0,8}(?=(?:${inQuotes.value})[\t\r\n ]{0,24}[,\])}]))`.replaceAll(
    '(?<secret>',
    '(?:',
  );

/** The rest of a list: the group `others`. */
function rest({ separator, value }: ListForm): string {
  return String.raw`(?<others>(?:${separator}${value.replaceAll('(?<secret>', '(?:')}){1,${MAX_VALUES}})`;
}

/** The source of an expression for what may follow a value, if that is the first of a list. */
export const REST = String.raw`(?:${[inQuotes, onLines, betweenCommas].map(rest).join('|')}|)`;

/** The source of an expression for lists without quotes, which stand where a value may. @param value their first value */
export function plainLists(value: string): string {
  return [
    String.raw`\[(?<=:[\t ]{0,8}\[)[\t ]{0,8}${value}(?=[\t ]{0,8}[,\]])(?:${rest(betweenCommas)}|)`,
    String.raw`(?<quote>(?:%[wW]|qw[\t ]?)[({[<\/|]|\((?<==\())[\t\r\n ]{0,40}["']?${value}["']?(?=[\t\r\n )\]}>\/|])(?:${rest(betweenBlanks)}|)`,
  ].join('|');
}

/** Expressions for the next separator and value, and whether a match with these groups has such a list. */
const parsers = [
  { form: inQuotes, isMeant: ({ list }: Groups) => list !== undefined },
  { form: onLines, isMeant: ({ operator = '' }: Groups) => /-[\t ]+$/.test(operator) },
  { form: betweenCommas, isMeant: ({ quote }: Groups) => quote === undefined },
  { form: betweenBlanks, isMeant: ({ quote }: Groups) => quote !== undefined },
].map(({ form: { separator, value }, isMeant }) => ({
  isMeant,
  next: new RegExp(`${separator}${value}`, 'dy'),
}));

/** Where the values after the first one are, in the text of a match of such an expression. */
export function valuesIn(text: string, groups: Groups): readonly Span[] {
  const { others } = groups;
  if (others === undefined) return none;
  const origin = text.length - others.length;
  for (const { next, isMeant } of parsers) {
    if (!isMeant(groups)) continue;
    const found: Span[] = [];
    next.lastIndex = 0;
    for (let match = next.exec(others); match !== null; match = next.exec(others)) {
      const [start, end] = match.indices?.groups?.['secret'] ?? [0, 0];
      found.push({ start: origin + start, end: origin + end });
    }
    if (found.length > 0) return found;
  }
  return none;
}

const none: readonly Span[] = [];
