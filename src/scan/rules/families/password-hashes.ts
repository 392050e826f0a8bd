/** Password hashes: an attacker can crack them offline. */
import type { RuleDescription } from '../../model/finding.ts';
import { BEFORE } from '../authoring/boundaries.ts';
import { ASSIGNED } from '../authoring/builders.ts';
import type { Rule } from '../model/rule.ts';
import { isDegenerate } from '../validators/opaque.ts';
import { accepted, doubtful, rejected } from '../model/verdict.ts';

const remediation =
  'Make the file readable only by its service, and change the password if others could read it.';

/** A hash by its format; the evidence says which. */
function hash(
  description: Omit<RuleDescription, 'remediation'> & Omit<Rule, 'validate' | 'remediation'>,
): Rule {
  return { confidence: 'high', ...description, remediation, validate: passwordHash };
}

/** Of the empty password: Windows prints these for accounts without one. */
const empty = /^(?:31d6cfe0d16ae931b73c59d7e0c089c0|aad3b435b51404ee)/i;

function passwordHash(secret: string): ReturnType<Rule['validate']> {
  const body = secret.slice(secret.lastIndexOf('$') + 1).replace(/^[^:]*:/, '');
  if (isDegenerate(body.slice(-20))) return rejected;
  if (empty.test(body)) return doubtful('hash of the empty password');
  return accepted('hash, not the password itself');
}

/** Salt or digest of crypt(3). */
const C = '[./A-Za-z0-9]';
const NOT_AFTER = '(?![A-Za-z0-9+/.=$_])';

export const passwordHashRules: readonly Rule[] = [
  hash({
    id: 'crypt-password-hash',
    title: 'Password hash (crypt)',
    severity: 'medium',
    source: 'https://man7.org/linux/man-pages/man5/crypt.5.html',
    keywords: ['$1$', '$5$', '$6$', '$y$', '$gy$', '$7$', '$apr1$', '$sha1$'],
    pattern: new RegExp(
      `(?<![A-Za-z0-9$])(?:\\$(?:1|apr1)\\$${C}{1,8}\\$${C}{22}|\\$5\\$(?:rounds=\\d{4,9}\\$)?${C}{1,16}\\$${C}{43}|\\$6\\$(?:rounds=\\d{4,9}\\$)?${C}{1,16}\\$${C}{86}|\\$g?y\\$${C}{1,12}\\$${C}{1,90}\\$${C}{43}|\\$7\\$${C}{11,100}\\$${C}{43}|\\$sha1\\$\\d{1,9}\\$${C}{1,64}\\$${C}{28})${NOT_AFTER}`,
    ),
    window: { before: 0, after: 180 },
    next: { of: './A-Za-z0-9', least: 1 },
  }),
  hash({
    id: 'bcrypt-password-hash',
    title: 'Password hash (bcrypt)',
    severity: 'medium',
    source: 'https://www.usenix.org/legacy/events/usenix99/provos/provos_html/node5.html',
    keywords: ['$2a$', '$2b$', '$2y$', '$2x$'],
    pattern: new RegExp(`(?<![A-Za-z0-9$])\\$2[abxy]\\$(?:0[4-9]|[12][0-9]|3[01])\\$${C}{53}${NOT_AFTER}`),
    window: { before: 0, after: 58 },
    next: { of: '0-9', least: 2 },
  }),
  hash({
    id: 'modern-password-hash',
    title: 'Password hash (Argon2, scrypt, PBKDF2)',
    severity: 'medium',
    source: 'https://github.com/P-H-C/phc-string-format/blob/master/phc-sf-spec.md',
    keywords: [
      '$argon2',
      '$scrypt$',
      '$pbkdf2',
      'pbkdf2_sha',
      'pbkdf2:sha',
      'scrypt:',
      'bcrypt_sha256$',
      'bcrypt$$2',
    ],
    pattern: new RegExp(
      [
        `\\$argon2(?:id?|d)\\$(?:v=\\d{1,3}\\$)?m=\\d{1,9},t=\\d{1,5},p=\\d{1,3}\\$[A-Za-z0-9+/]{8,90}\\$[A-Za-z0-9+/]{16,180}={0,2}`,
        `\\$scrypt\\$ln=\\d{1,2},r=\\d{1,3},p=\\d{1,3}\\$[A-Za-z0-9+/]{8,90}\\$[A-Za-z0-9+/]{16,180}={0,2}`,
        `\\$pbkdf2(?:-sha\\d{1,3})?\\$(?:i=)?\\d{1,9}(?:,l=\\d{1,3})?\\$[A-Za-z0-9+/.]{8,90}\\$[A-Za-z0-9+/.]{16,180}={0,2}`,
        `pbkdf2_sha(?:1|256)\\$\\d{1,9}\\$[A-Za-z0-9+/.]{8,64}\\$[A-Za-z0-9+/]{20,90}={0,2}`,
        `(?:pbkdf2:sha(?:1|256|512)(?::\\d{1,9})?|scrypt:\\d{1,7}:\\d{1,3}:\\d{1,3})\\$[A-Za-z0-9]{8,32}\\$[0-9a-f]{40,128}`,
        `bcrypt(?:_sha256)?\\$\\$2[aby]\\$\\d\\d\\$${C}{53}`,
      ].join('|'),
    ),
    window: { before: 0, after: 320 },
  }),
  hash({
    id: 'ldap-password-hash',
    title: 'Password hash (LDAP directory)',
    severity: 'medium',
    source: 'https://www.openldap.org/doc/admin26/security.html#Password%20Storage',
    keywords: ['{SSHA', '{SMD5}', '{SHA}', '{SHA256}', '{SHA512}', '{PBKDF2', '{CRYPT}', '{ssha'],
    pattern:
      /\{(?:SSHA(?:256|384|512)?|ssha|SMD5|SHA(?:256|512)?|PBKDF2(?:-SHA\d{1,3})?)\}(?:\d{1,9}\$[A-Za-z0-9+/.]{8,90}\$)?[A-Za-z0-9+/.]{22,180}={0,2}(?![A-Za-z0-9+/=])/,
    window: { before: 0, after: 300 },
  }),
  hash({
    id: 'windows-password-hash',
    title: 'Password hashes dumped from Windows',
    severity: 'medium',
    source: 'https://learn.microsoft.com/en-us/windows-server/security/kerberos/passwords-technical-overview',
    keywords: [':::'],
    pattern:
      /(?<![^\s"'|])(?:[^\s:"']{1,64}):\d{1,10}:(?<secret>(?:[0-9a-fA-F]{32}|NO PASSWORD\*{21}):[0-9a-fA-F]{32}):::/,
    window: { before: 144, after: 0 },
  }),
  hash({
    id: 'samba-password-hash',
    title: 'Password hash (Samba)',
    severity: 'medium',
    source: 'https://www.samba.org/samba/docs/current/man-html/smbpasswd.5.html',
    keywords: [':LCT-'],
    pattern: /:\d{1,10}:(?<secret>[0-9A-FX]{32}:[0-9A-F]{32}):\[[A-Z ]{11}\]:LCT-[0-9A-F]{8}/,
    window: { before: 92, after: 8 },
  }),
  hash({
    id: 'database-password-hash',
    title: 'Password hash (database)',
    severity: 'medium',
    source: 'https://www.postgresql.org/docs/current/catalog-pg-authid.html',
    keywords: [
      'SCRAM-SHA-256$',
      'IDENTIFIED',
      'identified',
      'PASSWORD',
      'authentication_string',
      'password_hash',
      '0x0200',
    ],
    pattern: new RegExp(
      [
        String.raw`(?<secret>SCRAM-SHA-256\$\d{4,9}:[A-Za-z0-9+/]{16,90}={0,2}\$[A-Za-z0-9+/]{43}=:[A-Za-z0-9+/]{43}=)`,
        String.raw`(?:IDENTIFIED|identified)(?i: with ["'\`]?\w{1,40}["'\`]?)?(?i: by(?: password| values)?| as)[\t ]{1,4}["'](?<secret>\*[0-9A-F]{40}|\$A\$005\$[^\r\n]{20,80}?|S:[0-9A-F]{60}[;:A-Fa-f0-9TH]{0,400})["']`,
        String.raw`(?:authentication_string|PASSWORD|password_hash)${ASSIGNED}(?<secret>\*[0-9A-F]{40}|md5[0-9a-f]{32})(?![0-9A-Za-z])`,
        String.raw`PASSWORD["']?[\t ]{1,4}["'](?<secret>md5[0-9a-f]{32})["']`,
        `${BEFORE}(?<secret>0x0200[0-9A-Fa-f]{136})(?![0-9A-Fa-f])`,
      ].join('|'),
    ),
    window: { before: 24, after: 560 },
  }),
  hash({
    id: 'shadow-password-hash',
    title: 'Password hash (DES crypt)',
    severity: 'medium',
    source: 'https://man7.org/linux/man-pages/man5/shadow.5.html',
    confidence: 'medium',
    files: {
      names: [
        'shadow',
        'shadow-',
        'shadow.bak',
        'master.passwd',
        '.htpasswd',
        'htpasswd',
        'passwd.bak',
        'passwd-',
      ],
    },
    keywords: [],
    pattern: /(?<![^\n])[^\s:#]{1,64}:(?<secret>[./A-Za-z0-9]{13})(?![^:\s])/,
    window: { before: 0, after: 80 },
  }),
];
