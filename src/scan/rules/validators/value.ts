/** Values at the place of a secret that are not secrets. */
import { isForeignText, isMarked, isNameOfKey, isPackage, isUnsigned } from './other-value.ts';
import { looksRandom, surprisal } from './randomness.ts';

/** A template that a program fills in, or a text that a person left out. */
const template =
  /\$[{([]|\{\{|\}\}|\{%|<%|%>|[#@%]\{|%(?:env)?\(|\{[A-Za-z0-9_.]{0,40}\}|%[0-9.*]{1,4}[sdvfxu]|%(?:hh|h|l|ll|z)?[sdvfxu](?![a-z0-9])|\.\.\.|\*{3}|•/;
/**
 * A variable, a path in a vault, a file, an address, a password hash, Laravel's conditions, a sealed secret of
 * Kubernetes.
 */
const beginning =
  /^(?:\\?\$\$?[A-Za-z_][\w.:]*(?:$|[^\w.:!@#$%^&*+?])|\$\d{1,2}(?:$|\W)|\$[a-z0-9-]{1,12}\$|%[A-Za-z_]\w{0,40}%|%[A-Za-z_]?$|@[A-Za-z_.]+@$|@Microsoft\.KeyVault|__\w+__$|[[{<(][\s'"]*[A-Za-z_]{2}|&[a-z]+;|:[a-z_]+$|[~.]{1,2}\/|[A-Za-z]:[\\/]|[a-z][a-z0-9+.-]{1,12}:\/\/|(?:vault|arn|ssm|env|file|ref(?:\+\w+)?|op|kv|keeper|(?:aws|gcp)sm|secretsmanager|keyring|pass|data|urn|sha\d{1,3}|md5|base64)[:!]|ENC[[(]|&{1,2}(?:[A-Za-z_]+|\d{1,2})\.?$|(?:required|nullable|sometimes|string|present|filled)\||Ag[A-D][A-Za-z0-9+/]{680}|projects\/[^/]+\/secrets\/|!(?:[a-z]+$|[A-Z][A-Za-z]+::|Ref|Sub|Get|Join)|(?:ConvertTo|Read|Get)-|\/(?:run|etc|var|mnt|secrets)\/)/;
const word =
  /^(?:null|none|nil|undefined|true|false|yes|no|on|off|string|str|text|bool|boolean|int|integer|number|float|object|array|list|any|void|bytes|byte|char|optional|required|default|empty|unset|disabled|enabled)[?!]?$/i;
/** `getSecret(…)`, `secrets['key']`. */
const call =
  /^(?:[A-Za-z_][\w.]*\([^()]*\)?|(?:process\.env|env|secrets?|vars?|config|settings|data|params|options)\[.*)$/;
/** `user.password`, `Settings.API_KEY`. */
const dotted = /^[A-Za-z_$][\w$]*(?:\??\.[A-Za-z_$][\w$]*)+$/;
/** What an unquoted value cannot be. */
const expression =
  /\(|\)|=>|->|::|&&|\|\||[!=]=|\[['"$A-Za-z0-9]|^[[<{(@~!&*#|-]|["'`]|=[A-Za-z]|^(?:process|os|system|env|environ|config|settings|secrets?|self|this|args|options|params|request|req|ctx|context|data|props|state|user|vars?|local|inputs?|github|app|module|event|row|form|body|model|cfg|opts|window|document)[.[]/i;

/** Words of programs and patterns: what contains one was not drawn. */
const written =
  /pass|word|pwd|user|name|get|env|conf|set|str|post|form|input|this|self|req|null|char|arg|opt|[A-Z]-Z|0-9|your|here|data|val|key|tok|secr|=>|->|::|\\s|\\d|\.\*|[,;] |\(\)|\[\]|\{\}|["']\)|\(["']/i;

/** A template with its end. */
const wholeTemplate =
  /\$\{[^}]*\}|\$\([^)]*\)|\{\{.*\}\}|\{%.*%\}|<%.*%>|[#@%]\{[^}]*\}|%\([^)]*\)s|^[<[{].*[\]>}]$|^%[^%]*%$/;

/** True for a template that a program fills in. */
export function isTemplate(value: string): boolean {
  return wholeTemplate.test(value);
}

/**
 * True for what a program draws from letters, digits and signs: all three, in an order that no language has. Signs of a
 * reference or an expression in it mean nothing.
 */
export function isDrawn(value: string): boolean {
  if (value.length < 10 || value.length > 64 || !/[^A-Za-z0-9_./:@-]/.test(value) || !/[A-Za-z]/.test(value))
    return false;
  if (!/[0-9]/.test(value) && !(/[a-z]/.test(value) && /[A-Z]/.test(value))) return false;
  return (
    new Set(value).size >= 8 &&
    surprisal(value) >= 5.2 &&
    !written.test(value) &&
    !/[a-z]{6}|[A-Z]{6}|\s/.test(value)
  );
}

/** True for a reference to another place: a variable, a template, a file, an expression. */
export function isReference(value: string, isQuoted: boolean): boolean {
  if (isMarked(value)) return true;
  if (template.test(value) || beginning.test(value) || word.test(value) || call.test(value)) return true;
  // A path, or base64 that begins like one.
  if (value.startsWith('/') && (value.length < 20 || !looksRandom(value.replaceAll(/[/+=]/g, ''))))
    return true;
  if (/getenv|environ|^\/\.|\/\.\.\/|\\x[0-9a-f]{2}/i.test(value)) return true;
  if (dotted.test(value) && !looksRandom(value.replaceAll('.', ''))) return true;
  return !isQuoted && expression.test(value.replace(/=+$/, ''));
}

const placeholder =
  /^x+$|xxxx|(?:^|[^a-z])(?:your|my|our|insert|enter|replace|paste|some|any|this|the)[-_ ]|(?:^|[-_])here(?:$|[^a-z])|example|sample|placeholder|dummy|redacted|removed|hidden|masked|obfuscated|todo|fixme|goes[-_ ]?here|not[-_]?(?:a[-_]?)?(?:real|used|set|needed)|fake|mock|lorem|foobar|abcdefghijklm|(?:^|[^a-z0-9])(?:foo|bar|baz|test|testing|secret|token|password|apikey)\d{0,4}(?:[^a-z0-9]|$)|deadbeef|cafebabe|0000000|1111111|(.)\1{5}/i;

/** Adjacent keys of a keyboard or consecutive letters. */
const sequence = /0?123456789?0?|9?876543210?|abcdefg?h?i?j?k?|qwerty(?:uiop)?|asdfgh/gi;

/** Keys that are public according to their vendors: keys of web pages of Mapbox, Stripe, Supabase, PostHog. */
const published = /^(?:pk\.eyJ|pk_(?:live|test)_|sb_publishable_|phc_)/;

/** True for a token that is meant to be published. */
export function isPublished(value: string): boolean {
  return published.test(value);
}

/** True when half of it or more consists of adjacent keys of a keyboard or consecutive letters. */
export function isSequence(value: string): boolean {
  const rest = value.replaceAll(sequence, '');
  return rest.length < value.length && rest.length < Math.max(8, value.length / 2);
}

/** True for placeholders in documentation and templates. */
export function isPlaceholder(value: string): boolean {
  return placeholder.test(value) || isSequence(value) || isForeignText(value) || isUnsigned(value);
}

/**
 * True for names and words: `current-password`, `getAccessToken`, `MY_SECRET_NAME`, `com.example.Key`, with at most
 * a number at the end; and for values with a format of their own: an address, a version, a date, a number.
 */
export function isWords(value: string): boolean {
  // A constant, whatever its letters are.
  if (/^[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+$/.test(value)) return true;
  if (isNameOfKey(value) || isPackage(value)) return true;
  if (looksRandom(value)) return false;
  if (/^[A-Za-z]+(?:[-_.:/+ ][A-Za-z]+)*[-_.]?$/.test(value)) return true;
  if (/^[A-Za-z]+(?:[-_.:/][A-Za-z0-9]+)+$/.test(value)) return true;
  if (/^(?:[a-z]+|[A-Z][a-z]+)(?:[A-Z][a-z]+)+\d{0,2}$/.test(value)) return true;
  return /^[\w.+-]+@[\w-]+(?:\.[\w-]+)+$|^v?\d+(?:\.\d+){1,3}|^\d{4}-\d\d-\d\d|^[#.][A-Za-z][\w-]*$/.test(
    value,
  );
}
