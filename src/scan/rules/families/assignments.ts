/**
 * Values without a format of their own, given to a name that says what they are: passwords, secrets and tokens, keys. In any
 * syntax: ini, properties, environment, YAML, JSON, TOML, XML, .NET, HCL, SQL, source code, command lines. Whether name and
 * value mean it is for `validators/assignment.ts` to say.
 */
import type { RunOfBytes } from '../../engine/index.ts';
import type { Rule } from '../rule.ts';
import { assignedKey, assignedPassword, assignedSecret } from '../validators/assignment.ts';

const source = 'https://cwe.mitre.org/data/definitions/798.html';

/** Bytes of a name before its telling word, and after it. */
const FRONT = 40;
const TAIL = 32;
/** Bytes between the name and its value, quotes included. */
const BETWEEN = 64;

/**
 * @param word the telling words; small letters stand for both cases
 * @param of what an unquoted value is made of: the inside of a character class
 */
function assignment(word: string, of: string, least: number, most: number): RegExp {
  // What can be taken for a part of the operator does not begin a value, so that bytes can be checked before expressions.
  const quoted = String.raw`(?<quote>\\?["'${'`'}])(?![=:>,|?<()\]\\\-])(?<secret>(?:(?!\k<quote>)[!-~\x80-\xff]){${least},${most}})\k<quote>`;
  const plain = String.raw`(?![=:>,|?<()\]\\\-])(?<secret>[${of}]{${least},${most}}(?<![,;.:)}\]]))(?=[,;.:)}\]]{0,3}(?![${of}(]))`;
  return new RegExp(
    String.raw`(?<word>(?i:${word}))(?<=(?<element>(?:<(?:[A-Za-z]{1,16}:)?)?)(?<front>[A-Za-z0-9_$.-]{0,${FRONT}})\k<word>)(?<tail>[A-Za-z0-9_-]{0,${TAIL}})` +
      String.raw`(?<closed>\\?["'${'`'}]?\]?)(?:[\t ]{0,2}:?[\t ]{0,2}&?(?:[Ss]tr(?:ing)?|char|text)[\t ?*]{1,2})?` +
      String.raw`(?<operator>[\t ]{0,8}(?:=>|:=|\|\|=|\?\??=|={1,3}|:|,|->|<-|>)[\t ]{0,8}|[\t ]{1,4}(?:value|content|default)[\t ]{0,4}=[\t ]{0,4}|\r?\n[\t ]{1,24}value:[\t ]{1,4}|[\t ]{1,4})` +
      String.raw`(?:[fbru$@]{1,2}(?=["']))?(?:${quoted}|${plain})`,
  );
}

/** More of the name, something that assigns, and the beginning of a value. */
function followedBy(least: number): readonly RunOfBytes[] {
  return [
    { of: 'A-Za-z0-9_-', least: 0, most: TAIL },
    { of: '"\'`\\\\\\])>=:,|?<\\t\\r\\n -', least: 1, most: BETWEEN },
    { of: '!-~\\x80-\\xff', least },
  ];
}

/** An unquoted value ends where most syntaxes end it. */
const UNQUOTED = String.raw`!#-%*-;=?-\[\]-_a-~\\\x80-\xff`;

/** What no person chose has fewer signs. */
const TOKEN = String.raw`A-Za-z0-9_+/=.~%!@#$^*:\-`;

export const assignmentRules: readonly Rule[] = [
  {
    id: 'generic-password',
    title: 'Password in plain text',
    severity: 'medium',
    confidence: 'low',
    remediation:
      'Change the password, and let the program read it from a vault or from a file that only its user can read.',
    source: 'https://cwe.mitre.org/data/definitions/256.html',
    keywords: ['pass', 'pwd', 'pswd'],
    caseless: true,
    pattern: assignment('pass(?:w(?:or)?d|phrase|code|wort)?s?|pwd|pswd', UNQUOTED, 4, 128),
    window: { before: FRONT, after: 8 + TAIL + BETWEEN + 128 },
    next: followedBy(3),
    validate: assignedPassword,
  },
  {
    id: 'generic-secret',
    title: 'Secret or token in plain text',
    severity: 'medium',
    confidence: 'low',
    remediation:
      'Revoke the secret where it was issued, and let the program read the new one from a vault or from its environment.',
    source,
    keywords: ['secret', 'token', 'credential', 'creds', 'auth'],
    caseless: true,
    pattern: assignment('secret|token|credential|creds|auth', TOKEN, 8, 512),
    window: { before: FRONT, after: TAIL + BETWEEN + 512 },
    next: followedBy(3),
    validate: assignedSecret,
  },
  {
    id: 'generic-key',
    title: 'API or encryption key in plain text',
    severity: 'medium',
    confidence: 'low',
    remediation:
      'Revoke the key where it was issued, and let the program read the new one from a vault or from its environment.',
    source,
    keywords: ['key'],
    caseless: true,
    pattern: assignment('key', TOKEN, 12, 512),
    window: { before: FRONT, after: TAIL + BETWEEN + 512 },
    next: followedBy(3),
    validate: assignedKey,
  },
];
