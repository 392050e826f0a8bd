/** Judges how well the agent understood a record, by its line in the log. The layout of lines is not documented. */
import type { LogLine } from '../steps/log-search.ts';
import type { FieldNames } from './candidates.ts';
import type { Form, Marker } from './marker.ts';

/** One way of writing records, with what became of its markers. */
export interface Attempt {
  readonly form: Form & { readonly names: FieldNames };
  /** A marker at Warning. */
  readonly important: Marker;
  /** Markers above Warning. */
  readonly worse: readonly Marker[];
  /** A marker below the minimum level of the log; undefined if there is no such level. */
  readonly unimportant: Marker | undefined;
}

export interface Judgement extends Attempt {
  /** The line of the important marker. */
  readonly line: LogLine;
  /** Higher is better. */
  readonly score: number;
  /** For people, the reasons for the score. */
  readonly signs: readonly string[];
}

/** Judges an attempt; undefined if its important marker is not in the log. */
export function judge(attempt: Attempt, lines: readonly LogLine[]): Judgement | undefined {
  const { important, worse, unimportant, form } = attempt;
  const lineOf = (marker: Marker) => lines.find(({ text }) => text.includes(marker.text));
  const line = lineOf(important);
  if (line === undefined) return undefined;
  const isWritten = worse.filter((marker) => lineOf(marker) !== undefined);
  const observations = [
    {
      // A minimum level can only be applied to a level that was understood.
      isTrue: unimportant !== undefined && lineOf(unimportant) === undefined,
      weight: 2,
      sign: 'its level controls whether it is written',
    },
    {
      isTrue: !isMember(line.text, form.names.message),
      weight: 2,
      sign: 'its message is shown as the text of the line',
    },
    {
      isTrue: !isMember(line.text, form.names.level),
      weight: 1,
      sign: 'its level is not shown as an unknown field',
    },
  ].filter(({ isTrue }) => isTrue);
  const score = observations.reduce((sum, { weight }) => sum + weight, isWritten.length);
  return { ...attempt, line, score, signs: observations.map(({ sign }) => sign) };
}

/** True if a field stands in the line with its name, as the member of a JSON object: as it was sent, not understood. */
function isMember(line: string, name: string): boolean {
  return line.includes(`"${name}":`) || line.includes(`\\"${name}\\":`);
}

/** The best of several judgements; of equally good ones the first. */
export function best(judgements: readonly Judgement[]): Judgement | undefined {
  const highest = Math.max(...judgements.map(({ score }) => score));
  return judgements.find(({ score }) => score === highest);
}
