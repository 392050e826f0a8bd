/** What a rule takes for a secret: as a candidate in its text, and as a detection that no other rule shadows. */
import { createHmac } from 'node:crypto';
import type { Confidence, Finding, Severity } from '../model/finding.ts';

/** What a rule says of a value that it takes for a secret. */
export interface Judgement {
  readonly severity: Severity;
  readonly confidence: Confidence;
  readonly evidence: readonly string[];
  readonly fingerprint: string;
}

/** A secret in a text, until it is known whether another one overlaps it. */
export interface Candidate extends Judgement {
  /** Index into the detector's descriptions. */
  readonly rule: number;
  /** Of the secret, in the text. */
  readonly start: number;
  readonly end: number;
  /** It was found in an encoded text: what is found in the text itself takes precedence. */
  readonly isEncoded?: boolean;
  /** An allowlist of the custom rules lets it pass: it is only counted, and shadows nothing else. */
  readonly isAllowed?: boolean;
}

/** HMAC-SHA-256, hexadecimal. @param secret bytes, or one character per byte */
export function fingerprintOf(key: Buffer, secret: string | Uint8Array): string {
  const hmac = createHmac('sha256', key);
  return (typeof secret === 'string' ? hmac.update(secret, 'latin1') : hmac.update(secret)).digest('hex');
}

/** A finding that does not know its file yet. */
export type Detection = Omit<Finding, 'path' | 'exposure'> & Pick<Candidate, 'isAllowed'>;

export type OnDetection = (detection: Detection) => void;
