/**
 * The two shapes that most credentials have: a token that begins with letters chosen by its vendor, and a value
 * without a distinctive format that is assigned to a name. A family's file defines what is special; this file what
 * all have in common.
 */
import type { RuleDescription } from '../../model/finding.ts';
import type { Groups, RunOfBytes } from '../../engine/index.ts';
import { BEFORE } from './boundaries.ts';
import { explicitCase } from './explicit-case.ts';
import type { Following, Rule } from '../model/rule.ts';
import { opaque } from '../validators/opaque.ts';
import { namedValue } from '../validators/named-value.ts';

/** Characters, and how many of them: an exact number, or a minimum and a maximum. */
export interface CharacterRun {
  /** The inside of a character class: `A-Za-z0-9_-`. */
  readonly of: string;
  readonly length: number | readonly [least: number, most: number];
  /** The exact form of the run, where it is known: an expression without capturing groups. */
  readonly form?: string;
}

interface Prefixed
  extends RuleDescription, CharacterRun, Partial<Pick<Rule, 'confidence' | 'files' | 'validate'>> {
  /** What the token begins with, or several alternatives. */
  readonly prefix: string | readonly string[];
}

/** A token with a prefix and a body, neither preceded nor followed by anything that could be part of it. */
export function prefixed(token: Prefixed): Rule {
  const { prefix, of, length, form, ...rule } = token;
  const keywords = [prefix].flat();
  const [least, most] = bounds(length);
  const body = new RegExp(`^(?:${anyOf(keywords)})`);
  return {
    validate: (secret) => opaque(secret, secret.replace(body, '')),
    ...rule,
    keywords,
    pattern: new RegExp(
      `${BEFORE}(?:${anyOf(keywords)})${form ?? run(of, length)}(?![A-Za-z0-9_${inWord(of)}])`,
    ),
    window: { before: 0, after: most },
    next: [...(form === undefined && most > least ? [endsWithin(most, of)] : []), { of, least }],
  };
}

/** A token may end before a full stop, but not before any other character that it consists of. */
function endsWithin(most: number, of: string): RunOfBytes {
  return { of: inWord(of), least: 0, most: 0, limit: most };
}

interface Named
  extends RuleDescription, CharacterRun, Partial<Pick<Rule, 'confidence' | 'files' | 'validate'>> {
  /** Parts of names, in lower case; capitals match too. Usually the vendor's name: `datadog`. */
  readonly names: readonly string[];
  /** What such a part or the rest of the name must contain, if anything; an expression without capturing groups. */
  readonly rest?: string;
  /**
   * What another name close behind may contain, such as `key|token`: `Vendor.connect({ apiKey: "…" })`, and the
   * parameter of a URL. For names that mean nothing but the vendor.
   */
  readonly near?: string;
}

/**
 * A value that is assigned to a name, in any syntax: the name contains one of these words, and up to 40 characters
 * after it. The default validator requires a value that looks random, and a name that does not indicate a checksum,
 * an id or a version.
 */
export function named(value: Named): Rule {
  const { names, near, rest, length, of, form, ...rule } = value;
  const [least, most] = bounds(length);
  return {
    confidence: 'medium',
    validate: namedValue,
    ...rule,
    keywords: names,
    caseless: true,
    get pattern() {
      return valuePattern(form ?? run(of, length), inWord(of));
    },
    window: { before: 0, after: MAX_CHARS_BETWEEN + most },
    follows: { value: { of, least }, rest, near },
  };
}

/** By source: hundreds of rules share a few expressions, and a run needs few of those. */
const expressions = new Map<string, RegExp>();

function expression(source: string, flags = ''): RegExp {
  const key = `${flags}:${source}`;
  const known = expressions.get(key);
  if (known !== undefined) return known;
  const made = new RegExp(explicitCase(source), flags);
  expressions.set(key, made);
  return made;
}

/** A value, with what must not follow it, after something that `ASSIGNED`, `SPACED` or `SCHEME` may end with. */
function valuePattern(secret: string, ofWord: string): RegExp {
  return expression(
    String.raw`(?<=[=:,>(\"'${'`'}\t -])(?:${secret})(?![A-Za-z0-9_+=(${ofWord}]|[/-][A-Za-z0-9]{4})`,
  );
}

/**
 * Returns the groups if a name and a value belong together. In steps, with expressions that all rules share: one
 * complete expression for each rule took 2 ms to compile.
 * @param text from the name's beginning to the value's
 * @param name length of the name in it
 */
export function between({ rest, near }: Following, text: string, name: number): Groups | undefined {
  const match =
    (holdsRest(text, name, rest) ? matchFrom(name, OWN, text) : null) ??
    (near === undefined ? null : matchFrom(name, nearby(near), text));
  return match?.groups;
}

function matchFrom(start: number, sticky: RegExp, text: string): RegExpExecArray | null {
  sticky.lastIndex = start;
  return sticky.exec(text);
}

/** The name contains it: in the word that ends here, or in what follows. */
function holdsRest(text: string, name: number, rest: string | undefined): boolean {
  if (rest === undefined) return true;
  return (
    expression(rest, 'i').test(text.slice(0, name)) ||
    matchFrom(name, expression(`[A-Za-z0-9_. -]{0,40}(?:${rest})`, 'iy'), text) !== null
  );
}

/**
 * What separates a name and its value, quotes included: `=`, `:`, `:=`, `||=`, `=>`, `", "`, `: string = "`, `">`,
 * `" value="`, and in a Kubernetes manifest `\n  value: `.
 */
export const ASSIGNED =
  /["'`\\\])]{0,4}(?:[\t ]{0,4}:?[\t ]{0,4}&?(?:'static[\t ])?(?:[Ss]tr(?:ing)?|char|text)[\t ?*]{1,4})?(?:[\t ]{0,8}(?:=>|[:.+|?]{0,2}==?|:{1,3}|,|->|<-|\(|>)|[\t ]{1,4}(?:value|content|default)[\t ]{0,4}=|\r?\n[\t ]{1,24}value:)[\t ]{0,8}(?:[[(]\s{0,40})?(?:[fbru$@]{0,2}["'`\\]{1,4}|)/
    .source;
/** The same on command lines: `--vendor-token abc`, `ENV VENDOR_KEY abc`, `#define VENDOR_KEY "abc"`. */
const SPACED = /(?:(?<=[Kk](?:ey|EY)|[Tt](?:oken|OKEN)|[Ss](?:ecret|ECRET))[\t ]{1,8}["']?|[\t ]{1,8}["'])/
  .source;
/** The rest of the name, and what separates it from the value. */
const OWN = new RegExp(`(?<name>[A-Za-z0-9_. -]{0,40})(?:${ASSIGNED}|${SPACED})$`, 'y');
/** The first word of a header: `Bearer `, `Token token=`. */
const SCHEME = '(?:[A-Za-z-]{3,16}[ =]["\']?)?';
/** Maximum number of bytes between a vendor's word and a name near it. */
const NEARBY_CHARS = 80;

/**
 * Maximum number of bytes from a word to the value: `NEARBY_CHARS`, then a name and the longest `ASSIGNED` and
 * `SCHEME`.
 */
const MAX_CHARS_BETWEEN = NEARBY_CHARS + 256;

/** Another name, close behind. */
function nearby(near: string): RegExp {
  return expression(
    `[^]{0,${NEARBY_CHARS}}?(?i:${near})(?<name>[A-Za-z0-9_-]{0,16})(?:${ASSIGNED}${SCHEME}|[\\t ]{1,3})$`,
    'y',
  );
}

/**
 * The characters that must not follow a run: its own, except for the full stop that ends a sentence or a file's
 * name.
 */
function inWord(of: string): string {
  return of.replace('.', '');
}

function bounds(length: CharacterRun['length']): readonly [number, number] {
  return typeof length === 'number' ? [length, length] : length;
}

/** The source of an expression for this many of these characters. */
function run(of: string, length: CharacterRun['length']): string {
  return `[${of}]{${[length].flat().join(',')}}`;
}

/** The source of an expression that matches one of these texts. */
function anyOf(texts: readonly string[]): string {
  return texts.map((text) => RegExp.escape(text)).join('|');
}
