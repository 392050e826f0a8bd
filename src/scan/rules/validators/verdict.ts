/** What a validator says of a match. Evidence speaks about the secret and never holds a part of it. */
import type { Severity } from '../../../task.ts';

export interface Verdict {
  /** False when the match is no credential at all; nothing is reported then. */
  readonly ok: boolean;
  /** Replaces the rule's severity. */
  readonly severity?: Severity;
  readonly evidence: readonly string[];
}

/** Not a credential. */
export const rejected: Verdict = { ok: false, evidence: [] };

/** A credential of the rule's own severity. */
export function accepted(...evidence: string[]): Verdict {
  return { ok: true, evidence };
}

/** A credential that somebody should know of, at another severity than the rule's. */
export function regraded(severity: Severity, ...evidence: string[]): Verdict {
  return { ok: true, severity, evidence };
}
