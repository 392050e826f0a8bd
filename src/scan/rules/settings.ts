/**
 * Lines of files that are known by their names. Where the file and the name on the line say that a value is a password,
 * any value is one that is no placeholder, however simple it is.
 */
import type { RuleDescription } from '../../task.ts';
import type { FileKind } from './file-kind.ts';
import type { Rule } from './rule.ts';
import { password } from './validators/password.ts';

/** A line's beginning and what indents it. */
export const LINE = String.raw`(?<![^\n])[\t ]{0,24}`;

/** `=` or `:` with blanks around it. */
export const IS = String.raw`[\t ]{0,20}[=:][\t ]{0,20}`;

/** A value in quotes, or up to the next blank; 128 characters at most. */
export const VALUE = String.raw`(?:"(?<secret>[^"\r\n]{1,128})"|'(?<secret>[^'\r\n]{1,128})'|(?<secret>[^\s"'][^\s]{0,127})(?!\S))`;

/** A value with blanks in it, to the end of the line. */
export const REST_OF_LINE = String.raw`(?<secret>[^\s][^\r\n]{0,127}?)[\t ]{0,8}(?![^\r\n])`;

interface Setting extends RuleDescription, Partial<Pick<Rule, 'confidence' | 'validate'>> {
  readonly files: FileKind;
  /** An expression for what stands between a line's indentation and the value. */
  readonly line: string;
  /** An expression for the value; default: `VALUE`. */
  readonly value?: string;
}

/** A value on a line of its own in one of these files. */
export function setting({ line, value = VALUE, ...rule }: Setting): Rule {
  return {
    validate: password,
    ...rule,
    keywords: [],
    pattern: new RegExp(`${LINE}(?:${line})${value}`),
    window: { before: 0, after: 640 },
  };
}
