/** Redacts names and paths of what is scanned: the secrets of the administrator's rules too, if there are any. */
import { redactSecrets } from './detector-module.ts';
import type { CustomRules } from '../rules/custom/index.ts';

export function redactorWith(customRules: CustomRules | undefined): (text: string) => string {
  return customRules === undefined ? redactSecrets : (text) => customRules.redact(redactSecrets(text));
}
