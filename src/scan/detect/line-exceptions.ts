/** Candidates of the built-in rules that the administrator's allowlists permit because of the line around the secret. */
import type { Candidate } from './candidate.ts';
import type { Detector } from './detector.ts';

/**
 * Whether the line of a candidate permits it.
 * @param bytes a text, or a chunk of one
 * @param base where they begin in the text
 */
export type PermitsInLine = (candidate: Candidate, bytes: Uint8Array, base: number) => boolean;

/** @returns undefined where no exception depends on a line */
export function lineExceptions({ rules, customRules }: Detector, path: string): PermitsInLine | undefined {
  const exceptions = customRules?.exceptions;
  if (exceptions?.needLines !== true) return undefined;
  return ({ rule: index, start, end }, bytes, base) => {
    const rule = rules[index]?.id;
    // Custom rules know their allowlists themselves.
    if (rule === undefined) return false;
    return exceptions.permitInLine({ rule, path, bytes, start: start - base, end: end - base });
  };
}
