/** Candidates of the built-in rules that the administrator's allowlists permit because of the line around the secret. */
import type { Candidate } from './candidate.ts';
import type { Detector } from './detector.ts';

/** A text, or a chunk of one. */
interface Chunk {
  /** The path of its file. */
  readonly path: string;
  readonly bytes: Uint8Array;
  /** Where the bytes begin in the text. */
  readonly base: number;
}

/** The candidates of a chunk, those that are permitted marked as such. */
export function withLineExceptions(
  { rules, customRules }: Detector,
  candidates: readonly Candidate[],
  { path, bytes, base }: Chunk,
): readonly Candidate[] {
  const exceptions = customRules?.exceptions;
  if (exceptions?.needLines !== true) return candidates;
  return candidates.map((candidate) => {
    const rule = rules[candidate.rule]?.id;
    // Custom rules know their allowlists themselves.
    if (rule === undefined || candidate.isAllowed === true) return candidate;
    const [start, end] = [candidate.start - base, candidate.end - base];
    const isAllowed = exceptions.permitInLine({ rule, path, bytes, start, end });
    return isAllowed ? { ...candidate, isAllowed } : candidate;
  });
}
