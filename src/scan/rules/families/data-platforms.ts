/** Hosted data storage and streaming: Aiven, Confluent, Databricks, Elastic, InfluxDB, MinIO, MongoDB Atlas. */
import { named, prefixed } from '../authoring/builders.ts';
import type { Rule } from '../model/rule.ts';
import { namedMixed, namedPadded, namedUuid } from '../validators/named-value.ts';
import { isMixed, opaque } from '../validators/opaque.ts';
import { rejected } from '../model/verdict.ts';

const confluent = {
  severity: 'critical',
  remediation: 'Delete the API key in the Confluent Cloud console, then create a new one.',
  source:
    'https://docs.confluent.io/cloud/current/security/authenticate/workload-identities/service-accounts/api-keys/overview.html',
} as const;
const elastic = {
  severity: 'high',
  remediation: 'Invalidate the key under "Stack Management > API keys" in Kibana, then create a new one.',
  source: 'https://www.elastic.co/docs/deploy-manage/api-keys/elasticsearch-api-keys',
} as const;
const atlas = {
  severity: 'critical',
  remediation: 'Delete the key or the secret under "Access Manager" in MongoDB Atlas, then create a new one.',
  source: 'https://www.mongodb.com/docs/atlas/configure-api-access/',
} as const;
const influx = {
  severity: 'high',
  remediation: 'Delete the token under "API Tokens" in InfluxDB, then create a new one.',
  source: 'https://docs.influxdata.com/influxdb/v2/admin/tokens/',
} as const;

export const dataPlatformRules: readonly Rule[] = [
  prefixed({
    id: 'databricks-token',
    title: 'Databricks personal access token',
    severity: 'critical',
    remediation:
      'Revoke the token under "Settings > Developer > Access tokens" in Databricks, then create a new one.',
    source: 'https://docs.databricks.com/aws/en/dev-tools/auth/pat',
    prefix: 'dapi',
    // On Azure a dash and a digit follow.
    of: 'a-f0-9-',
    length: [32, 34],
  }),
  prefixed({
    id: 'databricks-oauth-secret',
    title: 'Databricks service principal OAuth secret',
    severity: 'critical',
    remediation:
      'Delete the secret of the service principal in the Databricks account console, then create a new one.',
    source: 'https://docs.databricks.com/aws/en/dev-tools/auth/oauth-m2m',
    prefix: 'dose',
    of: 'a-f0-9',
    length: 32,
  }),
  prefixed({
    ...atlas,
    id: 'atlas-service-account-secret',
    title: 'MongoDB Atlas service account secret',
    prefix: 'mdb_sa_sk_',
    of: 'A-Za-z0-9_-',
    length: [32, 64],
  }),
  named({
    ...atlas,
    id: 'atlas-private-key',
    title: 'MongoDB Atlas API private key',
    names: ['atlas', 'mongodb'],
    rest: 'private|secret|key',
    of: 'A-Fa-f0-9-',
    length: 36,
    validate: namedUuid,
  }),
  prefixed({
    ...confluent,
    id: 'confluent-api-secret',
    title: 'Confluent Cloud API secret',
    prefix: 'cflt',
    of: 'A-Za-z0-9+/',
    length: 60,
    validate: (secret) => (isMixed(secret) ? opaque(secret, secret.slice(4)) : rejected),
  }),
  named({
    ...confluent,
    id: 'confluent-legacy-api-secret',
    title: 'Confluent Cloud API secret (old format)',
    names: ['confluent', 'ccloud', 'kafka', 'schema_registry', 'schemaregistry', 'sasl'],
    rest: 'secret|password|key|pass',
    of: 'A-Za-z0-9+/',
    length: 64,
    validate: namedMixed,
  }),
  prefixed({
    id: 'aiven-service-password',
    title: 'Aiven service password',
    severity: 'critical',
    remediation: 'Reset the password of the service user in the Aiven console.',
    source: 'https://aiven.io/docs/platform/concepts/service-users',
    prefix: 'AVNS_',
    of: 'A-Za-z0-9_-',
    length: [16, 24],
    // A name of a variable has capitals alone.
    validate: (secret) => (/[a-z]/.test(secret) ? opaque(secret, secret.slice(5)) : rejected),
  }),
  named({
    id: 'aiven-api-token',
    title: 'Aiven API token',
    severity: 'critical',
    remediation:
      'Revoke the token under "User information > Tokens" in the Aiven Console, then create a new one.',
    source: 'https://aiven.io/docs/platform/howto/create_authentication_token',
    names: ['aiven'],
    rest: 'token|key',
    of: 'A-Za-z0-9+/=',
    length: [128, 372],
    validate: namedMixed,
  }),
  named({
    ...elastic,
    id: 'elastic-api-key',
    title: 'Elasticsearch API key',
    names: ['elastic', 'kibana', 'apm_api', 'es_api'],
    rest: 'key|token|secret|auth|(?<=api)',
    of: 'A-Za-z0-9+/=_-',
    length: [56, 64],
    validate: namedMixed,
  }),
  {
    ...elastic,
    id: 'elastic-authorization-key',
    title: 'Elasticsearch API key in a header',
    confidence: 'medium',
    // The base64 of `id:key`, 20 and 22 characters.
    keywords: ['ApiKey '],
    pattern:
      /(?<![A-Za-z0-9])ApiKey[ ]{1,3}(?<secret>[A-Za-z0-9+/]{58}==|[A-Za-z0-9+/]{60})(?![A-Za-z0-9+/=])/,
    window: { before: 0, after: 64 },
    next: { of: ' A-Za-z0-9+/', least: 58 },
    validate: (secret) => (isMixed(secret) ? opaque(secret, secret) : rejected),
  },
  named({
    ...influx,
    id: 'influxdb-token',
    title: 'InfluxDB API token',
    names: ['influx'],
    rest: 'token|key|password|secret',
    of: 'A-Za-z0-9_=-',
    length: [86, 90],
    validate: namedPadded,
  }),
  {
    ...influx,
    id: 'influxdb-authorization-token',
    title: 'InfluxDB API token in a header',
    confidence: 'medium',
    // 64 bytes in base64.
    keywords: ['Token '],
    pattern: /(?<![A-Za-z0-9])Token[ ]{1,3}(?<secret>[A-Za-z0-9_-]{86}==)(?![A-Za-z0-9_=-])/,
    window: { before: 0, after: 90 },
    next: { of: ' A-Za-z0-9_-', least: 86 },
    validate: (secret) => (isMixed(secret) ? opaque(secret, secret) : rejected),
  },
  prefixed({
    id: 'influxdb-v3-token',
    title: 'InfluxDB 3 token',
    severity: 'high',
    remediation: 'Delete the token with `influxdb3 delete token`, then create a new one.',
    source: 'https://docs.influxdata.com/influxdb3/core/admin/tokens/',
    prefix: 'apiv3_',
    of: 'A-Za-z0-9_-',
    length: [64, 96],
  }),
  named({
    id: 'minio-secret-key',
    title: 'MinIO or Ceph secret key',
    severity: 'high',
    remediation:
      'Rotate the key of the user with the administration tool of MinIO (`mc admin`) or Ceph (`radosgw-admin`).',
    source:
      'https://min.io/docs/minio/linux/administration/identity-access-management/minio-user-management.html',
    names: ['minio', 'ceph', 'radosgw', 'rgw_', 'swift_secret'],
    rest: 'secret|(?<=secret)',
    of: 'A-Za-z0-9+/',
    length: [32, 40],
    validate: namedMixed,
  }),
  {
    id: 'ceph-key',
    title: 'Ceph key',
    severity: 'high',
    remediation: 'Rotate the key of the client with `ceph auth rotate`.',
    source: 'https://docs.ceph.com/en/latest/rados/operations/user-management/',
    // A type of two bytes, a time, the length 16: 28 bytes in base64.
    keywords: ['key = AQ', 'key=AQ', 'key: AQ', 'secret=AQ'],
    pattern:
      /(?:key(?: = |=|: )|secret=)(?<secret>AQ[A-D][A-Za-z0-9+/]{10}[BRhx]AA[A-Za-z0-9+/]{22}==)(?![A-Za-z0-9+/=])/,
    window: { before: 0, after: 40 },
    next: { of: 'A-Za-z0-9+/', least: 36 },
    validate: (secret) => (isMixed(secret) ? opaque(secret, secret) : rejected),
  },
];
