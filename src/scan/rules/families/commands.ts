/** Passwords among the arguments of commands: in scripts, in histories of shells, in documentation of one's own. */
import type { RuleDescription } from '../../../task.ts';
import type { Rule } from '../rule.ts';
import { password } from '../validators/password.ts';

type Row = readonly [id: string, title: string, source: string, keywords: readonly string[], before: string];

const A = String.raw`[^\r\n|;&]{0,120}?[\t ]`;
const rows: readonly Row[] = [
  [
    'curl',
    'curl',
    'https://curl.se/docs/manpage.html#-u',
    ['curl '],
    String.raw`curl[\t ](?:${A})?(?:-u|--user|--proxy-user)[\t =]?["']?[^\s:"'$<{]{1,80}:`,
  ],
  [
    'wget',
    'Wget',
    'https://www.gnu.org/software/wget/manual/html_node/HTTP-Options.html',
    ['wget '],
    String.raw`wget[\t ](?:${A})?--(?:http-|ftp-|proxy-)?password[= ]["']?`,
  ],
  [
    'sshpass',
    'sshpass',
    'https://linux.die.net/man/1/sshpass',
    ['sshpass '],
    String.raw`sshpass[\t ]{1,4}-p[\t ]?["']?`,
  ],
  [
    'mysql',
    'the MySQL client',
    'https://dev.mysql.com/doc/refman/8.4/en/password-security-user.html',
    ['mysql ', 'mysqldump ', 'mysqladmin '],
    String.raw`mysql(?:dump|admin)?[\t ](?:${A})?(?:-p|--password=)["']?`,
  ],
  [
    'postgres',
    'the PostgreSQL client',
    'https://www.postgresql.org/docs/current/libpq-envars.html',
    ['PGPASSWORD='],
    String.raw`PGPASSWORD=["']?`,
  ],
  [
    'sqlcmd',
    'sqlcmd',
    'https://learn.microsoft.com/en-us/sql/tools/sqlcmd/sqlcmd-utility',
    ['sqlcmd ', 'SQLCMDPASSWORD='],
    String.raw`(?:sqlcmd[\t ](?:${A})?-P[\t ]?|SQLCMDPASSWORD=)["']?`,
  ],
  [
    'redis-cli',
    'redis-cli',
    'https://redis.io/docs/latest/develop/tools/cli/',
    ['redis-cli '],
    String.raw`redis-cli[\t ](?:${A})?(?:-a|--pass)[\t =]["']?`,
  ],
  [
    'ldap',
    'the LDAP clients',
    'https://www.openldap.org/software/man.cgi?query=ldapsearch',
    ['ldapsearch ', 'ldapmodify '],
    String.raw`ldap(?:search|modify)[\t ](?:${A})?-w[\t ]?["']?`,
  ],
  [
    'keytool',
    'keytool',
    'https://docs.oracle.com/en/java/javase/21/docs/specs/man/keytool.html',
    ['-storepass '],
    String.raw`-storepass[\t ]["']?`,
  ],
  [
    'docker',
    'docker login',
    'https://docs.docker.com/reference/cli/docker/login/',
    ['docker login ', 'podman login '],
    String.raw`(?:docker|podman) login[\t ](?:${A})?(?:-p|--password)[= ]["']?`,
  ],
  [
    'sudo',
    'sudo',
    'https://www.sudo.ws/docs/man/sudo.man/',
    ['sudo -S', 'sudo --stdin'],
    String.raw`echo[\t ](?:-n[\t ])?["']?(?=[^\r\n|]{1,100}\|[\t ]?sudo (?:-S|--stdin))`,
  ],
  [
    'htpasswd',
    'htpasswd',
    'https://httpd.apache.org/docs/2.4/programs/htpasswd.html',
    ['htpasswd '],
    String.raw`htpasswd[\t ](?:${A})?-[cnBmdsi5]{0,4}b[cnBmdsi5]{0,4}[\t ](?:[^\s-]\S{0,80}[\t ]){1,2}["']?`,
  ],
  [
    'openssl',
    'OpenSSL',
    'https://docs.openssl.org/master/man1/openssl-passphrase-options/',
    ['pass:'],
    String.raw`-(?:pass|passin|passout)[\t =]{1,4}["']?pass:`,
  ],
  [
    'net-user',
    'net use or net user',
    'https://learn.microsoft.com/en-us/previous-versions/windows/it-pro/windows-server-2012-r2-and-2012/gg651155(v=ws.11)',
    ['net use ', 'net user '],
    String.raw`net (?:use[\t ](?:${A})?/user:\S{1,80}|user[\t ][\w.-]{1,64})[\t ]["']?(?![/*])`,
  ],
  [
    'cmdkey',
    'cmdkey',
    'https://learn.microsoft.com/en-us/windows-server/administration/windows-commands/cmdkey',
    ['cmdkey '],
    String.raw`cmdkey[\t ](?:${A})?/pass:["']?`,
  ],
  [
    'schtasks',
    'schtasks',
    'https://learn.microsoft.com/en-us/windows-server/administration/windows-commands/schtasks-create',
    ['schtasks '],
    String.raw`schtasks[\t ](?:${A})?/rp[\t ]["']?`,
  ],
  [
    'psexec',
    'PsExec',
    'https://learn.microsoft.com/en-us/sysinternals/downloads/psexec',
    ['psexec', 'PsExec'],
    String.raw`[Pp]s[Ee]xec(?:64)?(?:\.exe)?[\t ](?:${A})?-p[\t ]["']?`,
  ],
  [
    'powershell',
    'PowerShell',
    'https://learn.microsoft.com/en-us/powershell/module/microsoft.powershell.security/convertto-securestring',
    ['ConvertTo-SecureString'],
    String.raw`ConvertTo-SecureString[\t ](?:-AsPlainText[\t ]|-Force[\t ]|-String[\t ]){0,3}["'](?=[^\r\n"']{1,120}["'][^\r\n]{0,80}-AsPlainText)|ConvertTo-SecureString[\t ](?:-Force[\t ])?-AsPlainText[\t ](?:-Force[\t ]|-String[\t ]){0,2}["']`,
  ],
];

/** Commands differ in what stands before the password; the password ends where an argument does. */
export const commandRules: readonly Rule[] = rows.map(([id, tool, source, keywords, before]) => ({
  id: `${id}-argument-password`,
  title: `Password among the arguments of ${tool}`,
  severity: 'high' satisfies RuleDescription['severity'],
  confidence: 'medium' as const,
  remediation:
    'Change the password, and pass it by a file or a prompt: arguments are seen by every user of the machine.',
  source,
  keywords,
  pattern: new RegExp(
    String.raw`(?<![A-Za-z0-9_])(?:${before})(?<secret>[^\s"'|;&<>` + '`' + String.raw`]{3,128})`,
  ),
  window: { before: 160, after: 480 },
  validate: password,
}));
