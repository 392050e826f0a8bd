/** What a rule considers a secret: as a candidate in its text, and as a detection that no other rule shadows. */
import type { Confidence, Finding, Severity } from '../model/finding.ts';

/** What a rule reports about a value that it considers a secret. */
export interface Judgement {
  readonly severity: Severity;
  readonly confidence: Confidence;
  readonly evidence: readonly string[];
  readonly fingerprint: string;
  /** An allowlist of the administrator's rules permits it: it is only counted, and shadows nothing else. */
  readonly isAllowed?: boolean;
}

/** A secret in a text, before overlaps with others are resolved. */
export interface Candidate extends Judgement {
  /** Index into the detector's descriptions. */
  readonly rule: number;
  /** Offsets of the secret in the text. */
  readonly start: number;
  readonly end: number;
  /** It was found in an encoded text; secrets found in the text itself take precedence. */
  readonly isEncoded?: boolean;
  /** It was found in a text without its decoration; the same rule's secret in the text itself takes precedence. */
  readonly isUndecorated?: boolean;
  /** Its text contains decoration, such as colours: what the undecorated text contains takes precedence. */
  readonly isDecorated?: boolean;
}

/** A finding without its file: one occurrence of a secret, to which further ones may be joined. */
export type Detection = Omit<Finding, 'path' | 'exposure' | 'files'> & Pick<Candidate, 'isAllowed'>;

export type OnDetection = (detection: Detection) => void;
