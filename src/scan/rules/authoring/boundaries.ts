/**
 * What may stand before a token. A token does not continue a word, but signs assign it, quote it or list it, and escapes
 * end in letters: a `=` before it is no padding of base64, and the `n` of `\n` is no part of a word.
 */
import type { Rule } from '../model/rule.ts';

/**
 * An expression for the beginning of a token: no character of this class precedes it, unless it belongs to an escape
 * (`\n`, `%3D`, `\u003d`, `\x3d`).
 * @param of the inside of a character class, without `=`, which would exclude assignments
 */
function notAfter(of: string): string {
  return String.raw`(?:(?<![${of}])|(?<=\\[nrt])|(?<=%[0-9A-Fa-f]{2})|(?<=\\u[0-9A-Fa-f]{4})|(?<=\\x[0-9A-Fa-f]{2}))`;
}

/** A token must not follow a word character. */
export const BEFORE = notAfter('A-Za-z0-9_');

/** The same for a token whose own beginning is long enough to be recognized after an underscore: `backup_ghp_…`. */
const BEFORE_DISTINCTIVE = notAfter('A-Za-z0-9');

/** Not for words that other tokens contain: `sk_live_…`. */
const DISTINCTIVE =
  /^(?:\(\?:)?(?!(?:live|test|prod|prd|sbx|private|public|access|secret|token|key|api|oat)[_-])(?:[A-Za-z0-9_-]|\[[A-Za-z]{1,4}\]|\\[.:$/-]){4}/;
/** A class that must not precede; the class has letters, after which an escape would be mistaken for a word. */
const EXCLUDED = /^\(\?<!\[((?:\\.|[^\]\\])*A-Za-z0-9(?:\\.|[^\]\\])*)\]\)/;
const BEGINNING = /^\(\?:\(\?<!\[[^\]]*\]\)\|(?:\(\?<=[^()]*\)\|?){4}\)/;

/** The rule with an expression that begins as this file says. */
export function withBoundaries(rule: Rule): Rule {
  const { source, flags } = rule.pattern;
  const escaped = source.replace(EXCLUDED, (_, of: string) => notAfter(of));
  const rest = escaped.startsWith(BEFORE) ? escaped.slice(BEFORE.length) : '';
  const open = DISTINCTIVE.test(withoutEscapes(rest)) ? BEFORE_DISTINCTIVE + rest : escaped;
  return open === source ? rule : { ...rule, pattern: new RegExp(open, flags) };
}

/** `RegExp.escape` writes a text's first letter as `\x67`. */
function withoutEscapes(source: string): string {
  return source.replaceAll(/\\x([0-9a-f]{2})/g, (_, code: string) =>
    String.fromCharCode(Number.parseInt(code, 16)),
  );
}

/** The source of an expression without what must not precede its match. */
export function withoutBeginning(source: string): string {
  return source.replace(BEGINNING, '');
}
