/** One match of an assignment, parsed: name, sign, value, and where they are. */
import type { MatchContext } from '../model/rule.ts';
import { nameBefore } from '../model/name-before.ts';
import { credentialOf } from './credential-name.ts';
import { type Place, placeOf } from './file-place.ts';
import { isMixed } from './opaque.ts';

/** One match of an assignment, parsed. */
export interface Assignment {
  readonly name: string;
  readonly value: string;
  readonly isQuoted: boolean;
  /** In backticks, where a shell has a command. */
  readonly isInBackticks: boolean;
  /** All of the text of an element. */
  readonly isText: boolean;
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

/** @param secret the value, as it is written */
export function assignmentOf(secret: string, { groups, path, before: text }: MatchContext): Assignment {
  const { before, element, front } = nameBefore(text);
  const {
    word = '',
    tail = '',
    closed = '',
    operator = '',
    quote,
    call,
    text: content,
    line: whole,
    end,
  } = groups;
  const trimmed = operator.trim();
  const line = before.slice(before.lastIndexOf('\n') + 1);
  const name = qualified(front + word + tail, line, secret);
  const isTight = trimmed === operator;
  return {
    name,
    value: operator.includes('>') ? withoutEntities(secret) : secret,
    isQuoted: quote !== undefined,
    isInBackticks: quote === '`',
    isText: content !== undefined,
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

/** The name of a variable of the environment. */
export const environmentName = /^[A-Z][A-Z0-9]*_[A-Z0-9_]+$/;

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
