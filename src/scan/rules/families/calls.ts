/** Passwords in the arguments of calls in source code, where only the call identifies them. */
import type { Rule } from '../model/rule.ts';
import { isAmongExamples } from '../validators/file-place.ts';
import { password } from '../validators/password.ts';
import { rejected } from '../model/verdict.ts';

/** An argument in quotes, and what parts it from the next one. */
const argument = String.raw`(?:["'][^"'\r\n]{0,160}["']|\$?[\w.]{1,60}(?:->\w{1,40})?),\s{0,24}`;

const rows: readonly (readonly [
  id: string,
  title: string,
  source: string,
  keywords: readonly string[],
  /** An expression for what stands between the keyword and the password's quote. */
  before: string,
])[] = [
  [
    'requests-auth-password',
    'HTTP password in Python code',
    'https://requests.readthedocs.io/en/latest/user/authentication/',
    ['HTTPBasicAuth(', 'HTTPDigestAuth(', 'auth=('],
    argument,
  ],
  [
    'network-credential-password',
    'NetworkCredential password in .NET code',
    'https://learn.microsoft.com/en-us/dotnet/api/system.net.networkcredential.-ctor',
    ['NetworkCredential('],
    argument,
  ],
  [
    'jdbc-connection-password',
    'JDBC connection password in Java code',
    'https://docs.oracle.com/en/java/javase/21/docs/api/java.sql/java/sql/DriverManager.html',
    ['getConnection('],
    argument.repeat(2),
  ],
  [
    'php-database-password',
    'Database password in PHP code',
    'https://www.php.net/manual/en/mysqli.construct.php',
    ['mysqli_connect(', 'mysql_connect(', 'mysql_pconnect(', 'odbc_connect(', 'new mysqli(', 'new PDO('],
    argument.repeat(2),
  ],
  [
    'mysql-call-password',
    'MySQL password in C code',
    'https://dev.mysql.com/doc/c-api/8.4/en/mysql-real-connect.html',
    ['mysql_real_connect('],
    String.raw`&?${argument.repeat(3)}`,
  ],
  [
    'login-call-password',
    'Mail or file server password in Python code',
    'https://docs.python.org/3/library/smtplib.html#smtplib.SMTP.login',
    ['.login(', '->login(', '.simple_bind_s('],
    String.raw`(?!["']anonymous["'])${argument}`,
  ],
  [
    'php-login-password',
    'Mail, file or directory server password in PHP code',
    'https://www.php.net/manual/en/function.ftp-login.php',
    ['ftp_login(', 'imap_open(', 'ldap_bind(', 'ssh2_auth_password('],
    argument.repeat(2),
  ],
  [
    'database-call-password',
    'Server password in Python, Perl or Node.js code',
    'https://pymysql.readthedocs.io/en/latest/modules/connections.html',
    ['pymysql.connect(', 'MySQLdb.connect(', 'DBI->connect(', 'new Sequelize(', 'ftplib.FTP('],
    argument.repeat(2),
  ],
  [
    'oracle-call-password',
    'Oracle Database password in code',
    'https://python-oracledb.readthedocs.io/en/latest/user_guide/connection_handling.html',
    ['cx_Oracle.connect(', 'oracledb.connect(', 'oci_connect(', 'oci_pconnect('],
    argument,
  ],
  [
    'http-call-password',
    'HTTP password in Java, Go, Ruby or Rust code',
    'https://pkg.go.dev/net/http#Request.SetBasicAuth',
    [
      'SetBasicAuth(',
      'setBasicAuth(',
      'basic_auth(',
      'PasswordAuthentication(',
      'UsernamePasswordCredentials(',
      'Credentials.basic(',
      'AuthTokens.basic(',
      'auth.basic(',
    ],
    String.raw`${argument}(?:Some\()?`,
  ],
  [
    'mail-call-password',
    'Mail server password in Go code',
    'https://pkg.go.dev/net/smtp#PlainAuth',
    ['smtp.PlainAuth('],
    argument.repeat(2),
  ],
];

const common = {
  severity: 'high',
  confidence: 'medium',
  remediation:
    'Change the password, and let the program read the new one from a vault or an environment variable.',
  window: { before: 0, after: 700 },
  validate: password,
} as const;

const calls = rows.map(([id, title, source, keywords, before]): Rule => ({
  ...common,
  id,
  title,
  source,
  keywords,
  pattern: new RegExp(
    String.raw`(?:${keywords.map((keyword) => RegExp.escape(keyword)).join('|')})\s{0,24}${before}["'](?<secret>[^\s"']{3,128})["']`,
  ),
}));

export const callRules: readonly Rule[] = [
  ...calls,
  {
    ...common,
    id: 'signing-call-secret',
    title: 'Token signing secret in code',
    remediation:
      'Replace the secret, and let the program read the new one from a vault or an environment variable. Anyone who has it can forge tokens.',
    source: 'https://github.com/auth0/node-jsonwebtoken#jwtsignpayload-secretorprivatekey-options-callback',
    keywords: [
      'jwt.sign(',
      'jwt.verify(',
      'jwt.encode(',
      'jwt.decode(',
      'JWT.encode(',
      'JWT.decode(',
      'createHmac(',
      'Algorithm.HMAC',
      'SymmetricSecurityKey(',
    ],
    pattern: new RegExp(
      String.raw`(?:(?:jwt\.(?:sign|verify|encode|decode)|JWT\.(?:encode|decode))\(\s{0,24}(?:${argument}|\{[^{}]{0,200}\},\s{0,24})|createHmac\(\s{0,24}${argument}|Algorithm\.HMAC(?:256|384|512)\(\s{0,24}|SymmetricSecurityKey\(\s{0,24}(?:System\.Text\.)?Encoding\.\w{3,10}\.GetBytes\(\s{0,24})["'](?<secret>[^\s"']{8,128})["']`,
    ),
    // What tests and documentation sign is believed by nobody.
    validate: (secret, { path }) => (isAmongExamples(path) ? rejected : password(secret)),
  },
  {
    ...common,
    id: 'expect-script-password',
    title: 'Password in an Expect script',
    source: 'https://core.tcl-lang.org/expect/index',
    keywords: ['assword:', 'assword*', 'assword?'],
    pattern:
      /assword[:*?][^"'\r\n]{0,11}["'}]?[\s{;-]{1,60}(?:exp_)?send(?: --)?[\t ]{1,4}(?:-- )?["'{](?<secret>[^\s"'$[\]\\{}]{3,128})(?:\\[rn]){1,2}["'}]/,
    window: { before: 0, after: 260 },
  },
  {
    ...common,
    id: 'java-key-store-password',
    title: 'Keystore password in Java code',
    source: 'https://docs.oracle.com/en/java/javase/21/docs/api/java.base/java/security/KeyStore.html',
    keywords: ['".toCharArray()'],
    window: { before: 400, after: 0 },
    // Other characters than passwords are taken from strings as well.
    pattern: new RegExp(
      String.raw`(?:\.(?:load|store|getKey|init|setKeyEntry)|PBEKeySpec|PasswordProtection)\(\s{0,24}(?:${argument}){0,2}"(?<secret>[^\s"']{3,128})"\.toCharArray\(\)`,
    ),
  },
];
