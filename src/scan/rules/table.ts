/**
 * Rules as rows of a table, for vendors whose credentials need no more said than their shape and where they are revoked. What
 * needs a validator or an expression of its own is written out in its family.
 */
import type { Severity } from '../../task.ts';
import { type Run, named, prefixed } from './builders.ts';
import type { Rule } from './rule.ts';

export type Row = readonly [
  id: string,
  title: string,
  severity: Severity,
  /** What tokens begin with; for values that are given to a name, parts of such names. */
  words: string | readonly string[],
  shape: Run,
  /** Where it is revoked: goes on "Revoke it ... and make a new one." */
  where: string,
  source: string,
  /** For values: what the rest of the name must hold; an expression without capturing groups. */
  rest?: string,
];

/** Tokens that begin with their vendor's letters. */
export function tokenRules(rows: readonly Row[]): Rule[] {
  return rows.map(([id, title, severity, prefix, shape, where, source]) =>
    prefixed({ id, title, severity, prefix, ...shape, remediation: remediation(where), source }),
  );
}

/** Values that are given to a name which holds the vendor's. */
export function valueRules(rows: readonly Row[]): Rule[] {
  return rows.map(([id, title, severity, words, shape, where, source, rest]) =>
    named({
      id,
      title,
      severity,
      names: [words].flat(),
      ...(rest === undefined ? {} : { rest }),
      ...shape,
      remediation: remediation(where),
      source,
    }),
  );
}

function remediation(where: string): string {
  return `Revoke it ${where} and make a new one.`;
}

/** What most names of secrets hold somewhere. */
export const SECRET = 'key|token|secret|pass|auth|cred|pat\\b';

type Length = Run['length'];

export const hex = (length: Length): Run => ({ of: 'a-fA-F0-9', length });
export const alphanumeric = (length: Length): Run => ({ of: 'A-Za-z0-9', length });
export const base64 = (length: Length): Run => ({ of: 'A-Za-z0-9+/=', length });
export const base64url = (length: Length): Run => ({ of: 'A-Za-z0-9_-', length });

export const uuid: Run = {
  of: 'a-fA-F0-9-',
  length: 36,
  form: '[a-fA-F0-9]{8}-[a-fA-F0-9]{4}-[a-fA-F0-9]{4}-[a-fA-F0-9]{4}-[a-fA-F0-9]{12}',
};

/** `new relic` as names write it: `newrelic`, `new_relic`, `new-relic`, `new.relic`, `new relic`. */
export function spelled(...phrases: readonly string[]): string[] {
  return phrases.flatMap((phrase) =>
    phrase.includes(' ')
      ? ['', '_', '-', '.', ' '].map((separator) => phrase.replaceAll(' ', separator))
      : [phrase],
  );
}
