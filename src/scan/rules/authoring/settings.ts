/**
 * Values in files that are recognized by their names. Where the file and the name in it identify a value as a
 * password, every value is one except placeholders, however simple it is.
 */
import type { RuleDescription } from '../../model/finding.ts';
import type { FileKind } from '../model/file-kind.ts';
import type { Rule } from '../model/rule.ts';
import { storedPassword } from '../validators/stored-password.ts';

/** A line's beginning and its indentation. */
export const LINE = String.raw`(?<![^\n])[\t ]{0,24}`;

/** `=` or `:` with blanks around it. */
export const IS = String.raw`[\t ]{0,20}[=:][\t ]{0,20}`;

/** A value in quotes, or up to the next blank; at most 128 characters. */
export const VALUE = String.raw`(?:"(?<secret>[^"\r\n]{1,128})"|'(?<secret>[^'\r\n]{1,128})'|(?<secret>[^\s"'][^\s]{0,127})(?!\S))`;

/** The same, but only a comment may follow it: other words mean a sentence. */
export const LAST_VALUE = String.raw`(?:"(?<secret>[^"\r\n]{1,128})"|'(?<secret>[^'\r\n]{1,128})'|(?<secret>[^\s"'][^\s]{0,127})(?=[\t ]{0,8}(?:#|(?![^\r\n]))))`;

/** A quoted value, as in a program. */
export const QUOTED = String.raw`(?:"(?<secret>[^"\r\n]{1,256})"|'(?<secret>[^'\r\n]{1,256})')`;

/** A token, in quotes or not. */
export const TOKEN = String.raw`["']?(?<secret>[^\s"'<>,;]{3,4096})(?![^\s"'<>,;])`;

/** Maximum length of a match of one of these expressions. */
const MAX_REACH_BYTES = 4600;

/** A value on a line of its own, after this. */
export function line(before: string, value = VALUE): string {
  return `${LINE}(?:${before})${value}`;
}

/** The string value of a JSON member with one of these names. */
export function member(names: string): string {
  return String.raw`"(?:${names})"\s{0,8}:\s{0,8}"(?<secret>(?:[^"\\\r\n]|\\.){1,4096})"`;
}

/** The text of an element with one of these names. */
export function element(names: string): string {
  return String.raw`<(?:${names})(?:\s[^<>]{0,160})?>\s{0,40}(?:<!\[CDATA\[)?(?<secret>[^<>\s\]][^<>\r\n\]]{0,511}?)\s{0,40}(?:\]\]>\s{0,40})?<\/`;
}

/** The value of an attribute with one of these names. */
export function attribute(names: string): string {
  return String.raw`\s(?:${names})\s{0,4}=\s{0,4}(?:"(?<secret>[^"<>\r\n]{1,256})"|'(?<secret>[^'<>\r\n]{1,256})')`;
}

/** A line that contains only the value: for files that have one line. */
export function alone(value: string): string {
  return String.raw`(?<![^\n])(?<secret>${value})[\t ]{0,8}(?![^\r\n])`;
}

type More = Partial<Pick<Rule, 'severity' | 'confidence' | 'remediation' | 'validate' | 'needs'>>;

/** A kind of file, and an expression for where its `secret` is. */
export type Stored = readonly [
  id: string,
  title: string,
  source: string,
  files: FileKind,
  where: string,
  more?: More,
];

const common = {
  severity: 'high',
  remediation:
    'Change it in the system that accepts it, then remove it from this file or make the file readable only by its owner.',
  validate: storedPassword,
} as const;

/** Rules for files that are recognized by their names. */
export function storedRules(rows: readonly Stored[]): readonly Rule[] {
  return rows.map(([id, title, source, files, where, more]) => ({
    ...common,
    ...more,
    id,
    title,
    source,
    files,
    keywords: [],
    pattern: new RegExp(where),
    window: { before: 0, after: MAX_REACH_BYTES },
  }));
}

export interface Setting extends RuleDescription, Partial<Pick<Rule, 'confidence' | 'validate'>> {
  readonly files: FileKind;
  /** An expression for what is between a line's indentation and the value. */
  readonly line: string;
  /** An expression for the value; default: `VALUE`. */
  readonly value?: string;
}

/** A value on a line of its own in one of these files. */
export function setting({ line: before, value, ...rule }: Setting): Rule {
  return {
    validate: storedPassword,
    ...rule,
    keywords: [],
    pattern: new RegExp(line(before, value)),
    window: { before: 0, after: MAX_REACH_BYTES },
  };
}
