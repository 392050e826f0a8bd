/** Judges how well the agent understood a record, by its line in the log. The layout of lines is not documented. */
import type { LogLine } from '../steps/log-search.ts';
import type { Form, Marker } from './marker.ts';

/** One way of writing records, with what became of its markers. */
export interface Attempt {
  readonly form: Form;
  /** A marker at Warning, and one at a level below the minimum of the log; undefined if there is no such level. */
  readonly important: Marker;
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
  const { important, unimportant, form } = attempt;
  const lineOf = (marker: Marker) => lines.find(({ text }) => text.includes(marker.text));
  const line = lineOf(important);
  if (line === undefined) return undefined;
  const signs: string[] = [];
  // A minimum level can only be applied to a level that was understood.
  const isFiltered = unimportant !== undefined && lineOf(unimportant) === undefined;
  if (isFiltered) signs.push('its level decides whether it is written');
  const isPlain = !isMember(line.text, form.names.message);
  if (isPlain) signs.push('its message is the text of the line');
  const isLevelPlain = !isMember(line.text, form.names.level);
  if (isLevelPlain) signs.push('its level is not left among unknown fields');
  return {
    ...attempt,
    line,
    score: 2 * Number(isFiltered) + 2 * Number(isPlain) + Number(isLevelPlain),
    signs,
  };
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
