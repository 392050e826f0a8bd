/** JSON Web Keys (RFC 7517) that are not JSON: literals of programs, and YAML. */
import { jsonWebKey } from './keys.ts';
import { type Verdict, rejected } from '../model/verdict.ts';

/** A member with its value, in quotes or, in YAML, without. */
const MEMBER =
  /(?<![\w-])(["'`]?)(kty|crv|x|y|d|n|e|p|q|dp|dq|qi|k)\1[\t ]{0,4}(?::|=>?)\s{0,40}(?:(["'`])([A-Za-z0-9_-]{1,1500})\3|([A-Za-z0-9_-]{1,1500})(?=[\t ]*(?:\r?\n|$)))/g;
/** What stands between the halves of a literal that is concatenated. */
const CONCATENATED = /(?<=[\w-])(["'`])\s{0,40}[+.]?\s{0,40}\\?\s{0,40}\1(?=[\w-])/g;

/** The secret member of a key has at least so many characters, perhaps in several literals. */
const LONG_VALUE = /[A-Za-z0-9_-]{12}/;

export function literalJsonWebKey(secret: string): Verdict {
  if (!LONG_VALUE.test(secret)) return rejected;
  // The rule for JSON reports those.
  if (jsonWebKey(secret).ok) return rejected;
  const text = secret.replaceAll(/\\{1,7}(?=["'`])/g, '').replaceAll(CONCATENATED, '');
  const key = Object.fromEntries(
    Array.from(text.matchAll(MEMBER), ([, , name = '', , quoted, plain]) => [name, quoted ?? plain ?? '']),
  );
  return 'kty' in key && ('d' in key || 'k' in key) ? jsonWebKey(JSON.stringify(key)) : rejected;
}
