/**
 * Passwords stored by database clients: in plain text, or encrypted with keys that every copy of the program
 * contains.
 */
import type { Rule } from '../model/rule.ts';
import { IS, LINE, attribute, element, line, member, storedRules } from '../authoring/settings.ts';
import { heidiSqlPassword, navicatPassword, sqlDeveloperPassword } from '../validators/obfuscated.ts';
import { accepted, regraded } from '../model/verdict.ts';

export const databaseClientRules: readonly Rule[] = storedRules([
  [
    'heidisql-password',
    'HeidiSQL session password',
    'https://www.heidisql.com/help.php#portable',
    { names: ['portable_settings.txt', 'heidisql.txt', 'heidisql_settings.txt'] },
    line(
      String.raw`Servers\\[^<>\r\n]{1,200}\\Password<\|{3}>1<\|{3}>`,
      '(?<secret>(?:[0-9A-Fa-f]{2}){1,100}[0-9])(?![0-9A-Za-z])',
    ),
    { validate: heidiSqlPassword },
  ],
  [
    'navicat-password',
    'Password in exported Navicat connections',
    'https://helpcenter.navicat.com/help/en/navicat_export_connections.html',
    { extensions: ['ncx'] },
    String.raw`\s(?:SSH_|HTTP_)?Password="(?<secret>(?:[0-9A-F]{2}){8,512})"`,
    { validate: navicatPassword },
  ],
  [
    'sql-developer-password',
    'Oracle SQL Developer connection password',
    'https://docs.oracle.com/en/database/oracle/sql-developer/',
    {
      names: ['connections.xml'],
      extensions: ['xml'],
      path: /sql[^/]*developer|jdeveloper|connections[^/]*\.xml$/,
    },
    String.raw`addrType="password">\s{0,80}<Contents>(?<secret>05[0-9A-F]{32,400}|[A-Za-z0-9+/]{16,400}={0,2})<\/Contents>`,
    {
      validate: (secret) =>
        /^05[0-9A-F]+$/.test(secret) ? sqlDeveloperPassword(secret) : regraded('medium', 'encrypted'),
    },
  ],
  [
    'sql-developer-json-password',
    'Oracle SQL Developer connection password in JSON',
    'https://docs.oracle.com/en/database/oracle/sql-developer/',
    { names: ['connections.json'], path: /sqldeveloper|db\.connection/ },
    member('password'),
    { severity: 'medium', validate: () => accepted('encrypted') },
  ],
  [
    'robo-3t-password',
    'Robo 3T or Studio 3T connection password',
    'https://github.com/Studio3T/robomongo/wiki',
    { names: ['robo3t.json', 'robomongo.json'] },
    member('userPassword|sshUserPassword|sshPassphrase|pemPassPhrase|passphrase'),
  ],
  [
    'robo-3t-encrypted-password',
    'Robo 3T connection password (encrypted)',
    'https://github.com/Studio3T/robomongo/wiki',
    { names: ['robo3t.json', 'robomongo.json'] },
    member('(?:userPassword|sshUserPassword|sshPassphrase|pemPassPhrase)Encrypted'),
    { severity: 'medium', validate: () => accepted('encrypted with a key in a file next to it') },
  ],
  [
    'squirrel-sql-password',
    'SQuirreL SQL alias password',
    'https://squirrel-sql.sourceforge.io/user-manual/quick_start.html',
    { names: ['sqlaliases23.xml', 'sqlaliases.xml', 'sqlaliases23_treestructure.xml'] },
    element('password'),
  ],
  [
    'dbvisualizer-password',
    'DbVisualizer connection password',
    'https://confluence.dbvis.com/display/UG/Setting+Up+a+Connection+Manually',
    { names: ['dbvis.xml'] },
    element('Password'),
    { validate: () => accepted("encrypted with the product's built-in key") },
  ],
  [
    'redis-client-password',
    'Redis password in RDM or Redis Insight settings',
    'https://docs.rdm.dev/',
    { names: ['connections.json'], path: /(?:\.|\/)(?:rdm|redisdesktop[^/]*|resp[^/]*)\// },
    member('auth|ssh_password'),
  ],
  [
    'dbeaver-project-password',
    'DBeaver connection password',
    'https://dbeaver.com/docs/dbeaver/Project-security/',
    { names: ['data-sources.json', 'credentials-config.json', 'data-sources-2.json'] },
    member('password'),
  ],
  [
    'postgres-service-password',
    'Password in a PostgreSQL connection service file',
    'https://www.postgresql.org/docs/current/libpq-pgservice.html',
    { names: ['.pg_service.conf', 'pg_service.conf'] },
    line('password[\\t ]{0,4}=[\\t ]{0,4}'),
  ],
  [
    'pgbouncer-user-password',
    'PgBouncer user password',
    'https://www.pgbouncer.org/config.html#authentication-file-format',
    { names: ['userlist.txt'] },
    `${LINE}"[^"\\r\\n]{1,64}"[\\t ]{1,8}"(?<secret>[^"\\r\\n]{1,128})"`,
  ],
  [
    'cassandra-shell-password',
    'Cassandra user password',
    'https://cassandra.apache.org/doc/stable/cassandra/managing/tools/cqlsh.html',
    { names: ['cqlshrc', '.cqlshrc', 'credentials'], path: /cqlshrc$|\.cassandra\/credentials$/ },
    line(`password${IS}`),
  ],
  [
    'usql-password',
    'Password in a usql file',
    'https://github.com/xo/usql#passwords',
    { names: ['.usqlpass', '_usqlpass'] },
    `${LINE}(?:[^\\s#:]{1,60}:){4}[^\\s:]{1,60}:(?<secret>[^\\r\\n]{1,128})(?![^\\r\\n])`,
  ],
  [
    'influxdb-client-token',
    'Token in InfluxDB client settings',
    'https://docs.influxdata.com/influxdb/v2/reference/cli/influx/config/',
    { names: ['configs'], path: /influxdbv2\/configs$/ },
    line(`token${IS}`),
  ],
  [
    'database-migration-password',
    'Password in Flyway or Liquibase settings',
    'https://documentation.red-gate.com/fd/flyway-password-setting-277579004.html',
    {
      names: [
        'flyway.conf',
        'flyway.toml',
        'flyway.user.toml',
        'liquibase.properties',
        'liquibase.docker.properties',
      ],
    },
    line(`(?:flyway\\.|liquibase\\.command\\.|reference|changelog)?[Pp]assword${IS}`),
  ],
  [
    'rails-database-password',
    'Database password of a Ruby application',
    'https://guides.rubyonrails.org/configuring.html#configuring-a-database',
    { names: ['database.yml', 'database.yaml', 'mongoid.yml', 'cable.yml'] },
    line('password:[\\t ]{1,8}'),
  ],
  [
    'hibernate-password',
    'Hibernate or JPA database password',
    'https://docs.jboss.org/hibernate/orm/current/userguide/html_single/Hibernate_User_Guide.html#settings-database',
    { names: ['hibernate.cfg.xml', 'persistence.xml'], extensions: ['hbm'] },
    String.raw`<property\s{1,8}name="(?:hibernate\.|javax\.persistence\.jdbc\.|jakarta\.persistence\.jdbc\.)?(?:connection\.)?password"(?:\s{1,8}value="(?<secret>[^"<>]{1,128})"|\s{0,4}>\s{0,40}(?<secret>[^<>\s][^<>\r\n]{0,127})<)`,
  ],
  [
    'datasource-file-password',
    'Data source password in JSON',
    'https://typeorm.io/docs/data-source/data-source-options',
    {
      names: ['ormconfig.json', 'config.json', 'database.json', 'db.json', 'datasources.json'],
      path: /ormconfig\.json$|config\/config\.json$|\/(?:database|db|datasources)\.json$|^(?:database|db|datasources)\.json$/,
    },
    member('password'),
    { confidence: 'medium' },
  ],
  [
    'data-link-password',
    'Password in a data link or Office connection file',
    'https://learn.microsoft.com/en-us/sql/connect/oledb/help-topics/data-link-pages',
    { extensions: ['udl', 'odc', 'rds', 'dtsconfig'] },
    String.raw`(?i:password|pwd)[\t ]{0,4}=[\t ]{0,4}(?<secret>[^\s;"'<>&]{1,128})`,
  ],
  [
    'dbeaver-legacy-password',
    'DBeaver connection password (old format)',
    'https://dbeaver.com/docs/dbeaver/Admin-Manage-Connections/',
    { names: ['.dbeaver-data-sources.xml', 'data-sources.xml'] },
    attribute('password'),
    { validate: () => accepted("encoded with the product's built-in key") },
  ],
]);
