/** How well a scanner did on the labelled corpus: counts by family, and which texts it got wrong. */
import type { Confidence } from '../../src/scan/task-build.ts';
import type { Labelled, Place } from './corpus.ts';

/** A scanner's finding, with the path below the corpus. */
export interface Reported extends Place {
  readonly path: string;
  readonly rule: string;
  readonly confidence: Confidence;
}

/**
 * Scores for the texts of one family. A positive counts when a finding covers its secret, a negative when there
 * is any finding.
 */
export interface Score {
  total: number;
  any: number;
  /** With medium confidence or higher. */
  sure: number;
  /** Found by the right rule; a negative has none. */
  right: number;
}

/** A positive that no rule found, or only a wrong one; a negative with a finding. */
export interface Wrong {
  readonly labelled: Labelled;
  /** The rules whose findings count, the most certain first. */
  readonly rules: readonly string[];
  readonly isSure: boolean;
}

/** Findings of one confidence: those of a secret, and those in texts without one. */
export interface Judged {
  right: number;
  wrong: number;
}

export interface Scores {
  readonly positives: ReadonlyMap<string, Score>;
  readonly negatives: ReadonlyMap<string, Score>;
  readonly wrong: readonly Wrong[];
  /** Findings beside the secret of a positive count for neither: they may be of another secret. */
  readonly byConfidence: ReadonlyMap<Confidence, Judged>;
}

/** The share of right findings that each confidence promises. */
export const promises: ReadonlyMap<Confidence, number> = new Map([
  ['high', 0.95],
  ['medium', 0.85],
]);

/** The share of right findings; 1 where there is none. */
export function shareOfRight({ right, wrong }: Judged): number {
  return right + wrong === 0 ? 1 : right / (right + wrong);
}

/** The confidences that do not hold what they promise. */
export function brokenPromises({ byConfidence }: Scores): Confidence[] {
  return [...promises].flatMap(([confidence, least]) => {
    const judged = byConfidence.get(confidence);
    return judged !== undefined && shareOfRight(judged) < least ? [confidence] : [];
  });
}

export function score(corpus: readonly Labelled[], findings: readonly Reported[]): Scores {
  const byPath = Map.groupBy(findings, ({ path }) => path);
  const positives = new Map<string, Score>();
  const negatives = new Map<string, Score>();
  const wrong: Wrong[] = [];
  const byConfidence = new Map<Confidence, Judged>();
  for (const labelled of corpus) {
    const { family, rule, path, place } = labelled;
    const found = (byPath.get(path) ?? []).filter(
      (finding) => place === undefined || overlaps(finding, place),
    );
    for (const { confidence } of found) {
      const judged = byConfidence.get(confidence) ?? { right: 0, wrong: 0 };
      byConfidence.set(confidence, judged);
      judged[place === undefined ? 'wrong' : 'right'] += 1;
    }
    const rules = [...new Set(found.map((finding) => finding.rule))];
    const isSure = found.some(({ confidence }) => confidence !== 'low');
    const isRight =
      place !== undefined && found.some((finding) => rule === undefined || finding.rule === rule);
    const scores = place === undefined ? negatives : positives;
    const total = scores.get(family) ?? { total: 0, any: 0, sure: 0, right: 0 };
    scores.set(family, total);
    total.total += 1;
    total.any += Number(found.length > 0);
    total.sure += Number(isSure);
    total.right += Number(isRight);
    if (place === undefined ? found.length > 0 : !isRight) wrong.push({ labelled, rules, isSure });
  }
  return { positives, negatives, wrong, byConfidence };
}

/** All families together. */
export function sum(scores: ReadonlyMap<string, Score>): Score {
  const all: Score = { total: 0, any: 0, sure: 0, right: 0 };
  for (const { total, any, sure, right } of scores.values()) {
    all.total += total;
    all.any += any;
    all.sure += sure;
    all.right += right;
  }
  return all;
}

function overlaps(one: Place, other: Place): boolean {
  return (
    isBefore(one.line, one.column, other.endLine, other.endColumn) &&
    isBefore(other.line, other.column, one.endLine, one.endColumn)
  );
}

function isBefore(line: number, column: number, otherLine: number, otherColumn: number): boolean {
  return line < otherLine || (line === otherLine && column < otherColumn);
}
