/** Passwords and keys in the settings of web applications and frameworks, recognized by the names of these files. */
import type { Rule } from '../model/rule.ts';
import type { FileKind } from '../model/file-kind.ts';
import {
  IS,
  LAST_VALUE,
  QUOTED,
  VALUE,
  alone,
  element,
  line,
  member,
  storedRules,
} from '../authoring/settings.ts';
import { isDegenerate } from '../validators/opaque.ts';
import { inItsPlace, namedStoredPassword, storedPassword } from '../validators/stored-password.ts';
import { accepted, regraded, rejected } from '../model/verdict.ts';

/** A file and what editors and people make of it. */
const copies = (...names: readonly string[]): FileKind => ({
  names: names.flatMap((name) =>
    ['', '.bak', '.old', '.orig', '.save', '.swp', '.txt', '~', '_bak', '.backup'].map((end) => name + end),
  ),
});

/** `'name' => 'value'` of PHP. */
const entry = (names: string) => String.raw`["'](?:${names})["'][\t ]{0,40}=>[\t ]{0,8}${QUOTED}`;
/** `define('NAME', 'value')` of PHP. */
const defined = (names: string) =>
  String.raw`define\([\t ]{0,4}["'](?:${names})["'][\t ]{0,4},[\t ]{0,40}${QUOTED}`;
/** `$name = 'value'`, a property of a class or of an object included. */
const variable = (names: string) =>
  line(
    String.raw`(?:(?:public|var|protected|private|const)[\t ]{1,4})?\$?(?:${names})[\t ]{0,20}=[\t ]{0,8}`,
    QUOTED,
  );

/** What is drawn when an application is installed: long, and no sentence. */
const drawn: Rule['validate'] = (secret, { path }) =>
  secret.length < 16 ||
  isDegenerate(secret) ||
  /put your unique|change ?me|your[-_ ]|some[-_ ]?random|insert|unsecure/i.test(secret) ||
  /^(?:\$\{|\{\{|<%|%env\()/.test(secret)
    ? rejected
    : inItsPlace(accepted(), path);

const key = {
  severity: 'high',
  remediation:
    'Create a new key. This ends all sessions, and data encrypted with the old key can no longer be read.',
  validate: drawn,
} as const;

export const webApplicationRules: readonly Rule[] = storedRules([
  [
    'wordpress-database-password',
    'WordPress database password',
    'https://developer.wordpress.org/advanced-administration/wordpress/wp-config/',
    copies('wp-config.php'),
    defined('DB_PASSWORD|FTP_PASS|WP_REDIS_PASSWORD|SMTP_PASS(?:WORD)?'),
  ],
  [
    'wordpress-key',
    'WordPress authentication key or salt',
    'https://developer.wordpress.org/advanced-administration/wordpress/wp-config/#security-keys',
    copies('wp-config.php'),
    defined('(?:SECURE_AUTH|LOGGED_IN|AUTH|NONCE)_(?:KEY|SALT)'),
    { ...key, severity: 'medium' },
  ],
  [
    'drupal-database-password',
    'Drupal database password',
    'https://www.drupal.org/docs/7/api/database-api/database-configuration',
    copies('settings.php', 'settings.local.php'),
    entry('password|pass'),
  ],
  [
    'drupal-hash-salt',
    'Drupal hash salt',
    'https://www.drupal.org/docs/administering-a-drupal-site/security-in-drupal',
    copies('settings.php', 'settings.local.php'),
    line(String.raw`\$settings\[["']hash_salt["']\][\t ]{0,8}=[\t ]{0,8}`, QUOTED),
    { ...key, severity: 'medium' },
  ],
  [
    'joomla-password',
    'Joomla password or secret',
    'https://docs.joomla.org/J3.x:Global_configuration',
    copies('configuration.php'),
    variable('password|smtppass|ftp_pass|secret|redis_server_auth|session_redis_server_auth|proxy_pass'),
  ],
  [
    'magento-password',
    'Magento database password or encryption key',
    'https://experienceleague.adobe.com/en/docs/commerce-operations/configuration-guide/files/config-reference-envphp',
    copies('env.php'),
    entry('password|key|admin_password|smtp_password'),
  ],
  [
    'magento-1-password',
    'Magento 1 database password or encryption key',
    'https://experienceleague.adobe.com/en/docs/commerce',
    { names: ['local.xml', 'local.xml.bak'], path: /app\/etc\/local\.xml|(?:^|\/)local\.xml/ },
    element('password|key'),
  ],
  [
    'laravel-application-key',
    'Laravel application key',
    'https://laravel.com/docs/12.x/encryption#configuration',
    {
      extensions: ['env'],
      names: [
        '.env',
        '.env.local',
        '.env.production',
        '.env.prod',
        '.env.staging',
        '.env.development',
        '.env.dev',
        '.env.backup',
        '.env.bak',
        '.env.old',
        '.env.save',
        '.env.live',
        'app.php',
      ],
    },
    String.raw`(?:APP_KEY[\t ]{0,4}=[\t ]{0,4}|["']key["'] => ["'])["']?(?<secret>base64:[A-Za-z0-9+/]{22,43}={0,2})`,
    {
      ...key,
      severity: 'critical',
      remediation:
        'Create a new key with `php artisan key:generate`. Anyone who has this one may be able to run code on the server.',
    },
  ],
  [
    'symfony-parameter-secret',
    'Password or secret in Symfony parameters',
    'https://symfony.com/doc/current/configuration.html',
    copies('parameters.yml', 'parameters.yaml', 'parameters.ini', 'parameters.yml.prod'),
    line(
      String.raw`(?:[\w.]{0,40}(?:password|secret|api_key|token)|env\([A-Z_]{0,40}(?:PASSWORD|SECRET)\))["']?[\t ]{0,8}[=:][\t ]{0,8}`,
    ),
  ],
  [
    'prestashop-password',
    'PrestaShop database password or key',
    'https://devdocs.prestashop-project.org/8/development/configuration/',
    copies('settings.inc.php', 'parameters.php'),
    `(?:${defined('_DB_PASSWD_|_COOKIE_KEY_|_RIJNDAEL_KEY_|_NEW_COOKIE_KEY_')}|${entry('database_password|mailer_password|secret|cookie_key|new_cookie_key')})`,
  ],
  [
    'typo3-password',
    'TYPO3 password or encryption key',
    'https://docs.typo3.org/m/typo3/reference-coreapi/main/en-us/Configuration/Typo3ConfVars/Index.html',
    copies('localconfiguration.php', 'additionalconfiguration.php', 'additional.php', 'localconf.php'),
    `(?:${entry('password|encryptionKey|transport_smtp_password')}|${variable('typo_db_password')})`,
  ],
  [
    'mediawiki-password',
    'MediaWiki password or key',
    'https://www.mediawiki.org/wiki/Manual:LocalSettings.php',
    copies('localsettings.php'),
    variable('wgDBpassword|wgDBadminpassword|wgSecretKey|wgUpgradeKey'),
  ],
  [
    'phpmyadmin-password',
    'phpMyAdmin password or secret',
    'https://docs.phpmyadmin.net/en/latest/config.html',
    copies('config.inc.php', 'config-db.php', 'config.user.inc.php'),
    line(
      String.raw`\$(?:cfg(?:\[["']Servers["']\]\[\$i\])?\[["'](?:password|controlpass|blowfish_secret)["']\]|dbpass)[\t ]{0,8}=[\t ]{0,8}`,
      QUOTED,
    ),
  ],
  [
    'roundcube-key',
    'Roundcube key or password',
    'https://github.com/roundcube/roundcubemail/wiki/Configuration',
    copies('config.inc.php', 'defaults.inc.php', 'main.inc.php'),
    line(
      String.raw`\$(?:rc)?(?:mail_)?config\[["'](?:des_key|smtp_pass|ldap_pass|password_db_pass)["']\][\t ]{0,8}=[\t ]{0,8}`,
      QUOTED,
    ),
    {
      validate: (secret, context) =>
        /^%|rcmail-!24ByteDESkey/.test(secret) ? rejected : storedPassword(secret, context),
    },
  ],
  [
    'nextcloud-password',
    'Nextcloud or ownCloud password or secret',
    'https://docs.nextcloud.com/server/latest/admin_manual/configuration_server/config_sample_php_parameters.html',
    copies('config.php'),
    entry('dbpassword|passwordsalt|secret|mail_smtppassword|adminpass'),
  ],
  [
    'php-application-password',
    'Database password of a PHP application',
    'https://docs.moodle.org/en/Configuration_file',
    copies(
      'config.php',
      'conf.php',
      'db.php',
      'database.php',
      'connect.php',
      'connection.php',
      'config.inc.php',
      'zabbix.conf.php',
      'db_connect.php',
      'dbconfig.php',
      'sites.php',
    ),
    line(
      String.raw`(?:(?:public|var|private|protected|static|const)[\t ]{1,4}){0,2}(?:\$(?:CFG->|(?:config|conf|cfg|CFG|DB|db|database|settings|INFO)\[["'])?(?:db_?|mysql_?|database_?|sql_?|user_?)?(?:pass|passwd|password|pwd|PASSWORD)(?:["']\])?[\t ]{0,8}=[\t ]{0,8}|["'](?:db_?|database_?)?(?:password|passwd|pass)["'][\t ]{0,20}=>[\t ]{0,8}|define\([\t ]{0,4}["'][A-Z_]{0,20}(?:PASSWORD|PASSWD|PASS)["'][\t ]{0,4},[\t ]{0,8})`,
      QUOTED,
    ),
    {
      confidence: 'medium',
      // Rules of a form, and what stands beside its fields.
      validate: (secret, context) =>
        /[|:\s]/.test(secret) ? rejected : namedStoredPassword(secret, context),
    },
  ],
  [
    'vbulletin-password',
    'Forum database password (vBulletin and others)',
    'https://www.phpbb.com/support/docs/en/3.3/ug/quickstart/',
    copies('config.php', 'conf_global.php'),
    line(
      String.raw`\$(?:dbpasswd|config\[["']MasterServer["']\]\[["']password["']\]|INFO\[["']sql_pass["']\]|config\["database"\]\["password"\])[\t ]{0,8}=[\t ]{0,8}`,
      QUOTED,
    ),
  ],
  [
    'django-secret-key',
    'Django secret key',
    'https://docs.djangoproject.com/en/stable/ref/settings/#secret-key',
    {
      names: [
        'settings.py',
        'local_settings.py',
        'settings_local.py',
        'production.py',
        'prod.py',
        'base.py',
        'development.py',
        'local.py',
        'dev.py',
        'staging.py',
        'secrets.py',
      ],
    },
    line(String.raw`SECRET_KEY[\t ]{0,8}(?::[\t ]{0,2}str[\t ]{0,2})?=[\t ]{0,8}[rb]?`, QUOTED),
    {
      ...key,
      needs: ['SECRET_KEY'],
      validate: (secret, context) =>
        secret.startsWith('django-insecure-')
          ? regraded('medium', 'development value')
          : drawn(secret, context),
    },
  ],
  [
    'django-password',
    'Password in Django settings',
    'https://docs.djangoproject.com/en/stable/ref/settings/#databases',
    {
      names: [
        'settings.py',
        'local_settings.py',
        'settings_local.py',
        'production.py',
        'prod.py',
        'base.py',
        'development.py',
        'local.py',
        'dev.py',
        'staging.py',
        'secrets.py',
      ],
    },
    String.raw`(?:["']PASSWORD["'][\t ]{0,4}:[\t ]{0,8}|(?<![^\n])[\t ]{0,8}(?:EMAIL_HOST_PASSWORD|[A-Z_]{0,40}_PASSWORD|[A-Z_]{0,40}_SECRET)[\t ]{0,4}=[\t ]{0,8})${QUOTED}`,
    { validate: namedStoredPassword, needs: ['PASSWORD', '_SECRET'] },
  ],
  [
    'flask-secret-key',
    'Flask or Superset secret key',
    'https://flask.palletsprojects.com/en/stable/config/#SECRET_KEY',
    {
      names: [
        'config.py',
        'superset_config.py',
        'app.py',
        'wsgi.py',
        '__init__.py',
        'instance.py',
        'webserver_config.py',
      ],
    },
    line(
      String.raw`(?:app\.secret_key|app\.config\[["']SECRET_KEY["']\]|SECRET_KEY|JWT_SECRET_KEY|SECURITY_PASSWORD_SALT|PREVIOUS_SECRET_KEY)[\t ]{0,8}=[\t ]{0,8}[rb]?`,
      QUOTED,
    ),
    { ...key, confidence: 'medium', needs: ['SECRET_KEY', 'secret_key', 'PASSWORD_SALT'] },
  ],
  [
    'rails-secret-key-base',
    'Rails secret key base',
    'https://guides.rubyonrails.org/security.html#session-storage',
    {
      names: [
        'secrets.yml',
        'secret_token.rb',
        'secrets.yaml',
        'session_store.rb',
        'devise.rb',
        'application.rb',
        'production.rb',
      ],
    },
    line(
      String.raw`(?:secret_key_base|secret_token|(?:[\w:]{1,40}\.)?config\.(?:secret_token|secret_key_base|secret_key|pepper)|config\.(?:secret_key|pepper))[\t ]{0,8}[:=][\t ]{0,8}["']?`,
      '(?<secret>[0-9a-f]{30,256})(?![0-9A-Za-z])',
    ),
    { ...key, severity: 'critical' },
  ],
  [
    'rails-master-key',
    'Rails master key',
    'https://guides.rubyonrails.org/security.html#custom-credentials',
    {
      names: ['master.key'],
      extensions: ['key'],
      path: /\/(?:config\/)?master\.key$|^master\.key$|config\/credentials\/[a-z_]+\.key$/,
    },
    alone('[0-9a-f]{32}'),
    {
      ...key,
      severity: 'critical',
      remediation:
        'Create a new master key with `rails credentials:edit`, and change every credential that the old one protected.',
    },
  ],
  [
    'rails-yaml-secret',
    'Password or token in the secrets file of a Ruby application',
    'https://guides.rubyonrails.org/security.html#custom-credentials',
    {
      names: ['secrets.yml', 'gitlab.yml', 'sidekiq.yml', 'shakapacker.yml'],
      path: /(?:^|\/)config\/[a-z]+\.yml$|^[a-z]+\.yml$/,
    },
    line(String.raw`[\w-]{0,60}(?:password|secret|api_key|access_key|token):[\t ]{1,8}`, LAST_VALUE),
    { confidence: 'medium', validate: namedStoredPassword },
  ],
  [
    'jenkins-initial-password',
    'Jenkins initial administrator password',
    'https://www.jenkins.io/doc/book/installing/linux/#unlocking-jenkins',
    { names: ['initialadminpassword'] },
    alone('[0-9a-f]{32}'),
    {
      severity: 'critical',
      validate: drawn,
      remediation: 'Change the administrator password in Jenkins, then delete the file.',
    },
  ],
  [
    'jenkins-master-key',
    'Jenkins master key',
    'https://www.jenkins.io/doc/developer/security/secrets/',
    { names: ['master.key'], path: /secrets\/master\.key$|^master\.key$/ },
    alone('[0-9a-f]{256}'),
    {
      ...key,
      severity: 'critical',
      remediation:
        'Restrict the file to the Jenkins service, in backups too. Together with `hudson.util.Secret`, it decrypts all credentials of Jenkins.',
    },
  ],
  [
    'jenkins-secret',
    'Jenkins credential (encrypted)',
    'https://www.jenkins.io/doc/developer/security/secrets/',
    {
      names: ['credentials.xml', 'config.xml', 'hudson.tasks.mailer.xml'],
      extensions: ['xml'],
      path: /(?:jenkins|hudson|credentials|config)[^/]*(?:\/.*)?\.xml$/,
    },
    String.raw`<(?:password|passphrase|secret|apiToken|privateKey|secretBytes|bindPassword|managerPasswordSecret|authPassword|smtpAuthPasswordSecret)>\s{0,8}\{(?<secret>AQAAABAAAA[A-Za-z0-9+/]{20,4000}={0,2})\}`,
    { severity: 'medium', validate: () => accepted('encrypted with a key stored next to it') },
  ],
  [
    'nexus-initial-password',
    'Nexus Repository initial administrator password',
    'https://help.sonatype.com/en/post-install-checklist.html',
    { names: ['admin.password'] },
    alone('[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}'),
    { severity: 'critical' },
  ],
  [
    'gitea-secret',
    'Gitea or Forgejo secret or password',
    'https://docs.gitea.com/administration/config-cheat-sheet',
    { names: ['app.ini'] },
    line(
      `(?:PASSWD|SECRET_KEY|INTERNAL_TOKEN|JWT_SECRET|LFS_JWT_SECRET|MINIO_SECRET_ACCESS_KEY)${IS}`,
      `(?:\`(?<secret>[^\`\\r\\n]{1,128})\`|(?!\`)${VALUE})`,
    ),
  ],
  [
    'gitlab-configuration-password',
    'Password in GitLab configuration',
    'https://docs.gitlab.com/omnibus/settings/configuration.html',
    { names: ['gitlab.rb'] },
    line(
      String.raw`\w{1,40}\[["'][\w]{0,60}(?:password|secret|token|db_key_base|_key_base)["']\][\t ]{0,4}=[\t ]{0,4}`,
      QUOTED,
    ),
  ],
  [
    'gitlab-secrets-file',
    'GitLab database encryption keys',
    'https://docs.gitlab.com/administration/backup_restore/',
    { names: ['gitlab-secrets.json'] },
    member('[a-z0-9_]{0,60}(?:key_base|secret_token|secret|password|encrypted_settings_key_base|secret_key)'),
    { ...key, severity: 'critical' },
  ],
  [
    'airflow-secret',
    'Airflow key or password',
    'https://airflow.apache.org/docs/apache-airflow/stable/configurations-ref.html',
    { names: ['airflow.cfg'] },
    line(`(?:fernet_key|secret_key|smtp_password|bind_password|flower_basic_auth|password|jwt_secret)${IS}`),
  ],
  [
    'keycloak-configuration-password',
    'Password in Keycloak configuration',
    'https://www.keycloak.org/server/all-config',
    { names: ['keycloak.conf'] },
    line(
      `(?:db-password|https-key-store-password|https-trust-store-password|bootstrap-admin-password|bootstrap-admin-client-secret|spi-[\\w-]{1,80}(?:password|secret))${IS}`,
    ),
  ],
  [
    'phoenix-secret-key-base',
    'Phoenix secret key base',
    'https://hexdocs.pm/phoenix/deployment.html',
    { names: ['prod.secret.exs', 'runtime.exs', 'prod.exs', 'dev.secret.exs'] },
    String.raw`(?:secret_key_base:|password:|signing_salt:)[\t ]{1,4}"(?<secret>[^"\r\n#]{1,128})"`,
  ],
  [
    'node-configuration-secret',
    'Password or secret in Node.js application settings',
    'https://github.com/node-config/node-config/wiki/Configuration-Files',
    {
      names: [
        'default.json',
        'production.json',
        'development.json',
        'local.json',
        'staging.json',
        'local-production.json',
        'settings.json',
      ],
      path: /(?:^|\/)(?:config\/[a-z-]+\.json|settings\.json)$/,
    },
    member(
      '(?:[A-Za-z_]{0,40}(?:[pP]assword|[sS]ecret|[sS]ecretKey|[aA]piKey|[aA]uthToken)|pass|passphrase)',
    ),
    { confidence: 'medium', validate: namedStoredPassword },
  ],
  [
    'dotnet-appsettings-secret',
    'Password or secret in ASP.NET Core settings',
    'https://learn.microsoft.com/en-us/aspnet/core/fundamentals/configuration/',
    {
      names: [
        'appsettings.json',
        'secrets.json',
        'appsettings.production.json',
        'appsettings.development.json',
        'appsettings.local.json',
        'appsettings.staging.json',
        'local.settings.json',
      ],
    },
    member(
      '[A-Za-z0-9_:.-]{0,80}(?:[pP]assword|[pP]wd|[sS]ecret|[sS]ecretKey|[aA]pi[kK]ey|[aA]ccessKey|[tT]oken|[sS]igningKey|[jJ]wtKey)',
    ),
    { confidence: 'medium', validate: namedStoredPassword },
  ],
]);
