/** A validator's judgement of a match. Evidence describes the secret and never contains a part of it. */
import type { Confidence, Severity } from '../../model/finding.ts';

export interface Verdict {
  /** False when the match is not a credential at all; nothing is reported then. */
  readonly ok: boolean;
  /** Replaces the rule's severity. */
  readonly severity?: Severity;
  /** Replaces the rule's confidence. */
  readonly confidence?: Confidence;
  readonly evidence: readonly string[];
  /**
   * It is nobody's secret: a value from documentation, or one that is publicly known. Not worth reporting in
   * examples.
   */
  readonly isSample?: boolean;
  /** The secret in one of the ways to write it: all of them have the fingerprint of this one. */
  readonly canonical?: string;
}

/** Not a credential. */
export const rejected: Verdict = { ok: false, evidence: [] };

/** A credential with the rule's own severity and confidence. */
export function accepted(...evidence: string[]): Verdict {
  return { ok: true, evidence };
}

/** A credential whose checksum or structure was verified. */
export function proven(...evidence: string[]): Verdict {
  return { ok: true, confidence: 'high', evidence };
}

/** The same, with high confidence unless another one is given. */
export function surely(verdict: Verdict): Verdict {
  return verdict.ok ? { confidence: 'high', ...verdict } : verdict;
}

/** A credential that should be reported at another severity than the rule's. */
export function regraded(severity: Severity, ...evidence: string[]): Verdict {
  return { ok: true, severity, evidence };
}

/** A placeholder that takes a secret's place in documentation and examples. */
export function sample(...evidence: string[]): Verdict {
  return { ...doubtful(...evidence), isSample: true };
}

/** Probably not a credential, or one that grants no access: low severity and low confidence. */
export function doubtful(...evidence: string[]): Verdict {
  return { ok: true, severity: 'low', confidence: 'low', evidence };
}
