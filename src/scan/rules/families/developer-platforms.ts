/** Platforms that developers build on, and the services around them, whose tokens have a form of their own. */
import { BEFORE } from '../authoring/boundaries.ts';
import { prefixed } from '../authoring/builders.ts';
import type { Rule } from '../model/rule.ts';
import { URL_SAFE, alphanumeric, base64url, describe, hex, lower, tokenRules } from '../authoring/table.ts';
import { opaque } from '../validators/opaque.ts';
import { rejected } from '../model/verdict.ts';
import {
  convexKey,
  elasticServiceToken,
  encodedJson,
  jsrToken,
  mixedToken,
} from '../validators/platform-tokens.ts';

const CLERK = 'https://clerk.com/docs/guides/development/machine-auth/overview';
const DENO = 'https://docs.deno.com/subhosting/api/authentication/';
const KONNECT = 'https://developer.konghq.com/konnect-api/';
const LIVEBLOCKS = 'https://liveblocks.io/docs/authentication';
const QLTY = 'https://docs.qlty.sh/coverage/quickstart';
const RADAR = 'https://radar.com/documentation/api#authentication';
const WOMPI = 'https://docs.wompi.co/docs/colombia/ambientes-y-llaves/';
const LICHESS = 'https://lichess.org/api#section/Introduction/Authentication';
const HYPOTHESIS = 'https://h.readthedocs.io/en/latest/api/authorization/';
const MODRINTH = 'https://docs.modrinth.com/api/#authentication';
const BASE58 = '1-9A-HJ-NP-Za-km-z';

// prettier-ignore
const tokens = tokenRules([
  ['Amazon Connect', 'ACXD API token', 'high', 'acxd_live_', { of: 'A-Za-z0-9.', length: 53, form: '[A-Za-z0-9]{20}\\.[A-Za-z0-9]{32}' }, 'https://docs.aws.amazon.com/connect/latest/devguide/acxd-api-tokens.html', { where: 'with DeleteApiToken of the ACXD SDK' }],
  ['Braintrust', 'service token', 'high', 'bt-st-', alphanumeric([32, 72]), 'https://www.braintrust.dev/docs/admin/organizations', { where: 'under "Settings, Service tokens" of Braintrust' }],
  ['Deno Deploy', 'access token', 'high', ['ddo_', 'ddp_'], alphanumeric(36), DENO, { where: 'under "Access Tokens" of Deno Deploy' }],
  ['DNSimple', 'API access token', 'critical', ['dnsimple_a_', 'dnsimple_u_'], alphanumeric([24, 48]), 'https://support.dnsimple.com/articles/api-access-token/', { where: 'under "Account, Access Tokens" of DNSimple' }],
  ['Elastic', 'Cloud API key', 'critical', 'essu_', { of: 'A-Za-z0-9+/=_-', length: [40, 300] }, 'https://www.elastic.co/docs/deploy-manage/api-keys/elastic-cloud-api-keys', { where: 'under "Organization, API keys" of Elastic Cloud' }],
  ['Hypothesis', 'developer token', 'medium', '6879-', base64url(43), HYPOTHESIS, { where: 'under "Account settings, Developer" of Hypothesis' }],
  ['Hypothesis', 'OAuth access or refresh token', 'medium', ['5768-', '4657-'], base64url(43), HYPOTHESIS],
  ['Kaggle', 'API token', 'high', 'KGAT_', alphanumeric([32, 64]), 'https://www.kaggle.com/docs/api', { where: 'under "Settings, API" of Kaggle' }],
  ['Kong Konnect', 'personal access token', 'critical', 'kpat_', alphanumeric([40, 64]), KONNECT, { where: 'under "Personal access tokens" of Kong Konnect' }],
  ['Kong Konnect', 'system account token', 'critical', 'spat_', alphanumeric([40, 64]), KONNECT, { where: 'under "System accounts" of Kong Konnect' }],
  ['Materialize', 'app password', 'critical', 'mzp_', { of: 'a-f0-9-', length: [64, 72] }, 'https://materialize.com/docs/security/cloud/users-service-accounts/create-service-accounts/', { where: 'under "App Passwords" of the Materialize console' }],
  ['Open VSX', 'access token', 'critical', ['ovsxat_', 'ovsxp_'], base64url([36, 43]), 'https://github.com/eclipse/openvsx/wiki/Publishing-Extensions', { where: 'under "Settings, Access Tokens" of open-vsx.org' }],
  ['Plain', 'API key', 'high', 'plainApiKey_', base64url([36, 64]), 'https://www.plain.com/docs/api-reference/graphql/authentication', { where: 'under "Settings, Machine users" of Plain' }],
  ['Porkbun', 'secret API key', 'critical', 'sk1_', hex(64), 'https://porkbun.com/api/json/v3/documentation', { where: 'under "Account, API Access" of Porkbun' }],
  ['Porkbun', 'API key, the public half of a pair', 'low', 'pk1_', hex(64), 'https://porkbun.com/api/json/v3/documentation', { where: 'under "Account, API Access" of Porkbun' }],
  ['Qlty', 'coverage token', 'low', ['qltcp_', 'qltcw_'], alphanumeric([16, 64]), QLTY, { where: 'under "Settings, Code Coverage" of Qlty Cloud' }],
  ['Radar', 'secret key', 'high', 'prj_live_sk_', hex(40), RADAR, { where: 'under "Settings" of the Radar dashboard' }],
  ['Radar', 'secret key for testing', 'low', 'prj_test_sk_', hex(40), RADAR, { where: 'under "Settings" of the Radar dashboard' }],
  ['Rill', 'user or service token', 'high', ['rill_usr_', 'rill_svc_'], alphanumeric([48, 54]), 'https://docs.rilldata.com/guide/administration/access-tokens', { where: 'with `rill token revoke` or `rill service delete`' }],
  ['Rill', 'deployment or magic token', 'medium', ['rill_dpl_', 'rill_mgc_'], alphanumeric([48, 54]), 'https://docs.rilldata.com/guide/administration/access-tokens'],
  // A key that begins with `t_` is public: the vendor's tools contain it.
  ['Socket', 'API token', 'high', 'sktsec_', { of: URL_SAFE, length: [36, 72], form: '(?!t_)[A-Za-z0-9_-]{32,68}_api' }, 'https://docs.socket.dev/reference/authentication', { where: 'under "Settings, API Tokens" of Socket' }],
  ['Ultralytics', 'API key', 'medium', 'ul_', lower(40), 'https://docs.ultralytics.com/platform/account/api-keys/', { where: 'under "Settings, API Keys" of the Ultralytics Platform' }],
  ['Wompi', 'private key', 'critical', 'prv_prod_', alphanumeric([30, 48]), WOMPI, { where: 'under "Developers" of the Wompi dashboard' }],
  ['Wompi', 'private key for testing', 'low', 'prv_test_', alphanumeric([30, 48]), WOMPI, { where: 'under "Developers" of the Wompi dashboard' }],
  ['Wompi', 'events or integrity secret', 'high', ['prod_events_', 'prod_integrity_'], alphanumeric([30, 48]), WOMPI, { where: 'under "Developers" of the Wompi dashboard' }],
  ['Xata', 'API key', 'critical', 'xau_', alphanumeric([32, 48]), 'https://xata.io/docs/getting-started/api-keys', { where: 'under "Account settings, API keys" of Xata' }],
  ['HashiCorp Boundary', 'worker activation token', 'high', 'neslat_', { of: BASE58, length: [60, 160] }, 'https://developer.hashicorp.com/boundary/docs/workers/registration', { where: 'by deleting the worker in Boundary' }],
]);

/** Their prefixes also begin names, but a random token of this length has a digit. */
// prettier-ignore
const short = tokenRules([
  ['Clerk', 'API key of a user or an organisation', 'high', 'ak_', alphanumeric([32, 48]), CLERK, { where: 'under "API keys" of the application in Clerk' }],
  ['Clerk', 'machine-to-machine token', 'high', 'mt_', alphanumeric([32, 48]), CLERK, { where: 'under "Machines" of the application in Clerk' }],
  ['Clerk', 'OAuth access token', 'medium', 'oat_', alphanumeric([32, 48]), CLERK, { where: 'under "OAuth applications" of Clerk' }],
  ['Lichess', 'OAuth token', 'medium', 'lio_', alphanumeric(32), LICHESS, { where: 'under "Preferences, Security" of Lichess' }],
  ['Liveblocks', 'secret key', 'high', 'sk_prod_', base64url([40, 90]), LIVEBLOCKS, { where: 'under "API keys" of the project in Liveblocks' }],
  ['Liveblocks', 'secret key for development', 'low', 'sk_dev_', base64url([40, 90]), LIVEBLOCKS, { where: 'under "API keys" of the project in Liveblocks' }],
  ['Modrinth', 'personal access token', 'high', 'mrp_', alphanumeric(60), MODRINTH, { where: 'under "Settings, Personal access tokens" of Modrinth' }],
  ['Modrinth', 'session token', 'medium', 'mra_', alphanumeric(60), MODRINTH, { where: 'under "Settings, Sessions" of Modrinth' }],
  ['Notion', 'OAuth refresh token', 'high', 'nrt_', alphanumeric([40, 64]), 'https://developers.notion.com/docs/authorization', { where: 'under "Connections" of the workspace in Notion' }],
  ['Overleaf', 'Git authentication token', 'high', 'olp_', alphanumeric([30, 48]), 'https://docs.overleaf.com/integrations-and-add-ons/git-integration-and-github-synchronization/git-integration/git-integration-authentication-tokens', { where: 'under "Account settings, Git integration" of Overleaf' }],
  ['prefix.dev', 'API key', 'high', 'pfx_', base64url([30, 40]), 'https://pixi.sh/latest/deployment/authentication/', { where: 'under "Settings, API Keys" of prefix.dev' }],
  ['Upstash', 'QStash signing key', 'medium', 'sig_', alphanumeric(28), 'https://upstash.com/docs/qstash/howto/signature', { where: 'under "Signing Keys" of QStash in the Upstash console' }],
]).map((rule) => ({
  ...rule,
  validate: (secret: string) => (/[0-9]/.test(secret) ? opaque(secret, secret.slice(4)) : rejected),
}));

export const developerPlatformRules: readonly Rule[] = [
  ...tokens,
  ...short,
  {
    ...describe(
      'Convex',
      'deploy key',
      'critical',
      'https://docs.convex.dev/cli/deploy-key-types',
      'under "Settings, Deploy keys" of the Convex dashboard',
    ),
    keywords: ['|eyJ2'],
    pattern:
      /(?<![A-Za-z0-9_-])(?:prod|preview|project|dev):[a-z0-9-]{2,64}(?::[a-z0-9-]{2,64})?\|eyJ2[A-Za-z0-9+/_-]{20,200}={0,2}(?![A-Za-z0-9+/=_-])/,
    window: { before: 140, after: 202 },
    next: { of: 'A-Za-z0-9+/_-', least: 20 },
    validate: convexKey,
  },
  {
    ...describe(
      'JSR',
      'access token',
      'critical',
      'https://jsr.io/docs/publishing-packages',
      'under "Account settings, Tokens" of jsr.io',
    ),
    keywords: ['jsrp_', 'jsrd_', 'jsrw_'],
    pattern: new RegExp(`${BEFORE}jsr[pdw]_[A-Za-z0-9]{35}(?![A-Za-z0-9_])`),
    window: { before: 0, after: 35 },
    next: { of: 'A-Za-z0-9', least: 35 },
    validate: jsrToken,
  },
  prefixed({
    ...describe(
      'Lichess',
      'personal access token',
      'medium',
      LICHESS,
      'under "API access tokens" of Lichess',
    ),
    prefix: 'lip_',
    ...alphanumeric(20),
    validate: (secret) => mixedToken(secret, secret.slice(4)),
  }),
  prefixed({
    ...describe(
      'Elasticsearch',
      'service account token',
      'high',
      'https://www.elastic.co/docs/deploy-manage/users-roles/cluster-or-deployment-auth/service-accounts',
      'with the API "delete service account token"',
    ),
    // A version, and `elastic/`: the only namespace that there is.
    prefix: 'AAEAAWVsYXN0aWMv',
    of: 'A-Za-z0-9+/=',
    length: [32, 300],
    validate: elasticServiceToken,
  }),
  prefixed({
    ...describe(
      'UploadThing',
      'token',
      'high',
      'https://docs.uploadthing.com/getting-started/appdir',
      'under "API Keys" of the app in UploadThing',
    ),
    // The base64 of `{"apiKey":"sk_`, without its last bits.
    prefix: 'eyJhcGlLZXkiOiJza1',
    of: 'A-Za-z0-9+/=',
    length: [80, 600],
    validate: (secret) => encodedJson(secret, ['apiKey', 'appId', 'regions']),
  }),
  prefixed({
    ...describe(
      'Neptune',
      'API token',
      'high',
      'https://docs.neptune.ai/setup/setting_api_token/',
      'under "Get your API token" of Neptune',
    ),
    // The base64 of `{"api_address":`.
    prefix: 'eyJhcGlfYWRkcmVzcyI6',
    of: 'A-Za-z0-9+/=',
    length: [80, 600],
    validate: (secret) => encodedJson(secret, ['api_address', 'api_key']),
  }),
];
