/**
 * Passwords that people choose: no length, no alphabet and no entropy tells them from a word, only the place where they
 * stand. What can be said is what is none: nothing at all, a reference to where the password is, a word in its place.
 */
import { type Verdict, accepted, doubtful, proven, rejected } from './verdict.ts';

/** A variable, a template, a call, a vault's address: the password is somewhere else. */
const reference =
  /^(?:\$\{|\$\(|\$\[|\$\$?[A-Za-z_][A-Za-z0-9_.:]*$|%[A-Za-z_{(][^%]*%?$|\{\{|\{%|<[^<>]*>?$|&lt;|\[[^[\]]*\]?$|@[A-Za-z_.]+@$|@Microsoft\.KeyVault|#\{|!\w|__\w+__$|\{[a-z_]+\}$|ENC\[|(?:vault|op|keeper|ref\+\w+|env|file|ssm|keyring|secretsmanager|awssm|gcpsm):|arn:aws|(?:process\.env|os\.environ|os\.getenv|getenv|env|secrets?|vars?|config|settings|data|local|module|self|this|args|options|params|request|props|each|resource)[.[(]|(?:ConvertTo|Read|Get)-|\/(?:run|etc|var|mnt|secrets)\/)/;

/** Words that stand for no value, and rows of one character. */
const nothing =
  /^(?:null|nil|none|true|false|yes|no|on|off|undefined|empty|unset|prompt|ask|required|optional|string|str|secret|text|value|todo|tbd|n\/a|not[-_ ]?set|disabled|enabled|(.)\1{2,}|[x*.•?_-]{2,}|\W{1,2}|.)$/i;

/** What documentation writes in a password's place. */
const placeholder =
  /^(?:(?:my|your|the|some|a|an|new|old|enter|insert|put|type|use|db|database|user|username|root|admin|login|mysql|postgres|strong|super|very|secure|secret|actual|real|service|account|app|example|sample|dummy|fake|test|smtp|email|redis|default)?[-_. ]?){0,4}(?:pass(?:word|wd|code|phrase)?|pwd|pw|secret|token|key|credentials?)[-_. ]?(?:here|goes[-_ ]?here|value|example|placeholder)?$|^(?:your|my|enter|insert|replace|put)[-_ ]|replace[-_ ]?(?:me|this|with)|place[-_ ]?holder|redacted|removed|masked|hidden|encrypted$|\.\.\./i;

/** Passwords that are known to all: those that products are shipped with, and those of examples. */
const wellKnown =
  /^(?:change[-_ ]?(?:me|it|this)|admin(?:istrator)?|root|guest|test(?:ing|er)?|default|example|sample|demo|foo|bar|foobar|dummy|fake|abc123|123456789?0?|12345|1234|qwerty|letmein|welcome|postgres|mysql|s3cr3t|p[a4]ss(?:w[o0]rd)?|p@ss(?:w[o0]rd)?|hunter2|vagrant|notasecret)[!1]{0,3}$|example/i;

/** True for what stands in a password's place without being one. */
export function isNoPassword(text: string): boolean {
  return text === '' || reference.test(text) || nothing.test(text) || placeholder.test(text);
}

/** Judges a password that stands where a password belongs. */
export function password(secret: string): Verdict {
  return chosen(secret);
}

/** Judges a password that was decoded, which proves that it is one. */
export function decoded(text: string, ...evidence: string[]): Verdict {
  const verdict = chosen(text, ...evidence);
  return verdict.ok && verdict.severity === undefined ? proven(...evidence) : verdict;
}

/** True for a text of one or more characters that can be typed; bytes that were decoded wrongly are none. */
export function isTyped(text: string): boolean {
  return /^[\t\x20-\x7e\u00a0-\ud7ff\ue000-\ufffc]{1,256}$/.test(text);
}

function chosen(text: string, ...evidence: string[]): Verdict {
  if (isNoPassword(text)) return rejected;
  if (wellKnown.test(text)) return doubtful(...evidence, 'a password that everybody knows');
  return accepted(...evidence);
}
