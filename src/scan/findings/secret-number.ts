/** A number for a rule and a secret, which takes less memory than their names. Two of ten billion are equal. */
import type { Finding } from '../model/finding.ts';

export function secretNumber({ rule, fingerprint }: Pick<Finding, 'rule' | 'fingerprint'>): number {
  let ofRule = 0;
  for (let index = 0; index < rule.length; index += 1) {
    ofRule = (31 * ofRule + rule.charCodeAt(index)) % 2 ** 12;
  }
  return parseInt(fingerprint.slice(0, 10), 16) * 2 ** 12 + ofRule;
}
