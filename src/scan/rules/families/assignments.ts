/**
 * Values without a format of their own, assigned to a name that identifies them: passwords, secrets and tokens,
 * keys. In any syntax: ini, properties, environment, YAML, JSON, TOML, XML, .NET, HCL, SQL, source code, command
 * lines. `validators/assignment.ts` judges whether name and value belong to a credential.
 */
import {
  MAX_BYTES_AROUND_VALUE,
  passwordAssignment,
  passwordFollows,
  tokenAssignment,
  tokenFollows,
} from '../authoring/assignment.ts';
import type { Rule } from '../model/rule.ts';
import { assignedKey, assignedPassword, assignedSecret } from '../validators/assignment.ts';

const source = 'https://cwe.mitre.org/data/definitions/798.html';

export const assignmentRules: readonly Rule[] = [
  {
    id: 'generic-password',
    title: 'Plaintext password',
    severity: 'medium',
    confidence: 'low',
    isTrigger: true,
    remediation:
      'Change the password, and let the program read the new one from a vault or from a file that only its user can read.',
    source: 'https://cwe.mitre.org/data/definitions/256.html',
    keywords: ['pass', 'pwd', 'pswd'],
    caseless: true,
    pattern: passwordAssignment('pass(?:w(?:or)?d|phrase|code|wort)?s?|pwd|pswd'),
    window: { before: 0, after: MAX_BYTES_AROUND_VALUE + 128 },
    ...passwordFollows,
    validate: assignedPassword,
  },
  {
    id: 'abbreviated-password',
    title: 'Plaintext password (abbreviated name)',
    severity: 'medium',
    confidence: 'low',
    remediation:
      'Change the password, and let the program read the new one from a vault or from a file that only its user can read.',
    source: 'https://cwe.mitre.org/data/definitions/256.html',
    // `PW: …` as people note it, `bindpw=…` as programs have it, and what others than English call it.
    keywords: [
      'pw:',
      'pw=',
      'pw =',
      'pw>',
      'pw"',
      "pw'",
      'pw for ',
      'pw is ',
      'kennwort',
      'wachtwoord',
      'senha',
      'contrase',
    ],
    caseless: true,
    pattern: passwordAssignment(
      String.raw`pw(?=[:=>"']| =| for | is )|kennwort|wachtwoord|senha|contrase(?:\xc3\xb1|\xf1|n)a`,
    ),
    window: { before: 0, after: 12 + MAX_BYTES_AROUND_VALUE + 128 },
    validate: assignedPassword,
  },
  {
    id: 'generic-secret',
    title: 'Plaintext secret or token',
    severity: 'medium',
    confidence: 'low',
    isTrigger: true,
    remediation:
      'Revoke the secret where it was issued, and let the program read the new one from a vault or an environment variable.',
    source,
    keywords: ['secret', 'token', 'credential', 'creds', 'auth'],
    caseless: true,
    pattern: tokenAssignment('secret|token|credential|creds|auth', 8, 1024),
    window: { before: 0, after: MAX_BYTES_AROUND_VALUE + 1024 },
    ...tokenFollows(8, 1024),
    validate: assignedSecret,
  },
  {
    id: 'generic-key',
    title: 'Plaintext API or encryption key',
    severity: 'medium',
    confidence: 'low',
    isTrigger: true,
    remediation:
      'Revoke the key where it was issued, and let the program read the new one from a vault or an environment variable.',
    source,
    keywords: ['key', 'cert', 'signature', 'salt', 'cookie', 'appid', 'webhook', '_pat', '_sk'],
    caseless: true,
    // The others tell of no credential; vendors' names beside them do.
    pattern: tokenAssignment('key|cert|signature|salt|cookie|appid|webhook|_pat|_sk', 12, 1024),
    window: { before: 0, after: MAX_BYTES_AROUND_VALUE + 1024 },
    ...tokenFollows(12, 1024),
    validate: assignedKey,
  },
];
