/**
 * Passwords in files that are recognized by their names, where any text counts unless it is evidently something
 * else.
 */
import type { MatchContext } from '../model/rule.ts';
import { isAmongExamples, placeOf } from './file-place.ts';
import { WELL_KNOWN, isWeak, password } from './password.ts';
import { type Verdict, accepted, doubtful, regraded, rejected } from '../model/verdict.ts';

/**
 * Encrypted values that need a key: jasypt, eyaml, Spring Cloud, WebSphere, Maven, IIS, WildFly, Vault's
 * transit, Ansible.
 */
const encrypted =
  /^(?:ENC[([]|DEC::|\{(?:xor|cipher|aes\w*|des\w*|3des|rsa|securestring)\}|\{[A-Za-z0-9+/]{16,}={0,2}\}$|\[enc:|(?:\$\{)?VAULT::|MASK-|vault:v\d|\$ANSIBLE_VAULT|AQAAANCMnd8B|01000000d08c9ddf)/i;

/** The password is stored elsewhere. */
const elsewhere =
  /^(?:\$ENV\{|exec:|cmd:|secret:|!!?\w|sys\.env|System\.|project\.|providers\.|findProperty|Deno\.env|XXX_\w+_XXX$|ENV[.[])/;

/** Other values of a variable with such a name: a number, a kind of authentication, a path, an address. */
const otherSetting =
  /^(?:\d{1,6}|basic|bearer|oauth2?|allow|trust|md5|scram-sha-256|ldap|local|saml|internal|external|always|never)$|^(?:~|\.{0,2})\/[a-z0-9_.-]*(?:\/|$)|^[A-Z]:\\|^https?:\/\/[^:@]*$/i;

/** Password hashes. Other rules know their formats. */
const hashed =
  /^(?:\$(?:1|2[abxy]|5|6|7|8|9|y|gy|apr1|sha1|H|P|argon2\w{1,2}|pbkdf2[\w-]*|scrypt)\$|\{(?:S?SHA\d*|S?MD5|CRYPT|PBKDF2[\w-]*|SCRAM[\w-]*)\}|(?:argon2|sha1|sha256|pbkdf2\w*):|md5[0-9a-f]{32}$|SCRAM-SHA-)/i;

/** Programs that store their configuration where they are installed. */
const installed =
  /\/(?:program files[^/]*|usr\/share\/(?!doc\/)[^/]+|usr\/lib\/(?!python|node)[^/]+)\/(?!.*\/node_modules\/)/;

/** Everybody has the files that a package manager installs; those in tests and examples usually grant no access. */
export function inItsPlace(verdict: Verdict, path: string): Verdict {
  if (!verdict.ok || verdict.isSample === true || !isAmongExamples(path)) return verdict;
  if (placeOf(path) !== 'public') return doubtful(...verdict.evidence, 'in a test or example');
  return installed.test(path) ? verdict : rejected;
}

/** Names of files that are to be copied and filled in. */
const templates = /(?:example|sample|template|dist|tmpl|tpl|skel|defaults?|demo|stub)[^/]*$/;

/**
 * A weak password that a program logs in with is one that anybody guesses: worth more than a placeholder.
 * @returns undefined for any other password, and among tests, examples, documentation and templates
 */
export function weakPassword(secret: string, path: string, ...evidence: string[]): Verdict | undefined {
  if (!isWeak(secret) || isAmongExamples(path) || templates.test(path)) return undefined;
  return regraded('medium', ...evidence, WELL_KNOWN);
}

/** Judges a password at the place where a known file has one. */
export function storedPassword(secret: string, { path }: Pick<MatchContext, 'path'>): Verdict {
  if (encrypted.test(secret) || hashed.test(secret) || elsewhere.test(secret)) return rejected;
  return weakPassword(secret, path) ?? inItsPlace(password(secret), path);
}

/** The same for names that are used for other things as well. */
export function namedStoredPassword(secret: string, context: Pick<MatchContext, 'path'>): Verdict {
  return otherSetting.test(secret) ? rejected : storedPassword(secret, context);
}

/** A value that an export masks or leaves to be filled in. */
const maskedValue = /^(?:\*+|\u2022+|\.+|-+|x+|<[^<>]*>|\$\{[^{}]*\}|\{\{[^{}]*\}\}|null|undefined)$/i;

/** Judges a password that a program exported: any text is one. */
export function exportedPassword(secret: string, { path }: Pick<MatchContext, 'path'>): Verdict {
  if (secret.trim() === '' || maskedValue.test(secret)) return rejected;
  return weakPassword(secret, path) ?? inItsPlace(accepted(), path);
}
