/**
 * The two shapes that most credentials have: a token that begins with letters of its vendor's choice, and a value without a
 * mark of its own that is given to a name. A family's file says what is special; this says what all have in common.
 */
import type { RuleDescription } from '../../task.ts';
import type { RunOfBytes } from '../engine/index.ts';
import type { Rule } from './rule.ts';
import { opaque } from './validators/opaque.ts';
import { namedValue } from './validators/named-value.ts';

/** Characters, and how many of them: exactly so many, or from the least to the most. */
export interface Run {
  /** The inside of a character class: `A-Za-z0-9_-`. */
  readonly of: string;
  readonly length: number | readonly [least: number, most: number];
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
  const { prefix, of, length, ...rule } = token;
  const keywords = [prefix].flat();
  const [least, most] = bounds(length);
  const body = new RegExp(`^(?:${anyOf(keywords)})`);
  return {
    validate: (secret) => opaque(secret, secret.replace(body, '')),
    ...rule,
    keywords,
    pattern: new RegExp(`${BEFORE}(?:${anyOf(keywords)})[${of}]${count(length)}(?![${of}A-Za-z0-9_])`),
    window: { before: 0, after: most },
    next: { of, least },
  };
}

interface Named extends RuleDescription, Run, Partial<Pick<Rule, 'confidence' | 'files' | 'validate'>> {
  /** Parts of names, in small letters; capitals match too. The vendor's, as a rule: `datadog`. */
  readonly names: readonly string[];
  /** What the rest of the name must hold, if anything; an expression without capturing groups. */
  readonly rest?: string;
}

/**
 * A value that is given to a name, in any syntax: the name holds one of these words, and up to 40 characters after it. The
 * default validator wants a value that looks random, and a name that does not say that it is a checksum, an id, a version.
 */
export function named(value: Named): Rule {
  const { names, rest, of, length, ...rule } = value;
  const [, most] = bounds(length);
  const tail = rest === undefined ? '' : `(?=[A-Za-z0-9_. -]{0,40}(?i:${rest}))`;
  return {
    confidence: 'medium',
    validate: namedValue,
    ...rule,
    keywords: names,
    caseless: true,
    pattern: new RegExp(
      `(?i:${anyOf(names)})${tail}(?<name>[A-Za-z0-9_. -]{0,40})${ASSIGNED}(?<secret>[${of}]${count(length)})(?![${of}A-Za-z0-9_])`,
    ),
    window: { before: 0, after: 40 + LONGEST_ASSIGNED + most },
    next: ASSIGNMENT_FOLLOWS,
  };
}

/**
 * What stands between a name and its value, quotes included: `=`, `:`, `:=`, `=>`, `", "`, `: string = "`, `">`, `" value="`,
 * and in a manifest of Kubernetes `\n  value: `.
 */
export const ASSIGNED =
  /["'`\\\])]{0,4}(?:[\t ]{0,4}:?[\t ]{0,4}&?(?:'static[\t ])?(?:[Ss]tr(?:ing)?|char|text)[\t ?*]{1,4})?(?:[\t ]{0,8}(?:=>|:=|\|\|=|\?=|==?|:|,|->|<-|\(|>)|[\t ]{1,4}(?:value|content|default)[\t ]{0,4}=|\r?\n[\t ]{1,24}value:)[\t ]{0,8}(?:[fbru$@]{0,2}["'`\\]{1,4}|)/
    .source;
/** Bytes that `ASSIGNED` takes at most. */
const LONGEST_ASSIGNED = 96;

/** What must follow a word in a name for the rest to be worth a look: more of the name, and something that assigns. */
export const ASSIGNMENT_FOLLOWS: readonly RunOfBytes[] = [
  { of: 'A-Za-z0-9_. -', least: 0, most: 56 },
  { of: '"\'`\\\\\\])>=:,|?<(\\t\\r\\n', least: 1 },
];

function bounds(length: Run['length']): readonly [number, number] {
  return typeof length === 'number' ? [length, length] : length;
}

/** As a quantifier. */
function count(length: Run['length']): string {
  return `{${[length].flat().join(',')}}`;
}

/** The source of an expression that matches one of these texts. */
function anyOf(texts: readonly string[]): string {
  return texts.map((text) => RegExp.escape(text)).join('|');
}
