/**
 * Rules as rows of a table: most vendors have one or two credentials, and what is special about one fits into a
 * row. Ids and titles are derived from the vendor's name and the kind: `Acme`, `API key` is `acme-api-key`, "Acme
 * API key". Rules that need a validator or an expression of their own are written out in their family.
 */
import type { RuleDescription, Severity } from '../../model/finding.ts';
import { BEFORE } from './boundaries.ts';
import { type CharacterRun, named, prefixed } from './builders.ts';
import { consoles } from './consoles.ts';
import type { Rule } from '../model/rule.ts';
import { opaque } from '../validators/opaque.ts';

type RuleRow = readonly [
  vendor: string,
  kind: string,
  severity: Severity,
  /** What tokens begin with; for values that are assigned to a name, parts of such names. */
  words: string | readonly string[],
  shape: CharacterRun,
  source: string,
  more?: {
    /** If it does not follow from the vendor and the kind: ids stay when titles change. */
    readonly id?: string;
    /** Where it is revoked: continues "Revoke it ...". */
    readonly where?: string;
    /** Instead of `where`: what to do, in full. */
    readonly remediation?: string;
    /** For values: what the name must also contain; an expression without capturing groups. */
    readonly rest?: string;
  },
];

/**
 * Describes one rule of a vendor. The id follows from the title.
 * @param where it is revoked: continues "Revoke it ..."
 */
export function describe(
  vendor: string,
  kind: string,
  severity: Severity,
  source: string,
  where = consoles[vendor] ?? `in the ${vendor} account settings`,
): RuleDescription {
  const title = `${vendor} ${kind}`;
  return {
    id: title
      .toLowerCase()
      .replaceAll('.', '')
      .replaceAll(/[^a-z0-9]+/g, '-')
      .replace(/-$/, ''),
    title,
    severity,
    remediation: `Revoke it ${where}, then create a new one.`,
    source,
  };
}

/** Tokens that begin with one of the words. */
export function tokenRules(rows: readonly RuleRow[]): readonly Rule[] {
  return rows.map((row) => {
    const [, , , prefix, shape] = row;
    return prefixed({ ...describeRow(row), prefix, ...shape });
  });
}

/**
 * Values assigned to a name that contains one of the words. Without `rest`, the words mean only the vendor, and the
 * value may also be assigned to a name for secrets close behind.
 */
export function valueRules(rows: readonly RuleRow[]): readonly Rule[] {
  return rows.map((row) => {
    const [, , , words, shape, , { rest } = {}] = row;
    return named({
      ...describeRow(row),
      names: [words].flat(),
      ...shape,
      ...(rest === undefined ? { near: SECRETS } : { rest }),
    });
  });
}

function describeRow([vendor, kind, severity, , , source, more]: RuleRow): RuleDescription {
  const description = describe(vendor, kind, severity, source, more?.where);
  const { id = description.id, remediation = description.remediation } = more ?? {};
  return { ...description, id, remediation };
}

/**
 * URLs that grant access by themselves. `host` is literal and the keyword; `before` and `path` are expressions, in
 * which `/` also matches its escaped forms. `reach`: maximum length of the path in bytes.
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
    more?: Pick<NonNullable<RuleRow[6]>, 'id' | 'where'>,
  ])[],
): readonly Rule[] {
  return rows.map(([vendor, kind, severity, before, host, path, reach, source, more]) => ({
    ...describe(vendor, kind, severity, source, more?.where),
    ...(more?.id !== undefined && { id: more.id }),
    keywords: [host],
    pattern: new RegExp(
      `${BEFORE}https?:${`//${before}`.replaceAll('/', SLASH)}${RegExp.escape(host)}${path.replaceAll('/', SLASH)}(?![A-Za-z0-9_%=-])`,
    ),
    window: { before: 100, after: reach },
    validate: (secret) => opaque(secret, /[^/=]{16,300}$/.exec(secret)?.[0] ?? secret),
  }));
}

const SLASH = String.raw`(?:\\?/|%2F)`;

/** What the names of secrets contain. */
export const SECRETS = 'key|token|secret|auth|pass|pwd|cred|pat\\b';

/** Insides of character classes. */
export const HEX = 'a-f0-9';
export const LOWER = 'a-z0-9';
export const WORD = 'A-Za-z0-9';
export const URL_SAFE = 'A-Za-z0-9_-';

type Length = CharacterRun['length'];

export const hex = (length: Length): CharacterRun => ({ of: 'a-fA-F0-9', length });
/** Also used for values that are hexadecimal today: few vendors guarantee that, and it may change. */
export const lower = (length: Length): CharacterRun => ({ of: LOWER, length });
export const upper = (length: Length): CharacterRun => ({ of: 'A-Z0-9', length });
export const alphanumeric = (length: Length): CharacterRun => ({ of: WORD, length });
export const base64 = (length: Length): CharacterRun => ({ of: 'A-Za-z0-9+/=', length });
export const base64url = (length: Length): CharacterRun => ({ of: URL_SAFE, length });

export const uuid: CharacterRun = {
  of: 'a-fA-F0-9-',
  length: 36,
  form: '[a-fA-F0-9]{8}-[a-fA-F0-9]{4}-[a-fA-F0-9]{4}-[a-fA-F0-9]{4}-[a-fA-F0-9]{12}',
};

/** `new relic` as it is written in names: `newrelic`, `new_relic`, `new-relic`, `new.relic`, `new relic`. */
export function spelled(...phrases: readonly string[]): string[] {
  return phrases.flatMap((phrase) =>
    phrase.includes(' ')
      ? ['', '_', '-', '.', ' '].map((separator) => phrase.replaceAll(' ', separator))
      : [phrase],
  );
}
