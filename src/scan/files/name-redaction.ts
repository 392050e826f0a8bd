/** Redacts names and paths of what is scanned: the secrets of the administrator's rules too, if there are any. */
import { redactSecrets } from './detector-module.ts';
import type { ForeignRules } from '../rules/custom/index.ts';

export function redactorWith(foreign: ForeignRules | undefined): (text: string) => string {
  return foreign === undefined ? redactSecrets : (text) => foreign.redact(redactSecrets(text));
}
