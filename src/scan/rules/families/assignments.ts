/**
 * Values without a format of their own, assigned to a name that identifies them: passwords, secrets and tokens,
 * keys. In any syntax: ini, properties, environment, YAML, JSON, TOML, XML, .NET, HCL, SQL, source code, command
 * lines. `validators/assignment.ts` judges whether name and value belong to a credential.
 */
import type { RunOfBytes } from '../../engine/index.ts';
import type { Rule } from '../model/rule.ts';
import { assignedKey, assignedPassword, assignedSecret } from '../validators/assignment.ts';

const source = 'https://cwe.mitre.org/data/definitions/798.html';

/** Bytes of a name after its telling word. */
const TAIL = 32;
/** Bytes between the name and its value, quotes included. */
const BETWEEN = 96;

/** What may close a name: quotes, brackets, the stars of a bold word. */
const CLOSED = String.raw`\\?["'${'`'}]?\]?(?:\[\d{0,4}\])?\*{0,2}`;
/** `: string`, `As String`, `&str` between the name and the sign. */
const TYPE = String.raw`(?:(?:[\t ]{1,2}|[\t ]{0,2}:[\t ]{0,2})&?(?:[Ss]tr(?:ing)?|char|text|As String)[\t ?*]{1,2})?`;
/** Signs, and what serves as one in XML, plists, HCL, YAML, JSON of names and values, and Markdown. */
const OPERATOR = [
  String.raw`[\t ]{1,4}(?:value|content|default)[\t ]{0,4}=[\t ]{0,4}`,
  String.raw`,\s{0,24}\\?["']value\\?["'][\t ]{0,2}:[\t ]{0,2}`,
  String.raw`<\/[A-Za-z:]{1,16}>\s{0,24}<(?:value|string)>`,
  String.raw`[\t ]{1,2}\{\s{1,8}default[\t ]{0,8}=[\t ]{0,2}`,
  String.raw`\r?\n[\t ]{1,24}value:[\t ]{1,4}`,
  // An element with its text on a line of its own.
  String.raw`>[\t ]{0,4}\r?\n[\t ]{1,40}`,
  String.raw`[\t ]{0,8}(?:=>|\|\|=|\?\??=|={1,3}|[.+]=|\|\||\?\?|:[\t ]{1,4}[|>]-?\r?\n|:{1,3}=?|,|->|<-|>|\||\()[\t ]{0,16}`,
  String.raw`[\t ]{1,2}is:?[\t ]{1,2}`,
  // In a sentence, a word stands after a word: an option, a name in capitals, quotes, a digit or a sign tell more.
  String.raw`[\t ]{1,4}(?=\\?["'${'`'}]|[!-~\x80-\xff]{0,127}[0-9!@#$%^&*?+~]|(?<=[A-Z][\t ]{1,4})|(?<=(?<![A-Za-z0-9_])-[A-Za-z0-9_.-]{1,80}[\t ]{1,4}))`,
].join('|');
/** A value begins with nothing that an operator has, but for two of `-`, `+`, `.`, so that bytes can be checked before expressions. */
const FIRST = String.raw`(?=[.+-]{0,2}(?![=:>,|?<{()\]\\*"'${'`'}.+-])[!-~\x80-\xff]{3})`;
/** The word stands in a pair of a name and a value: `key="Name" value="…"`. The name is yet to come. */
const NAME_OF_PAIR = String.raw`(?!\\?["']?[\t ]{0,2}[=:][\t ]{0,2}\\?["'][A-Za-z0-9_.: -]{1,80}\\?["'](?:[\t ]{1,4}(?:value|default[Vv]alue|content)=|,\s{0,24}\\?["']value\\?["'])|>[^<>]{1,80}<\/[Kk]ey>)`;

/**
 * @param word the telling words; small letters stand for both cases
 * @param of what an unquoted value is made of: the inside of a character class
 */
function assignment(word: string, of: string, least: number, most: number): RegExp {
  const worth = (one: string) => `(?=${one}{0,${LONG - 1}}(?=${one})[${HOLDS}]|${one}{${LONG}})`;
  const within = String.raw`(?:(?!\k<quote>)[!-~\x80-\xff])`;
  const quoted = String.raw`(?:"(?=\\"))?(?<quote>\\?["'${'`'}])${FIRST}${worth(within)}(?<secret>(?:(?!\k<quote>)[!-~\x80-\xff]){${least},${most}})\k<quote>`;
  // What closes the sentence, the list or the call around an unquoted value is no part of it.
  const plain = String.raw`${FIRST}${worth(`[${of}]`)}(?<secret>[${of}]{${least},${most}}(?<![,;.:)}\]]))(?!\.{3})(?=[,;.:)}\]]{0,3}(?![${of}(?]))`;
  return new RegExp(
    String.raw`(?<word>(?i:${word}))${NAME_OF_PAIR}(?<tail>[A-Za-z0-9_-]{0,${TAIL}})(?<closed>${CLOSED})${TYPE}` +
      String.raw`(?<operator>${OPERATOR})(?:[fbruN$@]{1,2}(?=["']))?(?:${quoted}|${plain})`,
  );
}

/** A value without any of these is a word, and no credential, unless it is long (`validators/assignment.ts`). */
const HOLDS = '0-9!@#$%^&*?~';
const LONG = 16;

/** Bytes that belong to the run which a value is in: what closes a sentence after it, and `default=` before it. */
const BEFORE_AND_AFTER = 24;

/** What `TYPE` and `OPERATOR` have between signs, as it begins. */
const BETWEEN_SIGNS = [
  '/',
  'value',
  'content',
  'default',
  'is',
  ...['', '&'].flatMap((reference) => ['str', 'Str', 'char', 'text', 'As S'].map((type) => reference + type)),
];

/** More of the name, something that assigns, and the beginning of a value, of which two may be taken for signs. */
function followedBy(shortest: number): readonly RunOfBytes[] {
  return [
    // The rest of the telling word, what may come after it, and what closes the name.
    { of: 'A-Za-z0-9_"\'`\\\\[\\]-', least: 0, most: 8 + TAIL + 12 },
    { of: '"\'`\\\\\\])>=:,|?<{(*.+\\t\\r\\n -', least: 1, most: BETWEEN },
    { of: '!-~\\x80-\\xff', least: Math.max(3, shortest - 2), or: BETWEEN_SIGNS },
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
    isTrigger: true,
    remediation:
      'Change the password, and let the program read it from a vault or from a file that only its user can read.',
    source: 'https://cwe.mitre.org/data/definitions/256.html',
    keywords: ['pass', 'pwd', 'pswd'],
    caseless: true,
    pattern: assignment('pass(?:w(?:or)?d|phrase|code|wort)?s?|pwd|pswd', UNQUOTED, 4, 128),
    window: { before: 0, after: 8 + TAIL + BETWEEN + 128 },
    next: followedBy(4),
    value: { of: UNQUOTED, holds: HOLDS, long: LONG, most: 128 + BEFORE_AND_AFTER },
    validate: assignedPassword,
  },
  {
    id: 'abbreviated-password',
    title: 'Password in plain text, by another of its names',
    severity: 'medium',
    confidence: 'low',
    remediation:
      'Change the password, and let the program read it from a vault or from a file that only its user can read.',
    source: 'https://cwe.mitre.org/data/definitions/256.html',
    // `PW: …` as people note it, `bindpw=…` as programs have it, and what others than English call it.
    keywords: ['pw:', 'pw=', 'pw =', 'pw>', 'pw"', "pw'", 'kennwort', 'wachtwoord', 'senha', 'contrase'],
    caseless: true,
    pattern: assignment(
      String.raw`pw(?=[:=>"']| =)|kennwort|wachtwoord|senha|contrase(?:\xc3\xb1|\xf1|n)a`,
      UNQUOTED,
      4,
      128,
    ),
    window: { before: 0, after: 12 + TAIL + BETWEEN + 128 },
    validate: assignedPassword,
  },
  {
    id: 'generic-secret',
    title: 'Secret or token in plain text',
    severity: 'medium',
    confidence: 'low',
    isTrigger: true,
    remediation:
      'Revoke the secret where it was issued, and let the program read the new one from a vault or from its environment.',
    source,
    keywords: ['secret', 'token', 'credential', 'creds', 'auth'],
    caseless: true,
    pattern: assignment('secret|token|credential|creds|auth', TOKEN, 8, 1024),
    window: { before: 0, after: TAIL + BETWEEN + 1024 },
    next: followedBy(8),
    value: { of: TOKEN, holds: HOLDS, long: LONG, most: 1024 + BEFORE_AND_AFTER },
    validate: assignedSecret,
  },
  {
    id: 'generic-key',
    title: 'API or encryption key in plain text',
    severity: 'medium',
    confidence: 'low',
    isTrigger: true,
    remediation:
      'Revoke the key where it was issued, and let the program read the new one from a vault or from its environment.',
    source,
    keywords: ['key', 'cert', 'signature', 'salt', 'cookie', 'appid', 'webhook', '_pat', '_sk'],
    caseless: true,
    // The others tell of no credential; vendors' names beside them do.
    pattern: assignment('key|cert|signature|salt|cookie|appid|webhook|_pat|_sk', TOKEN, 12, 1024),
    window: { before: 0, after: TAIL + BETWEEN + 1024 },
    next: followedBy(12),
    value: { of: TOKEN, holds: HOLDS, long: LONG, most: 1024 + BEFORE_AND_AFTER },
    validate: assignedKey,
  },
];
