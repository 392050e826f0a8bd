/** What password managers and browsers export: every password in it is somebody's. */
import type { Rule } from '../model/rule.ts';
import { passwordsIn } from '../validators/password-list.ts';
import { exportedPassword } from '../validators/stored-password.ts';
import { rejected } from '../model/verdict.ts';

const remediation =
  'Import the list into a password manager, then delete the file. Change the passwords if others could read it.';

export const passwordExportRules: readonly Rule[] = [
  {
    id: 'password-list-password',
    title: 'Password in a browser or password manager export',
    severity: 'high',
    remediation,
    source: 'https://support.google.com/chrome/answer/95606',
    files: { extensions: ['csv'] },
    keywords: [],
    // As many lines as there is room for. Which of them are rows of a table with passwords, `passwordsIn` knows.
    pattern: /(?<![^\n])[^]{1,24000}(?![^\r\n])/,
    window: { before: 0, after: 24_000 },
    secretsIn: passwordsIn,
    validate: (secret, context) =>
      /^(?:[0-9a-f]{32,128}|[0-9]{1,3})$/i.test(secret) ? rejected : exportedPassword(secret, context),
  },
  {
    id: 'keepass-export-password',
    title: 'Password in a KeePass export',
    severity: 'high',
    remediation,
    source: 'https://keepass.info/help/base/importexport.html#xml',
    keywords: ['<Key>Password</Key>'],
    // `Protected="True"` stands before an encrypted value.
    pattern:
      /<Key>Password<\/Key>\s{0,80}<Value(?![^>]{0,80} Protected=)(?: [A-Za-z]{1,24}="[^"<>]{0,24}"){0,3}>(?<secret>(?:[^<\r\n]|<(?!\/Value>)){1,512})<\/Value>/,
    window: { before: 0, after: 760 },
    validate: exportedPassword,
  },
  {
    id: 'keepass1-export-password',
    title: 'Password in a KeePass 1 export',
    severity: 'high',
    remediation,
    source: 'https://keepass.info/help/v1/base/importexport.html',
    keywords: ['<pwentry>'],
    pattern: /<pwentry>(?:(?!<\/?pwentry>)[^]){0,2000}?<password>(?<secret>[^<\r\n]{1,512})<\/password>/,
    window: { before: 0, after: 2600 },
    validate: exportedPassword,
  },
];
