/** What a validator says of a match. Evidence speaks about the secret and never holds a part of it. */
import type { Confidence, Severity } from '../../model/finding.ts';

export interface Verdict {
  /** False when the match is no credential at all; nothing is reported then. */
  readonly ok: boolean;
  /** Replaces the rule's severity. */
  readonly severity?: Severity;
  /** Replaces the rule's confidence. */
  readonly confidence?: Confidence;
  readonly evidence: readonly string[];
  /** It is nobody's secret: what documentation prints, what everybody knows. Among examples that is no news. */
  readonly isSample?: boolean;
}

/** Not a credential. */
export const rejected: Verdict = { ok: false, evidence: [] };

/** A credential of the rule's own severity and confidence. */
export function accepted(...evidence: string[]): Verdict {
  return { ok: true, evidence };
}

/** A credential whose checksum or structure was checked and is right. */
export function proven(...evidence: string[]): Verdict {
  return { ok: true, confidence: 'high', evidence };
}

/** The same, sure unless it says how sure it is. */
export function surely(verdict: Verdict): Verdict {
  return verdict.ok ? { confidence: 'high', ...verdict } : verdict;
}

/** A credential that somebody should know of, at another severity than the rule's. */
export function regraded(severity: Severity, ...evidence: string[]): Verdict {
  return { ok: true, severity, evidence };
}

/** What stands in a secret's place in documentation and examples. */
export function sample(...evidence: string[]): Verdict {
  return { ...doubtful(...evidence), isSample: true };
}

/** What is probably no credential, or one that opens nothing: of low severity and low confidence. */
export function doubtful(...evidence: string[]): Verdict {
  return { ok: true, severity: 'low', confidence: 'low', evidence };
}
