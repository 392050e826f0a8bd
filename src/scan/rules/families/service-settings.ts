/** Passwords in the configuration of servers and daemons: Java's application servers, databases, queues, search, monitoring. */
import type { Rule } from '../model/rule.ts';
import { IS, LAST_VALUE, attribute, element, line, member, storedRules } from '../authoring/settings.ts';
import { webSpherePassword } from '../validators/obfuscated.ts';
import { storedPassword } from '../validators/stored-password.ts';
import { accepted, sample, regraded, rejected } from '../model/verdict.ts';

/** What these products are shipped with. */
const shipped =
  /^(?:changeit|changeme|guest|zabbix|nagios|cassandra|zookeeper|secret|s3cret|tomcat|kafka|client-secret|elastic|must-be-changed|<must-be-changed>)$/;
const unlessShipped: Rule['validate'] = (secret, context) => {
  if (/must-be-changed/.test(secret)) return rejected;
  return shipped.test(secret) ? sample('well-known default') : storedPassword(secret, context);
};
const checked = { validate: unlessShipped } as const;
const standalone = [
  'standalone.xml',
  'standalone-full.xml',
  'standalone-ha.xml',
  'standalone-full-ha.xml',
  'domain.xml',
  'host.xml',
  'host-master.xml',
  'host-slave.xml',
  'jboss-cli.xml',
  'login-config.xml',
  'wildfly-config.xml',
];

export const serviceSettingRules: readonly Rule[] = storedRules([
  [
    'tomcat-user-password',
    'Tomcat user password',
    'https://tomcat.apache.org/tomcat-10.1-doc/realm-howto.html#UserDatabaseRealm',
    { names: ['tomcat-users.xml'] },
    attribute('password'),
    checked,
  ],
  [
    'tomcat-server-password',
    'Password in Tomcat or Liberty configuration',
    'https://tomcat.apache.org/tomcat-10.1-doc/config/http.html',
    {
      names: ['server.xml', 'context.xml', 'jetty.xml', 'jetty-env.xml'],
      extensions: ['xml'],
      path: /(?:^|\/)(?:server|context|jetty|jetty-env)\.xml$|conf\/catalina\/[^/]+\/[^/]+\.xml$/,
    },
    attribute(
      '(?:[a-zA-Z]{0,24}[kK]eystoreP|[a-zA-Z]{0,24}[tT]ruststoreP|certificateKeyP|connectionP|keyP|p)ass(?:word)?',
    ),
    checked,
  ],
  [
    'websphere-encoded-password',
    'WebSphere password (encoded)',
    'https://www.ibm.com/docs/en/was-nd/9.0.5?topic=passwords-password-encoding-encryption',
    {
      names: [
        'security.xml',
        'server.xml',
        'resources.xml',
        'variables.xml',
        'bootstrap.properties',
        'server.env',
        'soap.client.props',
        'sas.client.props',
        'ssl.client.props',
        'ipc.client.props',
        'jvm.options',
        'ibm-web-bnd.xml',
        'key.properties',
      ],
    },
    String.raw`\{xor\}(?<secret>[A-Za-z0-9+/]{4,400}={0,2})`,
    { validate: webSpherePassword },
  ],
  [
    'wildfly-password',
    'Password in WildFly or JBoss configuration',
    'https://docs.wildfly.org/35/Admin_Guide.html#DataSource',
    {
      names: standalone,
      extensions: ['xml'],
      path: /(?:standalone|domain|host|jboss-cli|login-config|wildfly-config)[a-z-]*\.xml$|-ds\.xml$/,
    },
    `(?:${element('password|cluster-password')}|${attribute('(?:clear-text|password|keystore-password|key-password|connection-password|search-credential|alias-password)')})`,
    checked,
  ],
  [
    'wildfly-module-password',
    'JBoss login module password',
    'https://docs.jboss.org/author/display/WFLY/',
    { names: standalone },
    String.raw`<module-option\s{1,8}name="(?:password|bindCredential|[A-Za-z]{0,40}Password)"(?:\s{1,8}value="(?<secret>[^"<>]{1,128})"|\s{0,4}>(?<secret>[^<>\r\n]{1,128})<)`,
    checked,
  ],
  [
    'wildfly-user-hash',
    'WildFly user password hash',
    'https://docs.wildfly.org/35/Admin_Guide.html#add-user-utility',
    { names: ['mgmt-users.properties', 'application-users.properties'] },
    line(String.raw`[\w.@$-]{1,64}=`, String.raw`(?<secret>[0-9a-f]{32})(?!\S)`),
    { severity: 'medium', validate: () => accepted('hash that works like a password') },
  ],
  [
    'weblogic-password',
    'WebLogic domain password',
    'https://docs.oracle.com/en/middleware/fusion-middleware/weblogic-server/14.1.2/start/overview.html',
    {
      names: ['boot.properties', 'config.xml', 'nm_password.properties'],
      path: /boot\.properties$|domains?\/.*config\.xml$|nm_password\.properties$/,
    },
    String.raw`(?:(?<![^\n])(?:password|hashed)=(?<secret>[^\r\n{][^\r\n]{0,127})|<(?:credential-encrypted|password-encrypted|node-manager-password-encrypted)>(?<secret>\{(?:AES|3DES|AES256)\}[A-Za-z0-9+/=]{8,400})<)`,
    {
      validate: (secret, context) =>
        secret.startsWith('{')
          ? regraded('medium', 'encrypted with a key stored next to it')
          : storedPassword(secret, context),
    },
  ],
  [
    'spring-property-password',
    'Password or secret in Spring configuration',
    'https://docs.spring.io/spring-boot/reference/features/external-config.html',
    {
      extensions: ['properties', 'yml', 'yaml'],
      path: /(?:^|\/)(?:application|bootstrap)(?:-[\w-]{1,40})?\.(?:properties|ya?ml)$/,
    },
    line(
      String.raw`[\w.[\]-]{0,100}(?:password|passwd|passphrase|secret|client-?secret|secret-?key|api-?key|access-?token|signing-?key)(?:${IS})`,
      LAST_VALUE,
    ),
    { confidence: 'medium' },
  ],
  [
    'java-properties-password',
    'Password in a Java properties file',
    'https://docs.oracle.com/javase/8/docs/api/java/util/Properties.html',
    {
      names: [
        'jdbc.properties',
        'db.properties',
        'database.properties',
        'config.properties',
        'hibernate.properties',
        'mail.properties',
        'connection.properties',
        'persistence.properties',
        'log4j.properties',
        'sonar.properties',
        'sonar-project.properties',
        'jndi.properties',
        'quartz.properties',
        'datasource.properties',
        'credentials.properties',
        'local.properties',
        'secrets.properties',
        'users.properties',
        'jmxremote.password',
        'build.properties',
        'ant.properties',
      ],
    },
    line(String.raw`[\w.-]{0,100}(?i:password|passwd|passphrase|pwd|secret)(?:${IS})`, LAST_VALUE),
  ],
  [
    'jmx-password',
    'Java management (JMX) user password',
    'https://docs.oracle.com/en/java/javase/21/management/monitoring-and-management-using-jmx-technology.html',
    { names: ['jmxremote.password', 'jmx.password', '.jmxpasswd'] },
    line(
      String.raw`(?:monitorRole|controlRole|[\w-]{2,40})[\t ]{1,20}`,
      String.raw`(?<secret>[^\s#]{1,128})(?![^\r\n])`,
    ),
    {
      validate: (secret, context) =>
        /^(?:QED|R&D)$/.test(secret) ? sample('well-known default') : storedPassword(secret, context),
    },
  ],
  [
    'kafka-password',
    'Password in Kafka configuration',
    'https://kafka.apache.org/documentation/#security_ssl',
    {
      names: [
        'server.properties',
        'client.properties',
        'producer.properties',
        'consumer.properties',
        'connect-distributed.properties',
        'connect-standalone.properties',
        'admin.properties',
        'kraft.properties',
        'schema-registry.properties',
        'zookeeper.properties',
      ],
    },
    line(
      `[\\w.]{0,80}(?:ssl\\.(?:keystore|truststore|key)\\.password|sasl\\.password|basic\\.auth\\.user\\.info=[^:\\s]{1,80}:)(?:${IS}|(?<=:))`,
    ),
    checked,
  ],
  [
    'jaas-password',
    'Password in a JAAS configuration',
    'https://docs.oracle.com/en/java/javase/21/security/jaas-reference-guide.html',
    {
      names: [
        'jaas.conf',
        'kafka_server_jaas.conf',
        'kafka_client_jaas.conf',
        'zookeeper_jaas.conf',
        'kafka_jaas.conf',
        'login.config',
        'jaas.config',
      ],
    },
    String.raw`(?<![A-Za-z-])(?:password|user_\w{1,60}|keyStorePassword|credential)[\t ]{0,4}=[\t ]{0,4}"(?<secret>[^"\r\n]{1,128})"`,
    checked,
  ],
  [
    'elasticsearch-setting-password',
    'Password in Elastic configuration',
    'https://www.elastic.co/guide/en/kibana/current/settings.html',
    {
      names: [
        'elasticsearch.yml',
        'kibana.yml',
        'logstash.yml',
        'filebeat.yml',
        'metricbeat.yml',
        'auditbeat.yml',
        'packetbeat.yml',
        'heartbeat.yml',
        'winlogbeat.yml',
        'apm-server.yml',
        'opensearch.yml',
        'opensearch_dashboards.yml',
        'elastic-agent.yml',
      ],
    },
    line(
      String.raw`(?:-[\t ])?[\w.]{0,80}(?:password|passphrase|secret_token|encryptionKey|api_key|service_token):[\t ]{1,8}`,
    ),
    checked,
  ],
  [
    'logstash-pipeline-password',
    'Password in a Logstash or Fluentd pipeline',
    'https://www.elastic.co/guide/en/logstash/current/plugins-outputs-elasticsearch.html',
    { extensions: ['conf'], names: ['td-agent.conf', 'fluent.conf'] },
    line(
      String.raw`(?:jdbc_)?(?:password|api_key|secret_access_key|truststore_password|keystore_password)[\t ]{1,8}(?:=>[\t ]{0,8})`,
    ),
    { ...checked, needs: ['password', 'api_key', 'secret_access_key'] },
  ],
  [
    'fluentd-password',
    'Password in Fluentd configuration',
    'https://docs.fluentd.org/configuration/config-file',
    { names: ['td-agent.conf', 'fluent.conf', 'fluentd.conf', 'fluent-bit.conf'] },
    line(String.raw`(?i:password|passwd|http_passwd|aws_sec_key|shared_key)[\t ]{1,20}`),
  ],
  [
    'rabbitmq-configuration-password',
    'Password in RabbitMQ configuration',
    'https://www.rabbitmq.com/docs/configure',
    { names: ['rabbitmq.conf', 'rabbitmq.config', 'advanced.config'] },
    String.raw`(?:(?<![^\n])[\t ]{0,8}(?:default_pass|auth_ldap\.dn_lookup_bind\.password|ssl_options\.password|management\.ssl\.password)[\t ]{0,8}=[\t ]{0,8}(?<secret>[^\s#]{1,128})|\{(?:default_pass|password),[\t ]{0,4}(?:<<)?"(?<secret>[^"\r\n]{1,128})")`,
    checked,
  ],
  [
    'redis-acl-password',
    'Redis user password',
    'https://redis.io/docs/latest/operate/oss_and_stack/management/security/acl/',
    { names: ['users.acl', 'redis.conf', 'valkey.conf'] },
    line(String.raw`user[\t ]{1,4}\S{1,64}[\t ][^\r\n>]{0,200}>`, String.raw`(?<secret>\S{1,128})(?!\S)`),
  ],
  [
    'valkey-password',
    'Valkey, KeyDB or Dragonfly password',
    'https://valkey.io/topics/security/',
    { names: ['valkey.conf', 'keydb.conf', 'valkey-sentinel.conf', 'redis-sentinel.conf'] },
    line(String.raw`(?:requirepass|masterauth|primaryauth|sentinel auth-pass \S{1,40})[\t ]{1,8}`),
  ],
  [
    'zabbix-database-password',
    'Zabbix database password',
    'https://www.zabbix.com/documentation/current/en/manual/appendix/config/zabbix_server',
    { names: ['zabbix_server.conf', 'zabbix_proxy.conf', 'zabbix_agentd.conf'] },
    line('(?:DBPassword|VaultToken|TLSPSK|DBTLSKeyPassword)='),
    checked,
  ],
  [
    'nagios-resource-password',
    'Password in Nagios or Icinga macros',
    'https://assets.nagios.com/downloads/nagioscore/docs/nagioscore/4/en/macros.html',
    { names: ['resource.cfg', 'private.cfg'] },
    line(
      String.raw`\$USER\d{1,3}\$[\t ]{0,4}=[\t ]{0,4}`,
      String.raw`(?<secret>[^\s/][^\s]{2,128})(?![^\r\n])`,
    ),
    { confidence: 'medium' },
  ],
  [
    'icinga-password',
    'Icinga API user or database password',
    'https://icinga.com/docs/icinga-2/latest/doc/09-object-types/#apiuser',
    {
      names: ['api-users.conf', 'ido-mysql.conf', 'ido-pgsql.conf', 'icingadb.conf', 'resources.ini'],
      path: /icinga/,
    },
    line(String.raw`password[\t ]{0,8}=[\t ]{0,8}`),
  ],
  [
    'prometheus-password',
    'Password or token in Prometheus or Alertmanager configuration',
    'https://prometheus.io/docs/alerting/latest/configuration/',
    {
      names: [
        'prometheus.yml',
        'prometheus.yaml',
        'alertmanager.yml',
        'alertmanager.yaml',
        'blackbox.yml',
        'loki.yaml',
        'promtail.yaml',
        'snmp.yml',
      ],
    },
    line(
      String.raw`(?:-[\t ])?(?:password|smtp_auth_password|auth_password|bearer_token|client_secret|credentials|service_key|routing_key|api_key|victorops_api_key|opsgenie_api_key|smtp_auth_secret|token):[\t ]{1,8}`,
    ),
  ],
  [
    'telegraf-password',
    'Password or token in Telegraf configuration',
    'https://docs.influxdata.com/telegraf/v1/configuration/',
    {
      names: ['telegraf.conf', 'influxdb.conf', 'kapacitor.conf', 'chronograf.conf', 'collectd.conf'],
      extensions: ['conf'],
      path: /telegraf|influxdb|kapacitor|collectd/,
    },
    line(
      String.raw`(?:token|password|Password|auth_token|secret_key|shared-secret)(?:[\t ]{0,8}=[\t ]{0,8}|[\t ]{1,8}(?="))`,
    ),
  ],
  [
    'cassandra-store-password',
    'Keystore password in Cassandra configuration',
    'https://cassandra.apache.org/doc/stable/cassandra/managing/operating/security.html',
    { names: ['cassandra.yaml'] },
    line(String.raw`(?:keystore_password|truststore_password|key_password):[\t ]{1,8}`),
    { ...checked, severity: 'medium' },
  ],
  [
    'consul-configuration-key',
    'Gossip key or token in Consul or Nomad configuration',
    'https://developer.hashicorp.com/consul/docs/agent/config/config-files',
    {
      names: [
        'consul.hcl',
        'consul.json',
        'nomad.hcl',
        'serf.json',
        'config.json',
        'encrypt.json',
        'acl.hcl',
        'acl.json',
      ],
      extensions: ['hcl', 'json'],
      path: /consul|nomad|serf/,
    },
    String.raw`(?<![A-Za-z_])"?(?:encrypt|master|initial_management|agent_recovery|agent|default|replication|token)"?\s{0,8}[=:]\s{0,8}"(?<secret>[A-Za-z0-9+/]{22,44}={0,2}|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})"`,
  ],
  [
    'minio-configuration-password',
    'MinIO root password',
    'https://min.io/docs/minio/linux/reference/minio-server/settings/root-credentials.html',
    {
      names: ['minio', 'minio.env', 'config.json'],
      path: /default\/minio$|sysconfig\/minio$|minio\.env$|\.(?:mc|minio)\/config\.json$/,
    },
    String.raw`(?:(?<![^\n])(?:export )?MINIO_(?:ROOT_PASSWORD|SECRET_KEY)=["']?(?<secret>[^\s"']{1,128})|"secretKey"\s{0,8}:\s{0,8}"(?<secret>[^"]{1,128})")`,
  ],
  [
    'squid-password',
    'Squid cache manager password',
    'https://www.squid-cache.org/Doc/config/cachemgr_passwd/',
    { names: ['squid.conf'] },
    line(String.raw`(?:cachemgr_passwd[\t ]{1,8}|cache_peer[\t ][^\r\n]{1,200}?login=[^\s:]{1,64}:)`),
    {
      severity: 'medium',
      validate: (secret, context) =>
        /^(?:disable|PASS)$/.test(secret) ? rejected : storedPassword(secret, context),
    },
  ],
  [
    'couchdb-admin-password',
    'CouchDB administrator password',
    'https://docs.couchdb.org/en/stable/config/auth.html',
    { names: ['local.ini', 'docker.ini', '10-admins.ini'] },
    String.raw`\[admins\]\r?\n(?:;[^\r\n]{0,200}\r?\n){0,8}[\w.-]{1,64}[\t ]{0,8}=[\t ]{0,8}(?<secret>[^\s;][^\r\n]{0,200})`,
    { validate: (secret, context) => (secret.startsWith('-') ? rejected : storedPassword(secret, context)) },
  ],
  [
    'activemq-password',
    'Password in ActiveMQ or Artemis configuration',
    'https://activemq.apache.org/components/classic/documentation/security',
    {
      names: [
        'activemq.xml',
        'credentials.properties',
        'jetty-realm.properties',
        'artemis-users.properties',
        'broker.xml',
      ],
    },
    String.raw`(?:${attribute('password')}|${element('[a-z-]{0,30}password')}|(?<![^\n])[\w.-]{1,60}[\t ]{0,4}[=:][\t ]{0,4}(?<secret>[^\s,#]{1,64})(?:,[\t ]{0,4}\w{1,30}){0,4}(?![^\r\n]))`,
  ],
  [
    'qemu-display-password',
    'Virtual machine display password',
    'https://www.qemu.org/docs/master/system/vnc-security.html',
    { names: ['qemu.conf', 'libvirtd.conf'] },
    line('(?:vnc_password|spice_password)[\\t ]{0,4}=[\\t ]{0,4}'),
  ],
  [
    'shadowsocks-password',
    'Shadowsocks proxy password',
    'https://shadowsocks.org/doc/configs.html',
    {
      names: [
        'shadowsocks.json',
        'config.json',
        'config-libev.json',
        'v2ray.json',
        'xray.json',
        'trojan.json',
      ],
      path: /shadowsocks|trojan|v2ray|xray/,
    },
    member('password'),
  ],
]);
