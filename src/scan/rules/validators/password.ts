/**
 * Passwords that people choose: neither length nor alphabet nor entropy distinguishes them from a word, only the
 * place where they occur. What can be ruled out: an empty value, a reference to where the password is, a
 * placeholder.
 */
import type { MatchContext } from '../model/rule.ts';
import { isDocumentedSample } from './samples.ts';
import { isDegenerate } from './opaque.ts';
import { isDrawn, isPublished, isReference, isTemplate } from './value.ts';
import { type Verdict, accepted, proven, regraded, rejected, sample } from '../model/verdict.ts';

/** Words that stand for no value, and rows of signs or of one character. */
const nothing =
  /^(?:null|nil|none|true|false|yes|no|on|off|undefined|empty|unset|prompt|ask|required|optional|string|str|secret|text|value|todo|tbd|n\/a|not[-_ ]?set|clear|cleartext|plain|plaintext|disabled|enabled|encrypted|foobar|x-oauth-basic|\d{1,6}(?:ms|[smhd])|(.)\1+|[x*.•?+=,:;_-]+|\W{1,2}|.)$/i;

/** Placeholders that documentation uses for a password. */
const placeholder =
  /^(?:(?:my|your|the|some|a|an|new|old|enter|insert|put|type|use|db|database|user|username|root|admin|login|mysql|postgres|strong|super|very|secure|secret|actual|real|plain|(?:url)?encoded|escaped|service|account|app|example|sample|dummy|fake|test|smtp|email|redis|default)?[-_. ]?){0,4}(?:pass(?:w(?:or[dt]|d)?|code|phrase)?|pwd|pw|secret|token|key|credentials?)[-_. ]?(?:here|goes[-_ ]?here|value|example|placeholder)?$|^(?:your|my|enter|insert|replace|put|dummy|fake|change[-_ ]?me)[-_ ]|not[-_ ]?(?:a[-_ ]?)?real|replace[-_ ]?(?:me|this|with)|place[-_ ]?holder|redacted|removed|masked|hidden|\*\*/i;

/** Evidence for a weak password where a program logs in with it. */
export const WELL_KNOWN = 'well-known password';

/** Publicly known passwords: product defaults, and those of examples. */
const wellKnown =
  /^(?:change[-_ ]?(?:me|it|this)|admin(?:istrator)?|root|toor|guest|sa|test(?:ing|er|s)?|demo|dev|local|default|user|app|sample|fake|foo|bar|baz|foobar|abc|xyz|qwerty|letmein|welcome|docker|vagrant|notasecret|s3cr3t|hunter2|tiger|postgres(?:ql)?|mysql|redis|mongo(?:db)?|rabbit(?:mq)?|minio(?:admin)?|elastic|neo4j|(?:(?:db|user|admin|root|test|dev|local|default|database|mysql|postgres|redis|mongo|my|secret|super|strong|app)[-_]?)?(?:p[a@4][s$5]{2,}(?:w[o0]r?d|wd)?|pwd|pw|secret))?[0-9]{0,8}[!1]{0,3}$/i;

/** True for a placeholder. */
export function isNoPassword(text: string): boolean {
  if (isDrawn(text)) return isTemplate(text);
  return text === '' || isReference(text, true) || nothing.test(text) || placeholder.test(text);
}

/** The word itself, with what people put before it: no placeholder where a program logs in with it. */
const theWord =
  /^(?:(?:my|db|database|user|root|admin|login|mysql|postgres|service|account|app|test|smtp|email|redis|default)[-_.]?)?(?:pass(?:w(?:or[dt]|d)?|code|phrase)?|pwd|pw|secret)$/i;

/** True for a password that people try first: a default, or the word itself. */
export function isWeak(text: string): boolean {
  return text.length >= 4 && !/^\d{1,5}$/.test(text) && (wellKnown.test(text) || theWord.test(text));
}

/** True for a password that grants no access beyond what anyone has. */
export function isWellKnown(text: string): boolean {
  return wellKnown.test(text);
}

/**
 * Rows of one character, and texts with too few distinct characters for their length: `ghp_xxxxxxxx`,
 * `deadbeefdeadbeef`.
 */
function isFilled(text: string): boolean {
  return /(.)\1{7}/.test(text) || (text.length >= 16 && isDegenerate(text));
}

/** Judges a password at a place where a password is expected. */
export function password(secret: string): Verdict {
  return judgePassword(secret);
}

/** The same, with additional evidence. */
export function judgePassword(secret: string, ...evidence: string[]): Verdict {
  if (isNoPassword(secret) || isFilled(secret) || isPublished(secret)) return rejected;
  if (isDocumentedSample(secret)) return sample('documented sample');
  if (/example|placeholder|your[-_]|dummy/i.test(secret))
    return sample(...evidence, 'looks like a placeholder');
  if (isWellKnown(secret)) return sample(...evidence, 'well-known password');
  return accepted(...evidence);
}

/** Judges a decoded password; the decoding proves that it is one, even if it is a weak one. */
export function decoded(text: string, ...evidence: string[]): Verdict {
  if (isWeak(text)) return regraded('medium', ...evidence, WELL_KNOWN);
  const verdict = judgePassword(text, ...evidence);
  return verdict.ok && verdict.severity === undefined ? proven(...evidence) : verdict;
}

/**
 * A password that is assigned to a name: it must also have a digit, since words and names of other things
 * seldom do.
 */
export function namedPassword(secret: string, { groups }: MatchContext): Verdict {
  if (/(?:id|name|url|host|path|file|type|policy|length|field|hash|env)$/i.test(groups['name'] ?? ''))
    return rejected;
  return /[0-9]/.test(secret) && /[A-Za-z]/.test(secret) ? password(secret) : rejected;
}

/** True for a text of one or more typeable characters; wrongly decoded bytes are not. */
export function isTyped(text: string): boolean {
  return /^[\t\x20-\x7e\u00a0-\ud7ff\ue000-\ufffc]{1,256}$/.test(text);
}
