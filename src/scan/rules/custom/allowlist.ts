/** Allowlists: what is let pass although a rule matched it. */
import { compile } from './expression.ts';
import type { AllowlistData } from './rule-set.ts';

/** What an allowlist may look at. */
export interface Suspect {
  /** Of the file, with forward slashes. */
  readonly path: string;
  /** What the regexes are tried on. Undefined for a finding of a path alone. */
  readonly textOf: ((target: AllowlistData['regexTarget']) => string) | undefined;
}

/** Says whether the suspect is let pass. */
export type Allowlist = (suspect: Suspect) => boolean;

/** @throws Error for an expression that RE2 does not know. */
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
