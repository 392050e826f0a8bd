/** What the language of a log system must be able to say. Each returns lines. */
import type { Condition, Question } from '../../../src/host/task/documentation.ts';

export interface Language {
  /** The system: `Splunk`. */
  readonly name: string;
  /** The name of the language after the fence of a block. */
  readonly fence: string;
  /** The records of a question. @param program their source */
  head(question: Question, program: string): readonly string[];
  list(fields: readonly string[]): readonly string[];
  count(by: readonly string[]): readonly string[];
  machines(by: readonly string[]): readonly string[];
  silent(days: number): readonly string[];
}

type Value = string | number;

export const quoted = (value: Value) => (typeof value === 'number' ? String(value) : `"${value}"`);
export const list = (values: readonly Value[]) => values.map(quoted).join(', ');

/** How a language writes conditions. */
export function conditionsOf(
  words: { readonly isIn: string; readonly isNot: string },
  named: (field: string) => string,
) {
  return (condition: Condition) =>
    'in' in condition
      ? `${named(condition.field)} ${words.isIn} (${list(condition.in)})`
      : `${named(condition.field)}${words.isNot}${quoted(condition.not)}`;
}
