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
  ['Amazon Connect', 'ACXD API token', 'high', 'acxd_live_', { of: 'A-Za-z0-9.', length: 53, form: '[A-Za-z0-9]{20}\\.[A-Za-z0-9]{32}' }, 'https://docs.aws.amazon.com/connect/latest/devguide/acxd-api-tokens.html', { where: 'with the DeleteApiToken call of the Amazon Connect SDK' }],
  ['Braintrust', 'service token', 'high', 'bt-st-', alphanumeric([32, 72]), 'https://www.braintrust.dev/docs/admin/organizations', { where: 'under "Settings > Service tokens" in Braintrust' }],
  ['Deno Deploy', 'access token', 'high', ['ddo_', 'ddp_'], alphanumeric(36), DENO, { where: 'under "Access Tokens" in Deno Deploy' }],
  ['DNSimple', 'API access token', 'critical', ['dnsimple_a_', 'dnsimple_u_'], alphanumeric([24, 48]), 'https://support.dnsimple.com/articles/api-access-token/', { where: 'under "Account > Access Tokens" in DNSimple' }],
  ['Elastic', 'Cloud API key', 'critical', 'essu_', { of: 'A-Za-z0-9+/=_-', length: [40, 300] }, 'https://www.elastic.co/docs/deploy-manage/api-keys/elastic-cloud-api-keys', { where: 'under "Organization > API keys" in Elastic Cloud' }],
  ['Hypothesis', 'developer token', 'medium', '6879-', base64url(43), HYPOTHESIS, { where: 'under "Account settings > Developer" in Hypothesis' }],
  ['Hypothesis', 'OAuth access or refresh token', 'medium', ['5768-', '4657-'], base64url(43), HYPOTHESIS],
  ['Kaggle', 'API token', 'high', 'KGAT_', alphanumeric([32, 64]), 'https://www.kaggle.com/docs/api', { where: 'under "Settings > API" in Kaggle' }],
  ['Kong Konnect', 'personal access token', 'critical', 'kpat_', alphanumeric([40, 64]), KONNECT, { where: 'under "Personal access tokens" in Kong Konnect' }],
  ['Kong Konnect', 'system account token', 'critical', 'spat_', alphanumeric([40, 64]), KONNECT, { where: 'under "System accounts" in Kong Konnect' }],
  ['Materialize', 'app password', 'critical', 'mzp_', { of: 'a-f0-9-', length: [64, 72] }, 'https://materialize.com/docs/security/cloud/users-service-accounts/create-service-accounts/', { where: 'under "App Passwords" in the Materialize console' }],
  ['Open VSX', 'access token', 'critical', ['ovsxat_', 'ovsxp_'], base64url([36, 43]), 'https://github.com/eclipse/openvsx/wiki/Publishing-Extensions', { where: 'under "Settings > Access Tokens" on open-vsx.org' }],
  ['Plain', 'API key', 'high', 'plainApiKey_', base64url([36, 64]), 'https://www.plain.com/docs/api-reference/graphql/authentication', { where: 'under "Settings > Machine users" in Plain' }],
  ['Porkbun', 'secret API key', 'critical', 'sk1_', hex(64), 'https://porkbun.com/api/json/v3/documentation', { where: 'under "Account > API Access" in Porkbun' }],
  ['Porkbun', 'API key (public half of the pair)', 'low', 'pk1_', hex(64), 'https://porkbun.com/api/json/v3/documentation', { where: 'under "Account > API Access" in Porkbun', id: 'porkbun-api-key-the-public-half-of-a-pair' }],
  ['Qlty', 'coverage token', 'low', ['qltcp_', 'qltcw_'], alphanumeric([16, 64]), QLTY, { where: 'under "Settings > Code Coverage" in Qlty Cloud' }],
  ['Radar', 'secret key', 'high', 'prj_live_sk_', hex(40), RADAR, { where: 'under "Settings" in the Radar dashboard' }],
  ['Radar', 'secret key (test)', 'low', 'prj_test_sk_', hex(40), RADAR, { where: 'under "Settings" in the Radar dashboard', id: 'radar-secret-key-for-testing' }],
  ['Rill', 'user or service token', 'high', ['rill_usr_', 'rill_svc_'], alphanumeric([48, 54]), 'https://docs.rilldata.com/guide/administration/access-tokens', { where: 'with `rill token revoke` or `rill service delete`' }],
  ['Rill', 'deployment or magic token', 'medium', ['rill_dpl_', 'rill_mgc_'], alphanumeric([48, 54]), 'https://docs.rilldata.com/guide/administration/access-tokens'],
  // A key that begins with `t_` is public: the vendor's tools contain it.
  ['Socket', 'API token', 'high', 'sktsec_', { of: URL_SAFE, length: [36, 72], form: '(?!t_)[A-Za-z0-9_-]{32,68}_api' }, 'https://docs.socket.dev/reference/authentication', { where: 'under "Settings > API Tokens" in Socket' }],
  ['Ultralytics', 'API key', 'medium', 'ul_', lower(40), 'https://docs.ultralytics.com/platform/account/api-keys/', { where: 'under "Settings > API Keys" in the Ultralytics Platform' }],
  ['Wompi', 'private key', 'critical', 'prv_prod_', alphanumeric([30, 48]), WOMPI, { where: 'under "Developers" in the Wompi dashboard' }],
  ['Wompi', 'private key (test)', 'low', 'prv_test_', alphanumeric([30, 48]), WOMPI, { where: 'under "Developers" in the Wompi dashboard', id: 'wompi-private-key-for-testing' }],
  ['Wompi', 'events or integrity secret', 'high', ['prod_events_', 'prod_integrity_'], alphanumeric([30, 48]), WOMPI, { where: 'under "Developers" in the Wompi dashboard' }],
  ['Xata', 'API key', 'critical', 'xau_', alphanumeric([32, 48]), 'https://xata.io/docs/getting-started/api-keys', { where: 'under "Account settings > API keys" in Xata' }],
  ['HashiCorp Boundary', 'worker activation token', 'high', 'neslat_', { of: BASE58, length: [60, 160] }, 'https://developer.hashicorp.com/boundary/docs/workers/registration', { remediation: 'Delete the worker in HashiCorp Boundary, then register it again.' }],
]);

/** Their prefixes also begin names, but a random token of this length has a digit. */
// prettier-ignore
const short = tokenRules([
  ['Clerk', 'API key (user or organization)', 'high', 'ak_', alphanumeric([32, 48]), CLERK, { where: 'under "API keys" of the application in Clerk', id: 'clerk-api-key-of-a-user-or-an-organisation' }],
  ['Clerk', 'machine-to-machine token', 'high', 'mt_', alphanumeric([32, 48]), CLERK, { where: 'under "Machines" of the application in Clerk' }],
  ['Clerk', 'OAuth access token', 'medium', 'oat_', alphanumeric([32, 48]), CLERK, { where: 'under "OAuth applications" in Clerk' }],
  ['Lichess', 'OAuth token', 'medium', 'lio_', alphanumeric(32), LICHESS, { where: 'under "Preferences > Security" in Lichess' }],
  ['Liveblocks', 'secret key', 'high', 'sk_prod_', base64url([40, 90]), LIVEBLOCKS, { where: 'under "API keys" of the project in Liveblocks' }],
  ['Liveblocks', 'secret key (development)', 'low', 'sk_dev_', base64url([40, 90]), LIVEBLOCKS, { where: 'under "API keys" of the project in Liveblocks', id: 'liveblocks-secret-key-for-development' }],
  ['Modrinth', 'personal access token', 'high', 'mrp_', alphanumeric(60), MODRINTH, { where: 'under "Settings > Personal access tokens" in Modrinth' }],
  ['Modrinth', 'session token', 'medium', 'mra_', alphanumeric(60), MODRINTH, { where: 'under "Settings > Sessions" in Modrinth' }],
  ['Notion', 'OAuth refresh token', 'high', 'nrt_', alphanumeric([40, 64]), 'https://developers.notion.com/docs/authorization', { where: 'under "Connections" of the workspace in Notion' }],
  ['Overleaf', 'Git authentication token', 'high', 'olp_', alphanumeric([30, 48]), 'https://docs.overleaf.com/integrations-and-add-ons/git-integration-and-github-synchronization/git-integration/git-integration-authentication-tokens', { where: 'under "Account settings > Git integration" in Overleaf' }],
  ['prefix.dev', 'API key', 'high', 'pfx_', base64url([30, 40]), 'https://pixi.sh/latest/deployment/authentication/', { where: 'under "Settings > API Keys" on prefix.dev' }],
  ['Upstash', 'QStash signing key', 'medium', 'sig_', alphanumeric(28), 'https://upstash.com/docs/qstash/howto/signature', { where: 'under "QStash > Signing Keys" in the Upstash console' }],
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
      'under "Settings > Deploy keys" in the Convex dashboard',
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
      'under "Account settings > Tokens" on jsr.io',
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
      'under "API access tokens" in Lichess',
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
      'with the Elasticsearch API "Delete service account token"',
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
      'under "Get your API token" in Neptune',
    ),
    // The base64 of `{"api_address":`.
    prefix: 'eyJhcGlfYWRkcmVzcyI6',
    of: 'A-Za-z0-9+/=',
    length: [80, 600],
    validate: (secret) => encodedJson(secret, ['api_address', 'api_key']),
  }),
];
