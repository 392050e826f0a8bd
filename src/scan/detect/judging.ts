/**
 * Judges what rules have matched: is it a secret in this file, how severe, and how certain? Fingerprints the
 * secrets.
 */
import type { Groups } from '../engine/index.ts';
import { type Rule, type TableHeading, isAmongExamples, placeOf, rulePath } from '../rules/index.ts';
import type { Judgement } from './candidate.ts';
import type { Detector } from './detector.ts';
import { fingerprintOf } from './fingerprint.ts';

/** The file that a text is in, as rules see it. */
export interface FileContext {
  readonly path: string;
  /** As the system has it. */
  readonly systemPath: string;
  /** The patterns of the engine that apply only to files like this one. */
  readonly patterns: readonly number[];
  /** Of the table that the last match was in: what follows may be more of its rows. */
  heading?: TableHeading | undefined;
}

/** @param systemPath empty for a text that is not in a file */
export function fileContext({ fileRules }: Detector, systemPath: string): FileContext {
  const path = rulePath(systemPath);
  return { path, systemPath, patterns: fileRules.of(path) };
}

/**
 * Asks a rule's validator about a value that the rule matched.
 * @param secret one character per byte
 * @param before the text before the match: up to `CONTEXT` characters
 * @returns undefined when the value should not be reported
 */
export function judge(
  { key, now, disabled, customRules }: Detector,
  { path, systemPath }: FileContext,
  rule: Rule,
  secret: string,
  groups: Groups,
  before: string,
): Judgement | undefined {
  if (disabled?.has(rule.id) === true) return undefined;
  const verdict = rule.validate(secret, { now, path, groups, before });
  if (!verdict.ok) return undefined;
  const { severity = rule.severity, confidence = rule.confidence ?? 'high', evidence, isSample } = verdict;
  const { canonical = secret } = verdict;
  if (isSample === true && isAmongExamples(path)) return undefined;
  // Files that a package manager installs are public: example or weak secrets in them are not worth reporting.
  if (confidence === 'low' && placeOf(path) === 'public') return undefined;
  const isAllowed = customRules?.exceptions?.permitSecret(rule.id, systemPath, secret) === true;
  const fingerprint = fingerprintOf(key, canonical);
  return { severity, confidence, evidence, fingerprint, ...(isAllowed && { isAllowed }) };
}
