/** Redacts the names and paths of scanned files, including secrets that only the custom rules find. */
import { redactSecrets } from './detector-module.ts';
import type { CustomRules } from '../rules/custom/index.ts';

export function redactorWith(customRules: CustomRules | undefined): (text: string) => string {
  return customRules === undefined ? redactSecrets : (text) => customRules.redact(redactSecrets(text));
}
