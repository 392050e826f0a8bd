/**
 * Tables of vendors: most have one or two credentials, and what is special about one fits a row. Ids and titles follow
 * from the vendor's name and the kind: `Acme`, `API key` is `acme-api-key`, "Acme API key".
 */
import type { RuleDescription, Severity } from '../../task.ts';
import { BEFORE, type Run, named, prefixed } from './builders.ts';
import type { Rule } from './rule.ts';
import { opaque } from './validators/opaque.ts';

export const HEX = 'a-f0-9';
export const ANY_HEX = 'A-Fa-f0-9';
export const LOWER = 'a-z0-9';
export const UPPER = 'A-Z0-9';
export const WORD = 'A-Za-z0-9';
export const URL_SAFE = 'A-Za-z0-9_-';
export const BASE64 = 'A-Za-z0-9+/=';
/** 36 of these, with a letter and a digit, are a UUID. */
export const UUID = 'A-Fa-f0-9-';

/** What names hold whose values are secrets. */
export const SECRETS = 'key|token|secret|auth|passw|pwd|cred';

type Columns = readonly [
  vendor: string,
  kind: string,
  severity: Severity,
  words: readonly string[],
  of: string,
  length: Run['length'],
  source: string,
];

/** Describes one rule of a vendor. */
export function describe(vendor: string, kind: string, severity: Severity, source: string): RuleDescription {
  const title = `${vendor} ${kind}`;
  return {
    id: title
      .toLowerCase()
      .replaceAll('.', '')
      .replaceAll(/[^a-z0-9]+/g, '-')
      .replace(/-$/, ''),
    title,
    severity,
    remediation: `Revoke the credential in the settings of ${vendor} and make a new one.`,
    source,
  };
}

/** Tokens that begin with one of the words. */
export function tokens(rows: readonly Columns[]): readonly Rule[] {
  return rows.map(([vendor, kind, severity, prefix, of, length, source]) =>
    prefixed({ ...describe(vendor, kind, severity, source), prefix, of, length }),
  );
}

/**
 * Values given to a name that holds one of the words. With `rest`, the name must hold that too; without, the words mean the
 * vendor alone, and the value may also be given to a name for secrets that stands soon after.
 */
export function keys(rows: readonly (readonly [...Columns, rest?: string])[]): readonly Rule[] {
  return rows.map(([vendor, kind, severity, names, of, length, source, rest]) =>
    named({
      ...describe(vendor, kind, severity, source),
      names,
      // Few vendors say that their keys are hexadecimal, and one that is now need not stay so.
      of: of === HEX ? LOWER : of,
      length,
      ...(rest === undefined ? { near: SECRETS } : { rest }),
    }),
  );
}

/**
 * URLs that open something by themselves. `host` is literal and the keyword; `before` and `path` are expressions, in which
 * `/` also stands for its escaped forms. `reach`: bytes of the path at most.
 */
export function secretUrls(
  rows: readonly (readonly [
    vendor: string,
    kind: string,
    severity: Severity,
    before: string,
    host: string,
    path: string,
    reach: number,
    source: string,
  ])[],
): readonly Rule[] {
  return rows.map(([vendor, kind, severity, before, host, path, reach, source]) => ({
    ...describe(vendor, kind, severity, source),
    keywords: [host],
    pattern: new RegExp(
      `${BEFORE}https?:${`//${before}`.replaceAll('/', SLASH)}${RegExp.escape(host)}${path.replaceAll('/', SLASH)}(?![A-Za-z0-9_%=-])`,
    ),
    window: { before: 100, after: reach },
    validate: (secret) => opaque(secret, /[^/=]{16,300}$/.exec(secret)?.[0] ?? secret),
  }));
}

const SLASH = String.raw`(?:\\?/|%2F)`;
