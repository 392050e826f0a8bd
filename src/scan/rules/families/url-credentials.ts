/** Passwords in URLs and in connection strings: databases, queues, mail, web. */
import type { Rule } from '../model/rule.ts';
import { placeOf } from '../validators/file-place.ts';
import { isNoPassword, password } from '../validators/password.ts';
import { weakPassword } from '../validators/stored-password.ts';
import { isDrawn } from '../validators/value.ts';
import { urlPassword, urlToken } from '../validators/url.ts';
import { type Verdict, rejected } from '../model/verdict.ts';

const remediation =
  'Change the password, and let the program read the new one from a vault or an environment variable.';

export const urlCredentialRules: readonly Rule[] = [
  {
    id: 'url-credentials',
    title: 'Password in a URL',
    severity: 'high',
    confidence: 'medium',
    remediation,
    source: 'https://www.rfc-editor.org/rfc/rfc3986#section-3.2.1',
    keywords: ['://', ':\\/\\/'],
    // Slashes may be escaped, as PHP does in JSON. The user may be missing (`redis://:password@`). The password may hold what
    // should have been encoded: an `@`, and for databases, whose drivers bear it, a slash that does not end a port.
    pattern:
      /(?<![A-Za-z0-9])(?<scheme>[A-Za-z][A-Za-z0-9]{1,19}(?:[+:-][A-Za-z0-9]{1,16}){0,2}):(?:\/\/|\\\/\\\/)(?<user>(?:[A-Za-z0-9.-]{1,30};)?[^\s"'`<>()|,;/:@?#\\]{0,80}(?:@[A-Za-z0-9.-]{1,60})?):(?<secret>[^\s"'`<>/:@\\,;|?#]{1,160}(?:@[^\s"'`<>/:@\\,;|?#.]{1,40}){0,2}|(?<=(?:sql2?|db(?:\+srv)?|rediss?|amqps?):\/\/[^:]{0,80}:)(?![0-9]{1,5}[/,?])[^\s"'`<>@\\]{1,160})@(?<host>\[[0-9A-Fa-f:.]{2,45}\]|[A-Za-z0-9][A-Za-z0-9._-]{0,120})/,
    window: { before: 56, after: 540 },
    next: [
      { of: '^\\s"\'`<>()|,/:?#\\\\', least: 0, most: 172 },
      { of: ':', least: 1 },
      { of: '^\\s"\'`<>@\\\\', least: 1, most: 160 },
      { of: '@', least: 1 },
    ],
    validate: urlPassword,
  },
  {
    id: 'url-token',
    title: 'Token in a URL',
    severity: 'medium',
    confidence: 'medium',
    remediation:
      'Revoke the token where it was issued, and let the program read the new one from a vault or an environment variable.',
    source: 'https://www.rfc-editor.org/rfc/rfc3986#section-3.2.1',
    // Shared with other rules: each word costs something wherever it occurs.
    keywords: ['://'],
    // In the place of the user, without a password. A number as the path means that it only identifies a project.
    pattern:
      /https?:\/\/(?<secret>[A-Za-z0-9_-]{20,128})@(?<host>[A-Za-z0-9][A-Za-z0-9.-]{2,120})(?!\/[0-9]{1,8}(?![A-Za-z0-9]))(?![A-Za-z0-9.-])/,
    window: { before: 5, after: 300 },
    next: [
      { of: 'A-Za-z0-9_-', least: 20, most: 128 },
      { of: '@', least: 1 },
    ],
    validate: urlToken,
  },
  {
    id: 'jdbc-password',
    title: 'Password in a JDBC URL',
    severity: 'high',
    confidence: 'medium',
    remediation,
    source: 'https://jdbc.postgresql.org/documentation/use/#connection-parameters',
    keywords: ['jdbc:'],
    pattern:
      /jdbc:[a-z][a-z0-9]{1,20}:(?:(?!jdbc:)[^\s"'<>]){1,300}?[?&;](?:password|pwd|Password|PWD|PASSWORD)=(?<secret>[^\s"'<>&;\\]{1,128})(?=[&;"'\s<\\]|$)|jdbc:oracle:[a-z]{2,6}:[A-Za-z0-9_$]{1,40}\/(?<secret>[^\s"'<>@/\\]{1,128})@/,
    window: { before: 0, after: 500 },
    next: [
      { of: 'a-z0-9', least: 2, most: 21 },
      { of: ':', least: 1 },
    ],
    validate: (secret, { path }) => ofConnection(secret, path),
  },
  {
    id: 'connection-string-password',
    title: 'Password in a connection string',
    severity: 'high',
    confidence: 'medium',
    remediation,
    source: 'https://learn.microsoft.com/en-us/dotnet/framework/data/adonet/connection-string-syntax',
    keywords: ['password=', 'pwd=', 'password =', 'pwd ='],
    caseless: true,
    // `Server=…;User Id=…;Password=…;`, in this order or with the password first.
    pattern: new RegExp(
      String.raw`(?i:(?<![a-z])(?:server|data source|datasource|address|addr|host|hostname|uid|user id|userid|user|username|database|initial catalog|dbname|driver|dsn|provider|port)[ ]?=[^;=\r\n"'<>]{1,160};(?:[ ]?[a-z][a-z ]{1,32}=[^;=\r\n"<>]{0,160};){0,8}[ ]?(?:password|pwd)[ ]?=[ ]?(?<secret>[^\s;"'<>\\]{1,128})(?=[;"'\s<\\]|$)|(?<![a-z])(?:password|pwd)[ ]?=[ ]?(?<secret>[^\s;"'<>\\]{1,128});(?:[ ]?[a-z][a-z ]{1,32}=[^;=\r\n"<>]{0,160};){0,6}[ ]?(?:server|data source|host|uid|user id|userid|username|database|initial catalog|dbname)[ ]?=)`,
    ),
    window: { before: 900, after: 700 },
    next: [
      { of: ' ', least: 0, most: 1 },
      { of: '^\\s;"\'<>\\\\', least: 1 },
    ],
    validate: (secret, { path }) => ofConnection(secret, path, isCode),
  },
  {
    id: 'redis-connection-password',
    title: 'Password in a StackExchange.Redis connection string',
    severity: 'high',
    confidence: 'medium',
    remediation,
    source: 'https://stackexchange.github.io/StackExchange.Redis/Configuration.html',
    keywords: [',password='],
    pattern:
      /:[0-9]{2,5},(?:[A-Za-z]{2,24}=[^,"'\s]{0,60},){0,6}password=(?<secret>[^,;"'\s<>\\]{4,128})(?=[,;"'\s<\\]|$)/,
    window: { before: 540, after: 128 },
    next: { of: '^,;"\'\\s<>\\\\', least: 4 },
    validate: (secret, { path }) => ofConnection(secret, path),
  },
  {
    id: 'sasl-jaas-password',
    title: 'Password in a Kafka JAAS configuration',
    severity: 'high',
    confidence: 'medium',
    remediation,
    source: 'https://kafka.apache.org/documentation/#security_sasl_jaasconfig',
    keywords: ['LoginModule'],
    pattern:
      /LoginModule[\s\\]{1,20}(?:required|requisite|sufficient|optional)[^;]{0,400}?[\s"\\]password[ ]?=[ ]?\\{0,2}["']?(?<secret>[^\s"'\\;]{1,128})(?=[\s"'\\;])/,
    window: { before: 0, after: 600 },
    next: { of: '\\s\\\\', least: 1 },
    validate: (secret, { path }) => ofConnection(secret, path),
  },
  {
    id: 'mysql-dsn-password',
    title: 'Password in a MySQL data source name',
    severity: 'high',
    confidence: 'medium',
    remediation,
    source: 'https://github.com/go-sql-driver/mysql#dsn-data-source-name',
    keywords: ['@tcp(', '@unix('],
    pattern: /(?<![A-Za-z0-9_.-])[A-Za-z0-9_.-]{1,40}:(?<secret>[^\s"'`:@/<>]{1,100})@(?:tcp|unix)\(/,
    window: { before: 150, after: 0 },
    validate: (secret, { path }) => ofConnection(secret, path),
  },
  {
    id: 'libpq-password',
    title: 'Password in a PostgreSQL connection string',
    severity: 'high',
    confidence: 'medium',
    remediation,
    source: 'https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-CONNSTRING',
    keywords: [' password=', '"password=', "'password="],
    // `host=… user=… password=…`, in any order; the values are separated by spaces.
    pattern:
      /(?<![A-Za-z0-9_])(?:host|hostaddr|dbname|user|port)=[^\s"'=;,&]{1,100}[ ]{1,4}(?:[a-z_]{2,24}=[^\s"'=;,&]{1,100}[ ]{1,4}){0,8}password=(?<secret>[^\s"';,&]{1,128})(?=[\s"'\\]|$)|(?<=["'])password=(?<secret>[^\s"';,&]{1,128})[ ]{1,4}(?:host|hostaddr|dbname|user|port)=/,
    window: { before: 800, after: 150 },
    next: { of: '^\\s"\';,&', least: 1 },
    validate: (secret, { path }) => ofConnection(secret, path, isCode),
  },
];

/** In settings, a program logs in with it, even if it is a weak one. */
function ofConnection(secret: string, path: string, isOther = isNoPassword): Verdict {
  const weak = path !== '' && placeOf(path) === 'settings' ? weakPassword(secret, path) : undefined;
  return weak ?? (isOther(secret) ? rejected : password(secret));
}

/** What is written in a program where the password would stand. */
function isCode(text: string): boolean {
  if (isDrawn(text)) return false;
  return (
    isNoPassword(text) ||
    /^[A-Za-z_][A-Za-z0-9_]{0,60}(?:\.[A-Za-z_]|\()|[()[\]]|^[a-z]$|^["'`+]|[+]$/.test(text)
  );
}
