/** What a rule thinks is a secret, before it is known whether a surer rule has something over it. */
import { createHmac } from 'node:crypto';
import type { Confidence, Finding, Severity } from '../model/finding.ts';

export interface Candidate {
  /** Index into the detector's descriptions. */
  readonly rule: number;
  /** Of the secret, in the text. */
  readonly start: number;
  readonly end: number;
  readonly severity: Severity;
  readonly confidence: Confidence;
  readonly evidence: readonly string[];
  readonly fingerprint: string;
  /** It stood in an encoded text: what is known of that text as it is comes first. */
  readonly isEncoded?: boolean;
  /** An allowlist of the administrator's rules lets it pass: it is counted, and stands in nobody's way. */
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
