/**
 * Is the value assigned to a name a credential? Weighs the name, the value, the syntax and the file, since none of
 * them is conclusive: `password: changeme123!` in a configuration counts, `token = getToken()` does not.
 */
import type { MatchContext } from '../model/rule.ts';
import { nameBefore } from '../model/name-before.ts';
import { type Place, placeOf } from './file-place.ts';
import { credentialOf } from './credential-name.ts';
import { isDegenerate, isMixed } from './opaque.ts';
import { looksRandom, surprisal } from './randomness.ts';
import { isDocumentedSample } from './samples.ts';
import { isNoPassword, isWellKnown, password } from './password.ts';
import { isDrawn, isPlaceholder, isPublished, isReference, isTemplate, isWords } from './value.ts';
import { type Verdict, accepted, doubtful, rejected, sample } from '../model/verdict.ts';

/** One match of an assignment, parsed. */
interface Assignment {
  readonly name: string;
  readonly value: string;
  readonly isQuoted: boolean;
  /** A call decodes the literal. */
  readonly isCall: boolean;
  /** Nothing follows on the line. */
  readonly isAtEnd: boolean;
  readonly isNameQuoted: boolean;
  /** The name is preceded by `<`. */
  readonly isElement: boolean;
  /** Without surrounding white space; empty for white space alone. */
  readonly operator: string;
  /** Nothing separates name, operator and value: as in a query, an environment, a command line. */
  readonly isTight: boolean;
  /** A column or more separates name and value, and nothing else. */
  readonly isColumn: boolean;
  /** The line up to the name. */
  readonly line: string;
  readonly place: Place;
  /** The file contains source code, whatever the line is. */
  readonly isCode: boolean;
}

/** A password: a random one, or one that a person could have chosen. */
export function assignedPassword(secret: string, context: MatchContext): Verdict {
  // Four of five are words, and parsing the match costs more than everything else that is done with it.
  if (!chosenSign.test(secret) && !isRandomLetters(secret) && !isDrawn(secret)) return rejected;
  const assignment = assignmentOf(secret, context);
  if (credentialOf(assignment.name) !== 'password' || !isAssigned(assignment)) return rejected;
  const { value, isQuoted, isTight, place } = assignment;
  if (/\s/.test(value)) return isPhrase(value) ? gradedWord(assignment, 'a phrase') : rejected;
  // An unquoted value in source code is an expression, and in prose a part of a sentence.
  const isExpression = !isQuoted && (place === 'code' || place === 'document');
  if (isDrawn(value) && !isExpression) return graded(assignment, 'looks random', true);
  if (!chosenSign.test(value)) return isExpression ? rejected : gradedWord(assignment, 'random letters');
  if (value.length >= 12 && isRandom(value) && !isPlaceholder(value))
    return graded(assignment, 'looks random', true);
  if (!isChosen(value) || isNoPassword(value) || (isPlaceholder(value) && !isWellKnown(value)))
    return rejected;
  if (isExpression && !isNote(assignment)) return rejected;
  return graded(assignment, 'looks like a chosen password', place === 'settings' && (isQuoted || isTight));
}

/** A secret or a token: random, or an UUID. */
export function assignedSecret(secret: string, context: MatchContext): Verdict {
  if (secret.length < 12) return rejected;
  const assignment = assignmentOf(secret, context);
  const kind = credentialOf(assignment.name);
  if ((kind !== 'secret' && kind !== 'password') || !isAssigned(assignment)) return rejected;
  return judgedByLooks(assignment, 12);
}

/** A key of any kind: random, and longer than names of keys in a table. */
export function assignedKey(secret: string, context: MatchContext): Verdict {
  const assignment = assignmentOf(secret, context);
  const kind = credentialOf(assignment.name);
  if (kind === undefined || !isAssigned(assignment)) return rejected;
  // A `key` alone is usually one of a table or a cache, except in queries.
  if (/^key$/i.test(assignment.name)) {
    const isInQuery = /[?&]$/.test(assignment.line) && secret.length >= 24;
    const isLiteral = assignment.isQuoted && (isMixed(secret) || assignment.isCall);
    if (!isInQuery && !isLiteral) return rejected;
  }
  return judgedByLooks(assignment, kind === 'secret' ? 12 : 16);
}

/**
 * A value assigned to a `name` in capitals in a settings file: a password may be any word, other secrets are
 * not words.
 */
export function settingValue(secret: string, { groups }: MatchContext): Verdict {
  // In an application's settings, a salt is usually secret.
  const kind = credentialOf((groups['name'] ?? '').replace(/SALT$/, 'SECRET'));
  if (kind === undefined) return rejected;
  return kind === 'password' || !(isWords(secret) || isPlaceholder(secret)) ? password(secret) : rejected;
}

function judgedByLooks(assignment: Assignment, least: number): Verdict {
  const { value } = assignment;
  if (value.length < least || isPlaceholder(value) || isWords(value) || isPublished(value)) return rejected;
  // In source code, including its comments, an unquoted UUID is part of an example.
  if (UUID.test(value) && assignment.isCode && !assignment.isQuoted) return rejected;
  // Random values seldom contain other characters, unless there are many.
  if (value.length < 40 && /[^A-Za-z0-9_+/=.~%@!#$^*&:|()-]/.test(value)) return rejected;
  if (UUID.test(value)) return graded(assignment, 'an UUID', false);
  return isRandom(value) ? graded(assignment, 'looks random', true) : rejected;
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/**
 * A dash or a dot separates words in names, and halves in tokens. Without a digit it must be long and look very
 * random.
 */
function isRandom(value: string): boolean {
  const body = value.replaceAll(/[=.~-]/g, '');
  return looksRandom(body) && (/[0-9]/.test(body) || (body.length >= 16 && surprisal(body) >= 5.5));
}

function assignmentOf(secret: string, { groups, path, before: text }: MatchContext): Assignment {
  const { before, element, front } = nameBefore(text);
  const { word = '', tail = '', closed = '', operator = '', quote, call, line: whole, end } = groups;
  const trimmed = operator.trim();
  const line = before.slice(before.lastIndexOf('\n') + 1);
  const name = qualified(front + word + tail, line, secret);
  const isTight = trimmed === operator;
  return {
    name,
    value: operator.includes('>') ? withoutEntities(secret) : secret,
    isQuoted: quote !== undefined,
    isCall: call !== undefined,
    isAtEnd: end !== undefined || whole !== undefined,
    isNameQuoted: /["'`]|&quot;/.test(closed),
    isElement: element !== '',
    operator: trimmed,
    isTight,
    isColumn: trimmed === '' && /\t| {2}/.test(operator),
    line,
    isCode: placeOf(path) === 'code',
    place: placeOfLine(placeOf(path), line, name, isTight && trimmed === '='),
  };
}

/** A comment is prose, but notes in comments are written as in a configuration; so is an environment in a document. */
function placeOfLine(place: Place, line: string, name: string, isTight: boolean): Place {
  if (place === 'code' && /^[\t ]*(?:#|\/\/|\*|--|;)/.test(line)) return 'settings';
  return place === 'document' && isTight && environmentName.test(name) ? 'settings' : place;
}

const environmentName = /^[A-Z][A-Z0-9]*_[A-Z0-9_]+$/;

const entities: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

function withoutEntities(text: string): string {
  return text.replaceAll(/&(lt|gt|amp|quot|apos);/g, (entity, name: string) => entities[name] ?? entity);
}

/**
 * A name that is `key` alone, together with the word before it if the two are more specific: `API key: VALUE`. Not
 * for a signing key, which is usually mentioned by its fingerprint. Also `mot de passe`, which is three words.
 */
function qualified(name: string, line: string, value: string): string {
  if (/^passe$/i.test(name) && /\bmot de $/i.test(line)) return 'mot_de_passe';
  const [word] = (/^key$/i.test(name) && /(?<![A-Za-z])(?!sign)[A-Za-z]+ $/i.exec(line)) || [];
  if (word === undefined) return name;
  const kind = credentialOf(word + name);
  return kind === 'secret' || (kind === 'key' && value.length >= 20 && isMixed(value)) ? word + name : name;
}

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
function isAssigned(assignment: Assignment): boolean {
  const { name, value, isQuoted, isCall, isNameQuoted, isElement, operator, isTight, line, place } =
    assignment;
  const isLiteral = isQuoted || isSetting(assignment) || isElement;
  // Files that a package manager installs are public: only a vendor's format is worth reporting there.
  if (place === 'public') return false;
  switch (operator) {
    case '':
      // `--token VALUE`; in prose, only values that cannot be words.
      if (isColumn(assignment) || isDrawnNote(assignment)) break;
      if (!name.startsWith('-') && !(isQuoted && isStatement(assignment)) && !taking.test(line))
        return value.length >= 20 && isMixed(value) && isRandom(value) && !isReference(value, isQuoted);
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
      if (!isRandom(value)) return false;
      break;
    case '(':
    case '::':
    case ':::':
      // `Vendor.setKey("…")`, `PASSWORD('…')`; an unquoted argument is another call, or a part of a class.
      if (
        !isQuoted ||
        !(isRandom(value) || /(?:^|[.>])[Ss]et\w{0,20}[Pp]assw(?:or)?d$|^PASSWORD$/.test(name))
      )
        return false;
      break;
    case 'is':
    case 'is:':
      if (!isQuoted && !isRandom(value) && !/[A-Z].*[0-9]/.test(value)) return false;
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
function isSetting({ operator, line, isAtEnd, place }: Assignment): boolean {
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
function isNote({ value, operator, isCode }: Assignment): boolean {
  return (
    !isCode &&
    operator !== '' &&
    /[0-9]/.test(value) &&
    /[A-Z!@#$%^&*?+~]/.test(value) &&
    /[A-Za-z]{2}/.test(value) &&
    !isWords(value)
  );
}

/** Letters alone, as a program draws them: no words in any of the ways in which names join them. */
function isRandomLetters(value: string): boolean {
  if (!/^[A-Za-z]{8,64}$/.test(value)) return false;
  const changes = value.match(/[a-z](?=[A-Z])|[A-Z](?=[a-z])/g)?.length ?? 0;
  if (changes >= 3 && !/^[a-z]*(?:[A-Z]{1,4}[a-z]{2,})+$/.test(value)) return surprisal(value) >= 4.4;
  return value.length >= 10 && surprisal(value) >= 5.2;
}

/** What people are told about passwords. */
const label =
  /\b(?:enter|please|must|should|invalid|incorrect|wrong|forgot(?:ten)?|reset|confirm|chang(?:e|ed)|requir(?:e|ed)|characters?|pass(?:word|wort|phrase|code)s?|log ?in|sign ?in|user(?:name)?s?|account|new|old|current|least|cannot|failed|error|example|your|token|key|secret|fields?|values?|does|match|expired?|min(?:imum)?|max(?:imum)?|length|letters?|digits?|numbers?|hash\w*|encrypt\w*|optional|default|type|string|option|version|file|server|database|default)\b/i;

/** A few words with a number or a sign, and not about passwords. */
function isPhrase(value: string): boolean {
  return (
    /^[!-~]+(?: [!-~]+){1,7}$/.test(value) &&
    value.length >= 10 &&
    value.length <= 64 &&
    /[0-9!@#$%^*?]/.test(value) &&
    /[A-Za-z]{3}/.test(value) &&
    !/[:,;=<>{}()[\]"'`|]|\.$|%[sd]/.test(value) &&
    !label.test(value)
  );
}

/** What distinguishes a password that a person chose from a word. */
const chosenSign = /[0-9!@#$%^&*?+~]/;

/**
 * A password as people choose them: a word or two with digits or signs. A word alone may be anything: a label, a
 * type, the name of a field.
 */
function isChosen(value: string): boolean {
  const core = value.replace(/[:*.?,;]+$/, '');
  if (core.length < 5 || core.length > 64) return false;
  // A constant, an address, the name of an algorithm.
  if (/^[A-Z]+\d+[A-Z]+$|^[a-z]+@[a-z]+$/.test(core)) return false;
  if (/(?:^|[-_])(?:sha|md|aes|rsa|des|scram|bcrypt|pbkdf|argon)[-_]?\d/i.test(core)) return false;
  // Two words with a single-digit number are a name; with two digits, or three words, they may be a passphrase.
  if (isWords(core))
    return /^[A-Za-z]+(?:(?:[-_.][A-Z]?|[A-Z])[a-z]+){0,5}[-_.]?\d{2,4}$/.test(core) && !/^v\d/.test(core);
  return /[A-Za-z]/.test(core) ? chosenSign.test(core) : /^[0-9]{8,12}$/.test(core);
}

/** A word or a phrase: likely where the location says password, a label elsewhere. */
function gradedWord(assignment: Assignment, evidence: string): Verdict {
  const { place } = assignment;
  if (place === 'code' || place === 'document') return doubtful(evidence);
  return graded(assignment, evidence, !/\s/.test(assignment.value));
}

function graded({ value, place, line }: Assignment, evidence: string, isLikely: boolean): Verdict {
  if (isDocumentedSample(value)) return rejected;
  if (isWellKnown(value)) return sample('a password that everybody knows');
  if (/:\/\/(?:[\w-]+\.)*example\.(?:com|net|org)\b[^\s"'<>]*[?&]$/.test(line))
    return sample(evidence, 'host of documentation');
  if (place === 'test') return doubtful(evidence, 'in a test or an example');
  return isLikely ? { ...accepted(evidence), confidence: 'medium' } : accepted(evidence);
}
