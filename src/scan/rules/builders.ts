/**
 * The two shapes that most credentials have: a token that begins with letters of its vendor's choice, and a value without a
 * mark of its own that is given to a name. A family's file says what is special; this says what all have in common.
 */
import type { RuleDescription } from '../../task.ts';
import type { RunOfBytes } from '../engine/index.ts';
import { explicitCase } from './explicit-case.ts';
import type { Rule } from './rule.ts';
import { opaque } from './validators/opaque.ts';
import { namedValue } from './validators/named-value.ts';

/** Characters, and how many of them: exactly so many, or from the least to the most. */
export interface Run {
  /** The inside of a character class: `A-Za-z0-9_-`. */
  readonly of: string;
  readonly length: number | readonly [least: number, most: number];
  /** What the run looks like in full, where that is known: an expression without capturing groups. */
  readonly form?: string;
}

/**
 * Nothing of a word stands before a token, unless it is an escape: `\n`, `%3D`, `\u003d` and `\x3d` end in a letter or a
 * digit and yet end what was before.
 */
export const BEFORE = String.raw`(?:(?<![A-Za-z0-9_])|(?<=\\[nrt])|(?<=%[0-9A-Fa-f]{2})|(?<=\\u[0-9A-Fa-f]{4})|(?<=\\x[0-9A-Fa-f]{2}))`;

interface Prefixed extends RuleDescription, Run, Partial<Pick<Rule, 'confidence' | 'files' | 'validate'>> {
  /** What the token begins with, or one of these. */
  readonly prefix: string | readonly string[];
}

/** A token with a prefix and a body, which nothing that could be part of it precedes or follows. */
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
    next: { of, least },
  };
}

interface Named
  extends RuleDescription, Run, Partial<Pick<Rule, 'confidence' | 'files' | 'isFollower' | 'validate'>> {
  /** Parts of names, in small letters; capitals match too. The vendor's, as a rule: `datadog`. */
  readonly names: readonly string[];
  /** What such a part or the rest of the name must hold, if anything; an expression without capturing groups. */
  readonly rest?: string;
  /**
   * What another name may hold that stands soon after, such as `key|token`: `Vendor.connect({ apiKey: "…" })`, and the
   * parameter of a URL. For names that mean nothing but the vendor.
   */
  readonly near?: string;
}

/**
 * A value that is given to a name, in any syntax: the name holds one of these words, and up to 40 characters after it. The
 * default validator wants a value that looks random, and a name that does not say that it is a checksum, an id, a version.
 */
export function named(value: Named): Rule {
  const { names, near, length, rest: _rest, of: _of, form: _form, ...rule } = value;
  const [, most] = bounds(length);
  let pattern: RegExp | undefined;
  return {
    confidence: 'medium',
    validate: namedValue,
    isFollower: true,
    ...rule,
    keywords: names,
    caseless: true,
    // There are hundreds of these, and a run needs few.
    get pattern() {
      return (pattern ??= new RegExp(explicitCase(namedSource(value))));
    },
    window: { before: 0, after: 40 + LONGEST_ASSIGNED + most + (near === undefined ? 0 : SOON + 20) },
    ...(near === undefined ? { next: ASSIGNMENT_FOLLOWS } : {}),
  };
}

function namedSource({ names, rest, near, of, length, form }: Named): string {
  const own = `${restOf(names, rest)}(?<name>[A-Za-z0-9_. -]{0,40})(?:${ASSIGNED}|${SPACED})`;
  const nearby =
    near === undefined
      ? ''
      : `|[^]{0,${SOON}}?(?i:${near})(?<name>[A-Za-z0-9_-]{0,16})(?:${ASSIGNED}${SCHEME}|[\\t ]{1,3})`;
  const secret = form ?? run(of, length);
  return `(?i:${anyOf(names)})(?:${own}${nearby})(?<secret>${secret})(?![A-Za-z0-9_+=(${inWord(of)}]|[/-][A-Za-z0-9]{4})`;
}

/** That the name holds it: the word before this place, or what comes. */
function restOf(names: readonly string[], rest: string | undefined): string {
  if (rest === undefined) return '';
  const whole = names.filter((name) => new RegExp(rest).test(name));
  const ahead = `(?=[A-Za-z0-9_. -]{0,40}(?i:${rest}))`;
  return whole.length === 0 ? ahead : `(?:(?<=(?i:${anyOf(whole)}))|${ahead})`;
}

/**
 * What stands between a name and its value, quotes included: `=`, `:`, `:=`, `||=`, `=>`, `", "`, `: string = "`, `">`, `" value="`,
 * and in a manifest of Kubernetes `\n  value: `.
 */
export const ASSIGNED =
  /["'`\\\])]{0,4}(?:[\t ]{0,4}:?[\t ]{0,4}&?(?:'static[\t ])?(?:[Ss]tr(?:ing)?|char|text)[\t ?*]{1,4})?(?:[\t ]{0,8}(?:=>|[:.+|?]{0,2}==?|:{1,3}|,|->|<-|\(|>)|[\t ]{1,4}(?:value|content|default)[\t ]{0,4}=|\r?\n[\t ]{1,24}value:)[\t ]{0,8}(?:[fbru$@]{0,2}["'`\\]{1,4}|)/
    .source;
/** The same on command lines: `--vendor-token abc`, `ENV VENDOR_KEY abc`, `#define VENDOR_KEY "abc"`. */
const SPACED = /(?:(?<=[Kk](?:ey|EY)|[Tt](?:oken|OKEN)|[Ss](?:ecret|ECRET))[\t ]{1,8}["']?|[\t ]{1,8}["'])/
  .source;
/** The first word of a header: `Bearer `, `Token token=`. */
const SCHEME = '(?:[A-Za-z-]{3,16}[ =]["\']?)?';
/** Bytes between a vendor's word and a name that stands near it. */
const SOON = 80;
/** Bytes that `ASSIGNED` takes at most. */
const LONGEST_ASSIGNED = 96;

/** What must follow a word in a name for the rest to be worth a look: more of the name, and something that assigns. */
export const ASSIGNMENT_FOLLOWS: readonly RunOfBytes[] = [
  { of: 'A-Za-z0-9_.-', least: 0, most: 56 },
  { of: ' "\'`\\\\\\])>=:,|?<(+\\t\\r\\n', least: 1 },
];

/** The characters that may not follow a run: its own, but for the full stop that ends a sentence, or a file's name. */
function inWord(of: string): string {
  return of.replace('.', '');
}

function bounds(length: Run['length']): readonly [number, number] {
  return typeof length === 'number' ? [length, length] : length;
}

/** The source of an expression for so many of these characters. */
function run(of: string, length: Run['length']): string {
  return `[${of}]{${[length].flat().join(',')}}`;
}

/** The source of an expression that matches one of these texts. */
export function anyOf(texts: readonly string[]): string {
  return texts.map((text) => RegExp.escape(text)).join('|');
}
