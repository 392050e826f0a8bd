/** Logins as people note them: a user and a password in one line of prose. */
import type { MatchContext, Rule } from '../model/rule.ts';
import { type Verdict, rejected } from '../model/verdict.ts';
import { placeOf } from '../validators/file-place.ts';
import { isNoPassword, isWellKnown, password } from '../validators/password.ts';
import { isWords } from '../validators/value.ts';

/** What announces a login. */
const ANNOUNCEMENTS = [
  'login: ',
  'logins: ',
  'login is ',
  'login was ',
  'login for ',
  'login data',
  'login with ',
  'login as ',
  'log in with ',
  'log in as ',
  'sign in with ',
  'sign in as ',
  'logon: ',
  'account: ',
  'access: ',
  'credentials: ',
  'credentials are ',
  'credentials for ',
  'creds: ',
  'creds for ',
  'user/pass',
  'username/pass',
  'zugang: ',
  'zugangsdaten',
  'anmeldung: ',
];
/** What it is for: `for the printer: `, `to the server is `. */
const PURPOSE = String.raw`(?:(?:[A-Za-z0-9.-]{1,30}[\t ]){0,6}?(?:is|are|with|as)[\t ]|(?:[\t ]?[A-Za-z0-9.-]{1,30}(?:[\t ][A-Za-z0-9.-]{1,30}){0,5}?)??[\t ]?[:=-][\t ]{1,2})?`;

/** Judges the second half of `admin / …`: with a digit and letters, and no date, size, path or word. */
function notedPassword(secret: string, { path, groups }: MatchContext): Verdict {
  if (/^(?:code|public|test)$/.test(placeOf(path))) return rejected;
  const user = groups['user'] ?? '';
  if (
    /^(?:https?|ftp|and|or|the|a|an|your|user|username|id|name|tcp|udp|version|port|at|see|e\.g|\d+)$/i.test(
      user,
    )
  )
    return rejected;
  const isMixture = /[A-Za-z]/.test(secret) && /[0-9]/.test(secret);
  if (!isMixture || isNoPassword(secret) || isWellKnown(secret) || isWords(secret)) return rejected;
  if (/^(?:\d+(?:st|nd|rd|th|[kmgt]?b|px|ms|x|[hmds])|[a-z]{1,9}\d{1,2}|sso\d?|oauth2?|v\d.*)$/i.test(secret))
    return rejected;
  return password(secret);
}

export const noteRules: readonly Rule[] = [
  {
    id: 'noted-login',
    title: 'User name and password in a note',
    severity: 'medium',
    confidence: 'low',
    remediation: 'Change the password, and keep the new one in a password manager instead of a note.',
    source: 'https://cwe.mitre.org/data/definitions/256.html',
    keywords: ANNOUNCEMENTS,
    caseless: true,
    window: { before: 0, after: 260 },
    pattern: new RegExp(
      String.raw`(?<![A-Za-z0-9_.-])(?i:${ANNOUNCEMENTS.map((text) => RegExp.escape(text)).join('|')})${PURPOSE}["'${'`'}]?(?<user>[A-Za-z][A-Za-z0-9_.@\\-]{1,60})["'${'`'}]?(?:[\t ]{1,2}[/|-][\t ]{1,2}|[/:]|,[\t ]|[\t ](?:and|with)[\t ](?:password[\t ])?)["'${'`'}]?(?<secret>[!-~]{6,64}?)["'${'`'}]?(?=[.,;)]{0,2}(?:[\t ]|(?![^\r\n])))`,
    ),
    validate: notedPassword,
  },
  {
    id: 'noted-login-before-its-purpose',
    title: 'User name and password in a note (in brackets)',
    severity: 'medium',
    confidence: 'low',
    remediation: 'Change the password, and keep the new one in a password manager instead of a note.',
    source: 'https://cwe.mitre.org/data/definitions/256.html',
    keywords: ['(admin', '(root', '(user', '(login'],
    caseless: true,
    window: { before: 0, after: 120 },
    pattern: new RegExp(
      String.raw`\((?i:login:?[\t ]{1,2})?(?<user>(?i:admin|root|user)[A-Za-z0-9_.@-]{0,30})[\t ]{0,2}[/:,][\t ]{0,2}["'${'`'}]?(?<secret>[!-~]{6,64}?)["'${'`'}]?\)`,
    ),
    validate: notedPassword,
  },
];
