/** Passwords in SQL statements that create users, connect, or encrypt. What is assigned to a `PASSWORD` is found as such. */
import type { MatchContext, Rule } from '../model/rule.ts';
import { type Verdict, rejected } from '../model/verdict.ts';
import { password } from '../validators/password.ts';
import { storedPassword } from '../validators/stored-password.ts';

const common = {
  severity: 'high',
  confidence: 'medium',
  remediation:
    'Change the password, and let the new one be entered when the statement runs instead of storing it in the script.',
  validate: password,
} as const;

/** A value in an `INSERT` before the password. */
const VALUE = String.raw`(?:[NE]?'[^'\r\n]{0,120}'|[^,'()\r\n]{1,60}(?:\([^()\r\n]{0,60}\))?)\s{0,8},\s{0,8}`;
const MAX_COLUMN = 7;
/** The column of a password and the value at the same place, for each place that it may have. */
const COLUMNS = Array.from(
  { length: MAX_COLUMN + 1 },
  (_, place) =>
    String.raw`\((?:[^,()]{1,40},){${place}}\s{0,8}["'${'`'}[]?(?:\w{0,20}_)?(?:passw(?:or)?d|passwd|pwd)["'${'`'}\]]?\s{0,4}[,)][^(]{0,300}\(\s{0,8}(?:${VALUE}){${place}}[NE]?'(?<secret>[^'\r\n]{3,128})'`,
).join('|');

/** A password in a table: no hash, and no name of another column. */
function insertedPassword(secret: string, context: MatchContext): Verdict {
  if (!/[0-9]/.test(secret) || /^(?:[0-9a-f]{32}|[0-9a-f]{40}|[0-9a-f]{64}|\*[0-9A-F]{40})$/i.test(secret))
    return rejected;
  return storedPassword(secret, context);
}

export const sqlRules: readonly Rule[] = [
  {
    ...common,
    id: 'oracle-user-password',
    title: 'Oracle Database user password in SQL',
    source: 'https://docs.oracle.com/en/database/oracle/oracle-database/23/sqlrf/CREATE-USER.html',
    keywords: ['IDENTIFIED BY ', 'identified by '],
    window: { before: 180, after: 60 },
    // Without quotes, as Oracle has it; a word may be a part of a sentence.
    pattern:
      /(?<=(?:(?:CREATE|ALTER|create|alter) (?:USER|user|ROLE|role)|(?:CONNECT TO|connect to)) [^;]{1,140}\s{1,8})(?:IDENTIFIED BY|identified by)[\t ]{1,4}(?<secret>(?=[A-Za-z_$#]{0,29}[0-9])[A-Za-z][\w$#]{4,29})(?![\w$#-])/,
  },
  {
    ...common,
    id: 'sql-user-password',
    title: 'Database user password in SQL',
    source: 'https://dev.mysql.com/doc/refman/8.4/en/create-user.html',
    keywords: ['IDENTIFIED', 'identified'],
    window: { before: 180, after: 200 },
    pattern:
      /(?<=(?:(?:CREATE|ALTER|create|alter) (?:USER|user|ROLE|role)|(?:CONNECT TO|connect to)|GRANT|grant) [^;]{1,160})(?:IDENTIFIED|identified)(?:\s(?:WITH|with) ["'`]?\w{1,40}["'`]?)?\s(?:BY|by)[\t ]{1,4}(?:\\?["']|'')(?<secret>[^\s"']{1,128}?)(?:\\?["']|'')/,
  },
  {
    ...common,
    id: 'sql-set-password',
    title: 'Password set by an SQL statement',
    source: 'https://dev.mysql.com/doc/refman/8.4/en/set-password.html',
    keywords: ['SET PASSWORD', 'set password'],
    window: { before: 0, after: 320 },
    next: { of: '\\t =', least: 1 },
    pattern:
      /(?:SET PASSWORD|set password)(?: (?:FOR|for) [^\r\n;=]{1,100}?)?(?:[\t ]{0,4}=|[\t ]{1,4}(?:TO|to))[\t ]{0,4}(?:\w{0,4}(?:PASSWORD|password)\()?["'](?<secret>[^\s"']{3,128})["']/,
  },
  {
    ...common,
    id: 'sql-connect-password',
    title: 'Password in a SQL*Plus connect command',
    source: 'https://docs.oracle.com/en/database/oracle/oracle-database/23/sqpug/CONNECT.html',
    keywords: ['CONNECT ', 'CONN ', 'connect ', 'conn '],
    window: { before: 0, after: 140 },
    next: [
      { of: 'A-Za-z0-9_$#', least: 2, most: 30 },
      { of: '/', least: 1 },
    ],
    pattern:
      /(?<![A-Za-z0-9_])(?:CONNECT|CONN|connect|conn) [A-Za-z][\w$#]{1,29}\/"?(?<secret>(?=[^\s"'@/;]{0,59}[0-9])[^\s"'@/;]{4,60})"?@[A-Za-z0-9/(]/,
  },
  {
    ...common,
    id: 'sql-inserted-password',
    title: 'Password inserted into a table by SQL',
    severity: 'medium',
    confidence: 'low',
    source: 'https://cwe.mitre.org/data/definitions/256.html',
    keywords: ['INSERT INTO', 'insert into', 'Insert into'],
    window: { before: 0, after: 1500 },
    pattern: new RegExp(
      String.raw`(?:INSERT INTO|[Ii]nsert into)\s{1,4}["'${'`'}[\]\w.]{1,80}\s{0,4}(?=\([^()]{1,400}\)\s{0,8}(?:VALUES|values)\s{0,4}\()(?:${COLUMNS})`,
    ),
    validate: insertedPassword,
  },
  {
    ...common,
    id: 'sql-server-login-password',
    title: 'SQL Server login password',
    source:
      'https://learn.microsoft.com/en-us/sql/relational-databases/system-stored-procedures/sp-addlogin-transact-sql',
    keywords: ['sp_addlogin', 'sp_password', 'sp_addlinkedsrvlogin'],
    window: { before: 0, after: 400 },
    pattern:
      /sp_(?:addlogin|password|addlinkedsrvlogin)\s{1,4}(?:(?:@\w{1,20}\s{0,4}=\s{0,4})?(?:N?'[^'\r\n]{0,80}'|NULL|null|TRUE|FALSE|true|false)\s{0,4},\s{0,4}){1,4}(?:@\w{1,20}\s{0,4}=\s{0,4})?N?'(?<secret>(?=[^'\r\n]{0,127}[0-9])[^\s'\r\n]{4,128})'/,
  },
  {
    ...common,
    id: 'sql-encryption-key',
    title: 'Encryption key in an SQL statement',
    remediation:
      'Replace the key and encrypt the data again, and let the new key be entered when the statement runs.',
    source: 'https://www.postgresql.org/docs/current/pgcrypto.html',
    keywords: [
      'pgp_sym_',
      'AES_ENCRYPT',
      'AES_DECRYPT',
      'aes_encrypt',
      'aes_decrypt',
      'BYPASSPHRASE',
      'ByPassPhrase',
    ],
    window: { before: 8, after: 300 },
    pattern:
      /(?:pgp_sym_(?:en|de)crypt(?:_bytea)?|AES_(?:EN|DE)CRYPT|aes_(?:en|de)crypt)\(\s{0,8}[^;\r\n]{1,140}?,\s{0,8}'(?<secret>[^\s']{6,128})'|(?:BYPASSPHRASE|ByPassPhrase)\(\s{0,8}N?'(?<secret>[^\s']{6,128})'/,
  },
];
