/**
 * Is the value assigned to a name a credential? Weighs the name, the value, the syntax and the file, since none of
 * them is conclusive: `password: changeme123!` in a configuration counts, `token = getToken()` does not.
 */
import type { MatchContext } from '../model/rule.ts';
import { type Assignment, assignmentOf } from './assignment-parts.ts';
import { isAssigned, isNote, isSetting } from './assignment-syntax.ts';
import { chosenSign, isChosen, isPhrase, isPlainWord, isRandomLetters } from './chosen.ts';
import { credentialOf } from './credential-name.ts';
import { isSettingsFile } from './file-place.ts';
import { isMixed } from './opaque.ts';
import { isListedHash } from './other-value.ts';
import { isNoPassword, isWellKnown, password } from './password.ts';
import { isRandomValue } from './randomness.ts';
import { isDocumentedSample } from './samples.ts';
import { isDrawn, isPlaceholder, isPublished, isWords } from './value.ts';
import { type Verdict, accepted, doubtful, rejected, sample } from '../model/verdict.ts';

/** A password: a random one, or one that a person could have chosen. */
export function assignedPassword(secret: string, context: MatchContext): Verdict {
  // Four of five are words, and parsing the match costs more than everything else that is done with it.
  const isWord = !chosenSign.test(secret) && !isRandomLetters(secret) && !isDrawn(secret);
  if (isWord && !(isSettingsFile(context.path) && isPlainWord(secret))) return rejected;
  const assignment = assignmentOf(secret, context);
  if (credentialOf(assignment.name) !== 'password' || !isAssigned(assignment)) return rejected;
  const { value, isQuoted, isTight, place } = assignment;
  if (isWord)
    return isSetting(assignment) && !isNoPassword(value) && !isPlaceholder(value)
      ? graded(assignment, 'single word', false)
      : rejected;
  if (/\s/.test(value))
    return isPhrase(value) && !assignment.isInBackticks ? gradedWord(assignment, 'several words') : rejected;
  // An unquoted value in source code is an expression, and in prose a part of a sentence.
  const isExpression = !isQuoted && (place === 'code' || place === 'document');
  if (isDrawn(value) && !isExpression) return graded(assignment, 'looks random', true);
  if (!chosenSign.test(value)) return isExpression ? rejected : gradedWord(assignment, 'random letters');
  if (value.length >= 12 && isRandomValue(value) && !isPlaceholder(value))
    return graded(assignment, 'looks random', true);
  if (!isChosen(value) || isNoPassword(value) || (isPlaceholder(value) && !isWellKnown(value)))
    return rejected;
  if (isExpression && !isNote(assignment)) return rejected;
  return graded(assignment, 'looks like a chosen password', place === 'settings' && (isQuoted || isTight));
}

/** A secret or a token: random, or an UUID. */
export function assignedSecret(secret: string, context: MatchContext): Verdict {
  if (secret.length < 12 || isListed(secret, context)) return rejected;
  const assignment = assignmentOf(secret, context);
  const kind = credentialOf(assignment.name);
  if ((kind !== 'secret' && kind !== 'password') || !isAssigned(assignment)) return rejected;
  return judgedByLooks(assignment, 12);
}

/** A key of any kind: random, and longer than names of keys in a table. */
export function assignedKey(secret: string, context: MatchContext): Verdict {
  if (isListed(secret, context)) return rejected;
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

function isListed(secret: string, { path, before }: MatchContext): boolean {
  return isListedHash(secret, path, before, (name) => credentialOf(name) !== undefined);
}

function judgedByLooks(assignment: Assignment, least: number): Verdict {
  const { value } = assignment;
  if (value.length < least || isPlaceholder(value) || isWords(value) || isPublished(value)) return rejected;
  // In source code, including its comments, an unquoted UUID is part of an example.
  if (UUID.test(value) && assignment.isCode && !assignment.isQuoted) return rejected;
  // Random values seldom contain other characters, unless there are many.
  if (value.length < 40 && /[^A-Za-z0-9_+/=.~%@!#$^*&:|()-]/.test(value)) return rejected;
  if (UUID.test(value)) return graded(assignment, 'UUID', false);
  return isRandomValue(value) ? graded(assignment, 'looks random', true) : rejected;
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** A word or a phrase: likely where the location says password, a label elsewhere. */
function gradedWord(assignment: Assignment, evidence: string): Verdict {
  const { place } = assignment;
  if (place === 'code' || place === 'document') return doubtful(evidence);
  return graded(assignment, evidence, !/\s/.test(assignment.value));
}

function graded({ value, place, line }: Assignment, evidence: string, isLikely: boolean): Verdict {
  if (isDocumentedSample(value)) return rejected;
  if (isWellKnown(value)) return sample('well-known password');
  if (/:\/\/(?:[\w-]+\.)*example\.(?:com|net|org)\b[^\s"'<>]*[?&]$/.test(line))
    return sample(evidence, 'example host');
  if (place === 'test') return doubtful(evidence, 'in a test or example');
  return isLikely ? { ...accepted(evidence), confidence: 'medium' } : accepted(evidence);
}
