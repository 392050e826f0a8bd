/** Passwords, which people choose: what stands in the place of one in documentation and templates is none. */
import type { MatchContext } from '../rule.ts';
import { isDocumentedSample } from './samples.ts';
import { type Verdict, accepted, doubtful, rejected } from './verdict.ts';

/** Something is put in here when a program runs: `${A}`, `$A`, `%s`, `%A%`, `{a}`, `<a>`, `[a]`, `@a@`, `#{a}`, `a.b`. */
const reference =
  /^\$(?:[A-Za-z_]\w*)?$|^[$#%@]?[{([]|^<|[>}]$|\$\{|\{\{|^%\w*%?$|^@\w+@$|^&\w+;|^:[a-z]|^(?:var|local|module|data|process|os|env|config|secrets?|settings|this|self|args|opts|options|params|props)\.[A-Za-z_]/;
/** What hides a password: `***`, `...`, `xxx`. */
const mask = /\*\*|\.\.\.|^[+=.,:;_-]+$|^(.)\1+$/;

/** Words that stand for a password, alone or with another. */
const word =
  /^(?:(?:my|your|the|some|new|old|a|actual|real|enter|insert|put|type|urlencoded|encoded|escaped|plain)[_.\s-]?){0,3}(?:password|passwd|passphrase|passwort|pass|pwd|passw|pw|secret|token|key|here|value|string|x{1,8}|x-oauth-basic|redacted|hidden|masked|removed|placeholder|example|undefined|null|none|true|false|foobar)(?:[_.-]?(?:here|goes[_-]?here|value|[0-9]{1,2}))?$/i;

/** True for what a program replaces when it runs. */
export function isReference(text: string): boolean {
  return reference.test(text);
}

/** True for what nobody would take for a password: references, and the word itself. */
export function isPlaceholder(text: string): boolean {
  return reference.test(text) || mask.test(text) || word.test(text);
}

/** Passwords that everybody knows: real ones, of machines that nobody else reaches, it is hoped. */
const known =
  /^(?:postgres|postgresql|root|admin|administrator|guest|sa|mysql|redis|mongo|mongodb|rabbitmq|rabbit|test|tests|testing|toor|demo|dev|qwerty|letmein|welcome|changeme|change[_-]me|minio|minioadmin|elastic|neo4j|local|docker|default|user|app|foo|bar|baz|xyz|abc|hunter2|tiger|p[a@4]ss+w[o0]r?d|(?:db|user|admin|root|test|dev|local|default|database|mysql|postgres|redis|mongo|secret|super|strong|app)[_-]?(?:password|passwd|pass|pwd|pw|secret))?[0-9!]{0,8}$/i;

/** Judges a password by its looks. `evidence`: what else is known of it. */
export function password(secret: string, ...evidence: string[]): Verdict {
  if (isPlaceholder(secret)) return rejected;
  if (isDocumentedSample(secret)) return doubtful('documented sample');
  if (known.test(secret)) return doubtful('a password that everybody knows', ...evidence);
  return /example|placeholder|your[_-]?|dummy/i.test(secret)
    ? doubtful('looks like a placeholder', ...evidence)
    : accepted(...evidence);
}

/** A password that is given to a name: besides, it has a digit, for words and names of other things seldom do. */
export function namedPassword(secret: string, { groups }: MatchContext): Verdict {
  if (/(?:id|name|url|host|path|file|type|policy|length|field|hash|env)$/i.test(groups['name'] ?? ''))
    return rejected;
  return /[0-9]/.test(secret) && /[A-Za-z]/.test(secret) ? password(secret) : rejected;
}
