/** Allowlists: matches of a rule that are permitted. */
import { compile } from './expression.ts';
import type { AllowlistData } from './rule-set.ts';

/** What an allowlist may check. */
export interface Suspect {
  /** The path of the file, with forward slashes. */
  readonly path: string;
  /** What the regexes are applied to. Undefined for a finding of a path alone. */
  readonly textOf: ((target: AllowlistData['regexTarget']) => string) | undefined;
}

/** Decides whether an allowlist permits the match. */
export type Allowlist = (suspect: Suspect) => boolean;

/** @throws Error for an expression that RE2 does not support */
export function allowlistOf(data: AllowlistData): Allowlist {
  const paths = data.paths.map(compile);
  const regexes = data.regexes.map(compile);
  const { stopwords, regexTarget, hasCommits } = data;
  const checks: Allowlist[] = [];
  if (paths.length > 0) checks.push(({ path }) => paths.some((regex) => regex.test(path)));
  if (regexes.length > 0) {
    checks.push(({ textOf }) => {
      const text = textOf?.(regexTarget);
      return text !== undefined && regexes.some((regex) => regex.test(text));
    });
  }
  if (stopwords.length > 0) {
    checks.push(({ textOf }) => {
      const secret = textOf?.('secret').toLowerCase();
      return secret !== undefined && stopwords.some((word) => secret.includes(word));
    });
  }
  if (hasCommits) checks.push(() => false);
  return data.condition === 'and'
    ? (suspect) => checks.every((check) => check(suspect))
    : (suspect) => checks.some((check) => check(suspect));
}
