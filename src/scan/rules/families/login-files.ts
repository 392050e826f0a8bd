/** Files in which tools store their users' logins, recognized by their names: every password in them counts. */
import type { RuleDescription } from '../../model/finding.ts';
import type { FileKind } from '../model/file-kind.ts';
import type { Rule } from '../model/rule.ts';
import { IS, type Setting, setting } from '../authoring/settings.ts';
import { isAmongExamples } from '../validators/file-place.ts';
import { settingValue } from '../validators/assignment.ts';
import { password } from '../validators/password.ts';
import { storedPassword, weakPassword } from '../validators/stored-password.ts';
import { doubtful, surely } from '../model/verdict.ts';

type LoginFileRow = readonly [id: string, title: string, source: string, files: FileKind, line: string];

/** One line each: a name, what assigns, the password. */
const rows: readonly LoginFileRow[] = [
  [
    'mysql-option-file',
    'Password in a MySQL option file',
    'https://dev.mysql.com/doc/refman/8.4/en/option-files.html',
    { names: ['.my.cnf', 'my.cnf', 'my.ini', 'debian.cnf', '.mylogin.cnf'] },
    `password${IS}`,
  ],
  [
    'npm-configuration',
    'Password or token in npm configuration',
    'https://docs.npmjs.com/cli/configuring-npm/npmrc',
    { names: ['.npmrc', 'npmrc'] },
    `(?://[^\\s=]{1,200}:)?(?:_password|_auth|_authToken)${IS}`,
  ],
  [
    'yarn-configuration',
    'Password or token in Yarn configuration',
    'https://yarnpkg.com/configuration/yarnrc',
    { names: ['.yarnrc.yml', '.yarnrc'] },
    `(?:npmAuthToken|npmAuthIdent)${IS}`,
  ],
  [
    'python-package-index',
    'Python package index password in .pypirc',
    'https://packaging.python.org/en/latest/specifications/pypirc/',
    { names: ['.pypirc'] },
    `password${IS}`,
  ],
  [
    'rubygems-credentials',
    'API key in RubyGems credentials',
    'https://guides.rubygems.org/api-key-scopes/',
    { names: ['credentials'], path: /\.gem\// },
    `:[\\w.:/-]{1,100}:[\\t ]{1,4}`,
  ],
  [
    'cargo-credentials',
    'Token in Cargo credentials',
    'https://doc.rust-lang.org/cargo/reference/config.html#credentials',
    { names: ['credentials', 'credentials.toml'], path: /cargo/ },
    `token${IS}`,
  ],
  [
    'gradle-properties',
    'Password in Gradle properties',
    'https://docs.gradle.org/current/userguide/build_environment.html',
    { names: ['gradle.properties', 'key.properties', 'keystore.properties', 'signing.properties'] },
    `[\\w.-]{0,40}(?i:password|passwd|token|secret)${IS}`,
  ],
  [
    's3cmd-configuration',
    'Secret in s3cmd or Boto configuration',
    'https://s3tools.org/kb/item14.htm',
    { names: ['.s3cfg', '.boto', 'boto.cfg'] },
    `(?:secret_key|aws_secret_access_key|gpg_passphrase|gs_secret_access_key|gs_oauth2_refresh_token)${IS}`,
  ],
  [
    'github-cli-hosts',
    'GitHub or GitLab CLI login',
    'https://cli.github.com/manual/gh_auth_login',
    { names: ['hosts.yml', 'hub'], path: /\/(?:gh|hub|glab-cli)/ },
    `(?:oauth_token|token)${IS}`,
  ],
  [
    'databricks-configuration',
    'Token in Databricks CLI configuration',
    'https://docs.databricks.com/aws/en/dev-tools/auth/config-profiles',
    { names: ['.databrickscfg'] },
    `(?:token|password|client_secret)${IS}`,
  ],
  [
    'dbt-profile',
    'Password in a dbt profile',
    'https://docs.getdbt.com/docs/core/connect-data-platform/connection-profiles',
    { names: ['profiles.yml'] },
    `(?:password|pass|token|client_secret)${IS}`,
  ],
  [
    'snowflake-configuration',
    'Password in Snowflake client configuration',
    'https://docs.snowflake.com/en/developer-guide/snowflake-cli/connecting/configure-connections',
    { names: ['config', 'connections.toml', 'config.toml'], path: /snowsql|snowflake/ },
    `(?:password|token)${IS}`,
  ],
  [
    'terraform-variables',
    'Password in Terraform variables',
    'https://developer.hashicorp.com/terraform/language/values/variables',
    { extensions: ['tfvars'] },
    `"?[\\w-]{0,60}(?i:password|passwd|secret|token|api_?key|private_key)[\\w-]{0,20}"?${IS}`,
  ],
  [
    'ansible-inventory',
    'Password in an Ansible inventory',
    'https://docs.ansible.com/ansible/latest/inventory_guide/connection_details.html',
    {
      names: [
        'hosts',
        'inventory',
        'hosts.ini',
        'inventory.ini',
        'hosts.yml',
        'inventory.yml',
        'all.yml',
        'all',
      ],
    },
    `(?:[^\\r\\n#]{0,200}[\\t ])?ansible_(?:ssh_|become_|sudo_)?(?:password|pass)${IS}`,
  ],
  [
    'mail-client',
    'Password in mail program settings',
    'https://marlam.de/msmtp/msmtp.html',
    {
      names: [
        '.msmtprc',
        'msmtprc',
        '.esmtprc',
        'esmtprc',
        '.mpoprc',
        '.mailrc',
        '.nailrc',
        '.fetchmailrc',
        '.muttrc',
        'muttrc',
        '.mbsyncrc',
        '.offlineimaprc',
        '.getmailrc',
      ],
    },
    `(?:set[\\t ])?(?:password|pass|remotepass|smtp_pass|imap_pass|[^\\r\\n#]{0,120}[\\t ]pass(?:word)?)(?:${IS}|[\\t ]{1,20})`,
  ],
  [
    'redis-configuration',
    'Password in Redis configuration',
    'https://redis.io/docs/latest/operate/oss_and_stack/management/security/',
    { names: ['redis.conf', 'sentinel.conf'] },
    `(?:requirepass|masterauth|sentinel auth-pass \\S{1,40})[\\t ]{1,8}`,
  ],
  [
    'grafana-configuration',
    'Password in Grafana configuration',
    'https://grafana.com/docs/grafana/latest/setup-grafana/configure-grafana/',
    { names: ['grafana.ini'] },
    `(?:admin_password|password|secret_key|client_secret|bind_password)${IS}`,
  ],
  [
    'smb-credentials',
    'Password in a network share credentials file',
    'https://www.samba.org/~ab/output/htmldocs/manpages-3/mount.cifs.8.html',
    { names: ['.smbcredentials', '.credentials', 'smbcredentials', 'cifs-credentials', '.cifs'] },
    `pass(?:word)?${IS}`,
  ],
  [
    'directory-service-password',
    'Password in LDAP client settings',
    'https://linux.die.net/man/5/sssd-ldap',
    { names: ['sssd.conf', 'ldap.conf', 'nslcd.conf', 'ldap.secret'] },
    `(?:ldap_default_authtok|bindpw|rootbindpw)(?:${IS}|[\\t ]{1,8})`,
  ],
  [
    'wireless-network-key',
    'Wi-Fi or VPN password in network settings',
    'https://w1.fi/cgit/hostap/plain/wpa_supplicant/wpa_supplicant.conf',
    {
      names: ['wpa_supplicant.conf', 'hostapd.conf'],
      extensions: ['nmconnection'],
      folders: ['system-connections'],
    },
    `(?:psk|wpa_passphrase|password|sae_password|wep[_-]key[0-3]|leap-password|(?:private-key|phase2-private-key|cert|proxy|http-proxy|gateway|ca-cert|client-cert|xauth|user|ipsec)-?_?(?:password|pass|psk|secret)|Xauth password|IPSec secret|pin|auth_server_shared_secret|acct_server_shared_secret|private_key_passwd)${IS}`,
  ],
];

/** The name of a variable in capitals; other secrets than passwords are not chosen by people. */
function isPassword(name = ''): boolean {
  return /(?:PASSWORD|PASSWD|PASSPHRASE|PASS|PWD)$/.test(name);
}

const remediation =
  'Change it in the system that accepts it, then remove it from this file or make the file readable only by its owner.';
const common: Pick<RuleDescription, 'severity' | 'remediation'> = { severity: 'high', remediation };

/** Those of the rows above whose files hold what belongs to any vendor. */
const manyVendors: ReadonlySet<string> = new Set(['gradle-properties', 'terraform-variables']);

/** As sure as the others; what knows the vendor by the name comes first all the same, for it says more. */
function ofAnyName(rule: Setting): Rule {
  const { validate = storedPassword } = rule;
  return setting({
    ...rule,
    confidence: 'medium',
    validate: (secret, context) => surely(validate(secret, context)),
  });
}

export const loginFileRules: readonly Rule[] = [
  ...rows.map(([id, title, source, files, line]) => {
    const of = manyVendors.has(id) ? ofAnyName : setting;
    return of({ ...common, id: `${id}-password`, title, source, files, line });
  }),
  ofAnyName({
    ...common,
    id: 'environment-file-password',
    title: 'Password or secret in an environment (.env) file',
    source: 'https://docs.docker.com/compose/how-tos/environment-variables/',
    files: {
      names: [
        '.env',
        '.env.local',
        '.env.production',
        '.env.development',
        '.env.staging',
        '.env.test',
        '.env.prod',
        '.env.dev',
        '.env.backup',
        '.env.bak',
        '.env.old',
        '.env.orig',
        '.env.save',
        '.env.live',
        '.env.qa',
        '.env.uat',
        '.env.sandbox',
        '.env.docker',
        '.env.production.local',
        '.env.development.local',
        '.env.staging.local',
        '.envrc',
      ],
      extensions: ['env'],
    },
    line: `(?:export[\\t ])?(?<name>[A-Z0-9_]{0,40}(?:PASSWORD|PASSWD|PASSPHRASE|PASS|PWD|SECRET|SECRET_KEY|SECRET_KEY_BASE|API_KEY|ACCESS_KEY|PRIVATE_KEY|ENCRYPTION_KEY|SIGNING_KEY|AUTH_KEY|JWT_KEY|MASTER_KEY|TOKEN|SALT))[\\t ]{0,4}=[\\t ]{0,4}`,
    validate: (secret, context) =>
      (isPassword(context.groups['name']) ? weakPassword(secret, context.path) : undefined) ??
      settingValue(secret, context),
  }),
  {
    ...common,
    id: 'netrc-password',
    title: 'Password in a .netrc file',
    source: 'https://www.gnu.org/software/inetutils/manual/html_node/The-_002enetrc-file.html',
    keywords: ['machine '],
    pattern:
      /(?<![^\s"'])machine \s{0,7}[A-Za-z0-9.-]{1,100}\s{1,16}(?:login|user)\s{1,8}[^\s]{1,100}\s{1,16}password\s{1,8}["']?(?<secret>[^\s"']{1,200})/,
    window: { before: 0, after: 480 },
    // Elsewhere than in such a file, it is somebody's example.
    validate: (secret, { path }) => {
      if (isAmongExamples(path)) return doubtful('in a test or example');
      return /netrc[^/]*$/.test(path) ? storedPassword(secret, { path }) : password(secret);
    },
  },
  {
    ...common,
    id: 'pgpass-password',
    title: 'Password in a .pgpass file',
    source: 'https://www.postgresql.org/docs/current/libpq-pgpass.html',
    files: { names: ['.pgpass', 'pgpass.conf', 'pgpass'] },
    keywords: [],
    pattern: /(?<![^\n])[^\s:#]{1,100}:(?:\d{1,5}|\*):[^\s:]{1,100}:[^\s:]{1,100}:(?<secret>[^\r\n]{1,128})/,
    window: { before: 0, after: 450 },
    validate: storedPassword,
  },
];
