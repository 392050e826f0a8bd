/** Does the syntax of a line assign a value to a name, or does it only mention both? */
import { type Assignment, environmentName } from './assignment-parts.ts';
import { isDegenerate, isMixed } from './opaque.ts';
import { isRandomValue, looksRandom } from './randomness.ts';
import { isDrawn, isReference, isTemplate, isWords } from './value.ts';

/**
 * Commands that take a name and a value separated only by a space, besides options: Dockerfiles, shells, C,
 * nginx.
 */
const taking =
  /(?:^|[\t ])(?:ENV|ARG|setx|set(?: -[A-Za-z]{1,3})?|#[\t ]?define|%define|%global|DEFINE|\\set|proxy_set_header|add_header|setenv|SetEnv)[\t ]+["']?[A-Za-z0-9_.$-]*$/;

/**
 * In SQL, `PASSWORD 'value'`; in Gradle, `keyPassword "value"`; in Clojure, `:password "value"`; in settings files,
 * `password "value"`.
 */
function isStatement({ name, place, line }: Assignment): boolean {
  return (
    name === 'PASSWORD' ||
    /(?:^|[\s{(,[]):[\w-]*$/.test(line) ||
    /^(?:key|store)Password$/.test(name) ||
    (place === 'settings' && /^passw(?:or)?d$/.test(name))
  );
}

/**
 * Does the syntax assign, and is the value a possible one: no reference to another place, no template, no
 * expression?
 */
export function isAssigned(assignment: Assignment): boolean {
  const { name, value, isQuoted, isCall, isNameQuoted, isElement, operator, isTight, line, place } =
    assignment;
  const isLiteral = isQuoted || isSetting(assignment) || assignment.isText;
  // Files that a package manager installs are public: only a vendor's format is worth reporting there.
  if (place === 'public') return false;
  switch (operator) {
    case '':
      // `--token VALUE`; in prose, only values that cannot be words.
      if (isColumn(assignment) || isDrawnNote(assignment)) break;
      if (!name.startsWith('-') && !(isQuoted && isStatement(assignment)) && !taking.test(line))
        return value.length >= 20 && isMixed(value) && isRandomValue(value) && !isReference(value, isQuoted);
      // `#define NAME 0x1234` is a number, or another name.
      if (!isQuoted && line.includes('#')) return false;
      break;
    case ',':
      // `f("password", "x")`; without quotes it is a list of names.
      if (!isQuoted || /key|token|secret|passw/i.test(value)) return false;
      if (!isNameQuoted && !environmentName.test(name) && !comparing.test(line)) return false;
      break;
    case '||':
    case '??':
      if (!isQuoted) return false;
      break;
    case '|':
      if (!isRandomValue(value)) return false;
      break;
    case '(':
    case '::':
    case ':::':
      // `Vendor.setKey("…")`, `PASSWORD('…')`; an unquoted argument is another call, or a part of a class.
      if (
        !isQuoted ||
        !(isRandomValue(value) || /(?:^|[.>])[Ss]et\w{0,20}[Pp]assw(?:or)?d$|^PASSWORD$/.test(name))
      )
        return false;
      break;
    case 'is':
    case 'is:':
      if (!isQuoted && !isRandomValue(value) && !/[A-Z].*[0-9]/.test(value)) return false;
      break;
    case '>':
      // `<password>`, `<string name="password">`, or else a comparison.
      if (!isElement && !isNameQuoted) return false;
      break;
    default:
      if (/^[a-z\u0080-\u00ff]{2,5}\s/.test(operator) && !isNote(assignment)) return false;
      // `PASS: test 3`.
      if (
        operator === ':' &&
        /^pass$/i.test(name) &&
        !isQuoted &&
        !(name === 'pass' && /[A-Z!@#$%^&*?+~]/.test(value))
      )
        return false;
  }
  if (!isQuoted && place === 'code' && !isTight) return false;
  // Tests decode their vectors.
  if (isCall && place === 'test') return false;
  // A page passes this to its own form.
  if (/type=\\?["']hidden/i.test(line)) return false;
  if (isDegenerate(value)) return false;
  return isLiteral && isDrawn(value) ? !isTemplate(value) : !isReference(value, isLiteral);
}

/** `strcmp(password, "…")`. */
const comparing =
  /(?:strn?(?:case)?cmp|compare_digest|hash_equals|timingSafeEqual|[Ee]quals|ConstantTimeCompare)\([\s&*$]*(?:\[\]byte\()?[\w.>-]*$/;

/** The beginning of a line up to the name. */
const settingLine = /^[#;+>-]?[\t ]*(?:-[\t ]+)?(?:(?:export|set|setx|ENV|ARG)[\t ]+)?["']?[\w.:/$-]*$/;

/** The line is that of a configuration: a name, and a value up to its end. */
export function isSetting({ operator, line, isAtEnd, place }: Assignment): boolean {
  return isAtEnd && place === 'settings' && /^(?::?=|:|)$/.test(operator) && settingLine.test(line);
}

/** Name and value are the two columns of a line. */
function isColumn(assignment: Assignment): boolean {
  const { value } = assignment;
  return (
    assignment.isColumn &&
    isSetting(assignment) &&
    /[0-9]/.test(value) &&
    /[A-Za-z]/.test(value) &&
    !isWords(value)
  );
}

/** In prose, or in a document's own quotes: a value that looks drawn, directly after the word. */
function isDrawnNote({ value, name, place, isQuoted, isCode }: Assignment): boolean {
  if (isCode || place === 'test' || !/^(?:passw(?:or)?d|passwort|pw|requirepass|masterauth)$/i.test(name))
    return false;
  return (isQuoted || place === 'settings') && isMixed(value) && value.length >= 8 && looksRandom(value);
}

/** In prose: a value that cannot be a word, in a note about a login. */
export function isNote({ value, operator, isCode }: Assignment): boolean {
  return (
    !isCode &&
    operator !== '' &&
    /[0-9]/.test(value) &&
    /[A-Z!@#$%^&*?+~]/.test(value) &&
    /[A-Za-z]{2}/.test(value) &&
    !isWords(value)
  );
}
