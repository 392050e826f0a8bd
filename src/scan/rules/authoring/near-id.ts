/**
 * The second half of a pair of keys: a secret without a distinctive format, close behind the id that it belongs
 * to.
 */
import { BEFORE } from './boundaries.ts';
import type { Rule } from '../model/rule.ts';
import { isMixed, opaque } from '../validators/opaque.ts';
import { rejected } from '../model/verdict.ts';

interface NearId
  extends Omit<Rule, 'pattern' | 'window' | 'next' | 'validate'>, Partial<Pick<Rule, 'validate'>> {
  /**
   * Expressions without capturing groups; `idLength` and `secretLength` are the maximum lengths of their
   * matches, in bytes.
   */
  readonly idForm: string;
  readonly idLength: number;
  readonly secretForm: string;
  readonly secretLength: number;
}

/** Up to 120 bytes between the two: the next line of a file, the next argument of a call. The id begins with a keyword. */
export function nearId({ idForm, idLength, secretForm, secretLength, ...rule }: NearId): Rule {
  return {
    validate: (secret) => (isMixed(secret) ? opaque(secret, secret) : rejected),
    ...rule,
    pattern: new RegExp(
      `${BEFORE}${idForm}(?![A-Za-z0-9_-])[^]{0,120}?(?<![A-Za-z0-9/+_-])(?<secret>${secretForm})(?![A-Za-z0-9/+=_-])`,
    ),
    window: { before: 0, after: idLength + 120 + secretLength },
    next: { of: 'A-Za-z0-9_-', least: 12 },
  };
}
