/**
 * Is what is given to a name a credential? Weighed by the name, the value, the syntax and the file, since none of them tells
 * alone: `password: changeme123!` in a configuration counts, `token = getToken()` does not.
 */
import type { MatchContext } from '../rule.ts';
import { placeOf } from './file-place.ts';
import { credentialOf } from './credential-name.ts';
import { isDegenerate, isMixed } from './opaque.ts';
import { looksRandom } from './randomness.ts';
import { isDocumentedSample } from './samples.ts';
import { isPlaceholder, isReference, isWords } from './value.ts';
import { type Verdict, accepted, doubtful, rejected } from './verdict.ts';

/** One match of an assignment, taken apart. */
interface Assignment {
  readonly name: string;
  readonly value: string;
  readonly isQuoted: boolean;
  readonly isNameQuoted: boolean;
  /** `<` stands before the name. */
  readonly isElement: boolean;
  /** Without the white space around it; empty for white space alone. */
  readonly operator: string;
  /** Nothing stands between name, operator and value: as in a query, an environment, a command line. */
  readonly isTight: boolean;
  readonly place: ReturnType<typeof placeOf>;
}

/** A password: a random one, or one that a person could have chosen. */
export function assignedPassword(secret: string, context: MatchContext): Verdict {
  const assignment = assignmentOf(secret, context);
  if (credentialOf(assignment.name) !== 'password' || !isAssigned(assignment)) return rejected;
  const { value, isQuoted, place } = assignment;
  if (looksRandom(value) && value.length >= 12) return graded(assignment, 'looks random');
  if (!isChosen(value)) return rejected;
  // What is not quoted in source code is an expression, and in prose a part of a sentence.
  if (!isQuoted && (place === 'code' || place === 'document')) return rejected;
  return graded(assignment, 'looks like a chosen password');
}

/** A secret or a token: random, or an UUID. */
export function assignedSecret(secret: string, context: MatchContext): Verdict {
  const assignment = assignmentOf(secret, context);
  const kind = credentialOf(assignment.name);
  if ((kind !== 'secret' && kind !== 'password') || !isAssigned(assignment)) return rejected;
  return judgedByLooks(assignment, 12);
}

/** A key of anything: random, and longer than names of keys in a table are. */
export function assignedKey(secret: string, context: MatchContext): Verdict {
  const assignment = assignmentOf(secret, context);
  if (credentialOf(assignment.name) === undefined || !isAssigned(assignment)) return rejected;
  // A `key` alone is as a rule one of a table or a cache.
  if (/^key$/i.test(assignment.name) && (!assignment.isQuoted || !isMixed(secret))) return rejected;
  return judgedByLooks(assignment, 16);
}

function judgedByLooks(assignment: Assignment, least: number): Verdict {
  const { value } = assignment;
  if (value.length < least || isWords(value)) return rejected;
  const body = value.replaceAll(/[=.~-]/g, '');
  if (UUID.test(value)) return graded(assignment, 'an UUID');
  // A dash or a dot parts words in names, and halves in tokens.
  return looksRandom(body) && /[0-9]/.test(body) ? graded(assignment, 'looks random') : rejected;
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

function assignmentOf(secret: string, { groups, path }: MatchContext): Assignment {
  const { element = '', front = '', word = '', tail = '', closed = '', operator = '', quote } = groups;
  const trimmed = operator.trim();
  return {
    name: front + word + tail,
    value: secret,
    isQuoted: quote !== undefined,
    isNameQuoted: closed !== '',
    isElement: element !== '',
    operator: trimmed,
    isTight: trimmed === operator,
    place: placeOf(path),
  };
}

/** Does the syntax assign, and is the value one that can be: no reference to another place, no template, no expression? */
function isAssigned(assignment: Assignment): boolean {
  const { name, value, isQuoted, isNameQuoted, isElement, operator, isTight, place } = assignment;
  // `--token VALUE`; in SQL, `PASSWORD 'value'`.
  if (operator === '' && !name.startsWith('-') && !(isQuoted && name === 'PASSWORD')) return false;
  // `f("password", "x")`; without quotes it is a list of names.
  if (operator === ',' && !(isQuoted && isNameQuoted)) return false;
  // `<password>`, or else a comparison.
  if (operator === '>' && !isElement) return false;
  // `PASS: test 3`.
  if (/^pass$/i.test(name) && operator === ':' && !isQuoted) return false;
  // Everybody has what a package manager installs: only a vendor's format is worth a word there.
  if (place === 'public') return false;
  if (!isQuoted && place === 'code' && !isTight) return false;
  if (/\s/.test(value) || isDegenerate(value)) return false;
  return !isReference(value, isQuoted) && !isPlaceholder(value);
}

/**
 * A password as people choose them: a word or two with digits or signs. A word alone may be anything: a label, a type, the
 * name of a field.
 */
function isChosen(value: string): boolean {
  const core = value.replace(/[:*.?,;]+$/, '');
  if (core.length < 5 || core.length > 64 || isWords(core)) return false;
  return /[A-Za-z]/.test(core) ? /[0-9!@#$%^&*?+~]/.test(core) : /^[0-9]{6,12}$/.test(core);
}

function graded({ value, place }: Assignment, evidence: string): Verdict {
  if (isDocumentedSample(value)) return rejected;
  if (place === 'test') return doubtful(evidence, 'in a test or an example');
  return evidence === 'looks random' ? { ...accepted(evidence), confidence: 'medium' } : accepted(evidence);
}
