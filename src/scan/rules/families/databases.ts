/**
 * Cloud databases whose keys have a distinctive format: Airtable, ClickHouse, CockroachDB, Fauna, Neon,
 * Supabase ...
 */
import { BEFORE } from '../authoring/boundaries.ts';
import { named, prefixed } from '../authoring/builders.ts';
import type { Rule } from '../model/rule.ts';
import { jsonWebToken } from '../validators/jwt.ts';
import { namedMixed } from '../validators/named-value.ts';
import { isMixed, opaque } from '../validators/opaque.ts';
import { rejected } from '../model/verdict.ts';

const airtable = {
  severity: 'high',
  remediation: 'Delete the token in the developer hub of Airtable, then create a new one.',
  source: 'https://airtable.com/developers/web/api/authentication',
} as const;
const planetScale = {
  severity: 'critical',
  remediation: 'Delete the credential in the PlanetScale console, then create a new one.',
  source: 'https://planetscale.com/docs/concepts/password-roles',
} as const;
const supabase = {
  remediation:
    'Revoke the key under "API Keys" in the Supabase project settings, or the token under "Access Tokens" in the account settings.',
  source: 'https://supabase.com/docs/guides/api/api-keys',
} as const;
const upstash = {
  severity: 'high',
  remediation: 'Reset the token of the database in the Upstash console.',
  source: 'https://upstash.com/docs/redis/features/restapi',
} as const;
const fauna = {
  severity: 'high',
  remediation: 'Remove it from the file. The Fauna service was shut down in 2025.',
  source: 'https://docs.fauna.com/fauna/current/learn/security/keys/',
} as const;

export const databaseRules: readonly Rule[] = [
  {
    ...airtable,
    id: 'airtable-token',
    title: 'Airtable personal access token',
    keywords: ['pat'],
    pattern: /(?<![A-Za-z0-9_])pat[A-Za-z0-9]{14}\.[a-f0-9]{64}(?![A-Za-z0-9_])/,
    window: { before: 0, after: 79 },
    next: [
      { of: 'A-Za-z0-9', least: 14 },
      { of: '.', least: 1 },
      { of: 'a-f0-9', least: 64 },
    ],
    validate: (secret) => opaque(secret, secret.slice(3)),
  },
  named({
    ...airtable,
    id: 'airtable-api-key',
    title: 'Airtable API key (old format)',
    names: ['airtable'],
    rest: 'key|token|secret|auth',
    of: 'A-Za-z0-9',
    length: 17,
    validate: (secret, context) => (secret.startsWith('key') ? namedMixed(secret, context) : rejected),
  }),
  prefixed({
    ...supabase,
    id: 'supabase-access-token',
    title: 'Supabase access token',
    severity: 'critical',
    prefix: ['sbp_', 'sbp_oauth_', 'sbp_v0_', 'sba_'],
    of: 'a-f0-9',
    length: 40,
  }),
  prefixed({
    ...supabase,
    id: 'supabase-secret-key',
    title: 'Supabase secret key',
    severity: 'critical',
    prefix: 'sb_secret_',
    of: 'A-Za-z0-9_-',
    length: [24, 48],
  }),
  prefixed({
    ...planetScale,
    id: 'planetscale-credential',
    title: 'PlanetScale password or token',
    prefix: ['pscale_pw_', 'pscale_tkn_', 'pscale_oauth_'],
    of: 'A-Za-z0-9_.=-',
    length: [32, 64],
  }),
  prefixed({
    id: 'neon-api-key',
    title: 'Neon API key',
    severity: 'critical',
    remediation: 'Revoke the key under "Account settings > API keys" in Neon, then create a new one.',
    source: 'https://neon.com/docs/manage/api-keys',
    prefix: 'napi_',
    of: 'a-z0-9',
    length: [32, 80],
  }),
  prefixed({
    id: 'neon-password',
    title: 'Neon database password',
    severity: 'critical',
    remediation: 'Reset the password of the role in the Neon console.',
    source: 'https://neon.com/docs/connect/connect-from-any-app',
    prefix: 'npg_',
    of: 'A-Za-z0-9',
    length: [12, 20],
    validate: (secret) => (isMixed(secret) ? opaque(secret, secret.slice(4)) : rejected),
  }),
  named({
    ...upstash,
    id: 'upstash-token',
    title: 'Upstash token',
    names: ['upstash', 'kv_rest_api', 'qstash'],
    rest: 'token|key|secret|password',
    of: 'A-Za-z0-9_=-',
    length: [32, 160],
    validate: namedMixed,
  }),
  prefixed({
    id: 'cockroach-cloud-secret-key',
    title: 'CockroachDB Cloud API secret key',
    severity: 'critical',
    remediation:
      'Delete the API key of the service account in the CockroachDB Cloud console, then create a new one.',
    source: 'https://www.cockroachlabs.com/docs/cockroachcloud/managing-access#api-access',
    prefix: 'CCDB1_',
    of: 'A-Za-z0-9_',
    length: [40, 72],
  }),
  {
    ...supabase,
    id: 'supabase-service-role-key',
    title: 'Supabase service_role key',
    severity: 'critical',
    confidence: 'high',
    // A JSON Web Token whose claims say `"service_role"`, in base64 at each of the three places within a group.
    keywords: ['InNlcnZpY2Vfcm9sZS', 'JzZXJ2aWNlX3JvbGUi', 'ic2VydmljZV9yb2xlI'],
    pattern: new RegExp(
      `${BEFORE}eyJ[A-Za-z0-9_-]{10,160}\\.(?=[A-Za-z0-9_-]{0,320}(?:InNlcnZpY2Vfcm9sZS|JzZXJ2aWNlX3JvbGUi|ic2VydmljZV9yb2xlI))eyJ[A-Za-z0-9_-]{20,600}\\.[A-Za-z0-9_-]{20,120}(?![A-Za-z0-9_-])`,
    ),
    window: { before: 520, after: 420 },
    validate: jsonWebToken,
  },
  prefixed({
    id: 'clickhouse-cloud-secret',
    title: 'ClickHouse Cloud API key secret',
    severity: 'critical',
    remediation: 'Delete the API key in the ClickHouse Cloud console, then create a new one.',
    source: 'https://clickhouse.com/docs/cloud/manage/openapi',
    prefix: '4b1d',
    of: 'A-Za-z0-9',
    length: 38,
    validate: (secret) => (isMixed(secret) ? opaque(secret, secret.slice(4)) : rejected),
  }),
  prefixed({
    ...fauna,
    id: 'fauna-secret',
    title: 'Fauna key',
    prefix: ['fnAC', 'fnAD', 'fnAE', 'fnAF', 'fnAG'],
    of: 'A-Za-z0-9_-',
    length: [36, 52],
    validate: (secret) => (isMixed(secret) ? opaque(secret, secret.slice(4)) : rejected),
  }),
  named({
    ...fauna,
    id: 'fauna-named-secret',
    title: 'Fauna key',
    names: ['fauna'],
    rest: 'key|secret|token',
    of: 'A-Za-z0-9_-',
    length: [38, 60],
    validate: namedMixed,
  }),
];
