/** What is wrong with the value of an option, for people. */
import type * as z from 'zod';
import { typed } from '../log/index.ts';
import { nearest } from '../task/nearest.ts';

/**
 * Zod's own messages about choices and types read like code.
 * @param input the values of all options, by key
 * @param isTyped they are on the command line. Values from other places are not repeated, since a file may be the wrong one
 */
export function problemOf(
  issue: z.core.$ZodIssue | undefined,
  input: Readonly<Record<string, unknown>>,
  isTyped: boolean,
): string {
  if (issue?.code === 'invalid_value') return noChoice(issue, valueAt(input, issue.path), isTyped);
  if (issue?.code === 'invalid_type' && issue.expected === 'boolean') return 'expected true or false';
  return issue?.message ?? 'is not valid';
}

function noChoice({ values }: z.core.$ZodIssueInvalidValue, value: unknown, isTyped: boolean): string {
  const choices = values.map(String);
  const expected = `expected one of ${choices.join(', ')}`;
  if (typeof value !== 'string') return expected;
  const meant = nearest(value, choices);
  const wrong = isTyped ? `, not "${typed(value)}"` : '';
  return `${expected}${wrong}${meant === undefined ? '' : `; did you mean ${meant}?`}`;
}

function valueAt(input: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>((value, key) => Object(value)[key], input);
}
