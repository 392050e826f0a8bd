/** Services whose tokens have had a form of their own only for a few years. */
import { prefixed } from '../authoring/builders.ts';
import type { Rule } from '../model/rule.ts';
import {
  alphanumeric,
  base64url,
  describe,
  hex,
  lower,
  spelled,
  tokenRules,
  valueRules,
} from '../authoring/table.ts';
import { isMixed, opaque } from '../validators/opaque.ts';
import { rejected } from '../model/verdict.ts';

const DEVCYCLE = 'https://docs.devcycle.com/essentials/keys/';
const ASAAS = 'https://docs.asaas.com/docs/authentication-2';
const AUTUMN = 'https://docs.useautumn.com/';
const CREEM = 'https://docs.creem.io/api-reference/introduction';
const TRIGGER = 'https://trigger.dev/docs/apikeys';
const SWARM = 'https://docs.docker.com/engine/swarm/swarm-tokens/';
const HEADSCALE = 'https://headscale.net/stable/ref/registration/';

// prettier-ignore
const tokens = tokenRules([
  ['Aikido', 'token', 'high', ['AIK_CI_', 'AIK_RUNTIME_'], { of: 'A-Za-z0-9_', length: [20, 120] }, 'https://help.aikido.dev/'],
  ['Amp', 'access token', 'high', ['sgamp_user_', 'sgamp_'], { of: 'A-Za-z0-9_', length: [40, 120] }, 'https://ampcode.com/manual'],
  ['Asaas', 'API key', 'critical', ['$aact_prod_', '$aact_Y'], { of: 'A-Za-z0-9+/=_:', length: [50, 300] }, ASAAS, { where: 'under "Integrations > API keys" in Asaas' }],
  ['Asaas', 'API key (sandbox)', 'low', '$aact_hmlg_', { of: 'A-Za-z0-9+/=_:', length: [50, 300] }, ASAAS, { where: 'under "Integrations > API keys" in the Asaas sandbox', id: 'asaas-sandbox-api-key' }],
  ['Astra DB', 'application token', 'critical', 'AstraCS:', { of: 'A-Za-z0-9:', length: [85, 95], form: '[A-Za-z0-9]{20,30}:[a-f0-9]{64}' }, 'https://docs.datastax.com/en/astra-db-serverless/administration/manage-application-tokens.html', { where: 'under "Settings > Tokens" in Astra' }],
  ['Autumn', 'secret key', 'high', 'am_sk_live_', alphanumeric([24, 80]), AUTUMN, { where: 'under "Developer > API Keys" in Autumn' }],
  ['Autumn', 'secret key (sandbox)', 'low', 'am_sk_test_', alphanumeric([24, 80]), AUTUMN, { where: 'under "Developer > API Keys" in Autumn', id: 'autumn-secret-key-of-the-sandbox' }],
  ['Context7', 'API key', 'medium', 'ctx7sk-', { of: 'A-Za-z0-9-', length: [22, 48] }, 'https://context7.com/docs/howto/api-keys', { where: 'under "API Keys" in the Context7 dashboard' }],
  ['Creem', 'API key', 'high', ['creem_live_', 'creem_'], alphanumeric([20, 40]), CREEM, { where: 'under "Developers" in the Creem dashboard' }],
  ['Creem', 'API key (test mode)', 'low', 'creem_test_', alphanumeric([20, 40]), CREEM, { where: 'under "Developers" in the Creem dashboard', id: 'creem-api-key-of-the-test-mode' }],
  ['Daytona', 'API key', 'high', 'dtn_', lower(64), 'https://www.daytona.io/docs/en/api-keys/'],
  ['Depot', 'API token', 'high', ['depot_user_', 'depot_project_', 'depot_org_'], hex(64), 'https://depot.dev/docs/cli/authentication'],
  ['DevCycle', 'server SDK key', 'high', 'dvc_server_', { of: 'A-Za-z0-9_', length: [20, 100] }, DEVCYCLE],
  ['DevCycle', 'client or mobile SDK key (public by design)', 'low', ['dvc_client_', 'dvc_mobile_'], { of: 'A-Za-z0-9_', length: [20, 100] }, DEVCYCLE, { id: 'devcycle-client-or-mobile-sdk-key' }],
  ['Docker Swarm', 'join token', 'critical', ['SWMTKN-1-', 'SWMTKN-2-1-'], { of: 'a-z0-9-', length: 76, form: '[a-z0-9]{50}-[a-z0-9]{25}' }, SWARM, { remediation: 'Rotate it with `docker swarm join-token --rotate`.' }],
  ['Docker Swarm', 'unlock key', 'critical', 'SWMKEY-1-', { of: 'A-Za-z0-9+/', length: 43 }, 'https://docs.docker.com/engine/swarm/swarm_manager_locking/', { remediation: 'Rotate it with `docker swarm unlock-key --rotate`.' }],
  ['Dub', 'API key', 'medium', 'dub_', alphanumeric(24), 'https://dub.co/docs/api-reference/tokens'],
  ['Dub', 'OAuth access or refresh token', 'medium', ['dub_access_token_', 'dub_refresh_token_'], lower(80), 'https://dub.co/docs/integrations/quickstart', { where: 'under "Settings > OAuth Apps" in Dub' }],
  ['Dub', 'OAuth client secret', 'high', 'dub_app_secret_', lower(64), 'https://dub.co/docs/integrations/quickstart', { where: 'under "Settings > OAuth Apps" in Dub' }],
  ['Endor Labs', 'API credential', 'high', 'endr+', { of: 'A-Za-z0-9-', length: [16, 20] }, 'https://docs.endorlabs.com/administration/api-keys/'],
  ['Headscale', 'key', 'critical', ['hskey-auth-', 'hskey-api-'], { of: 'A-Za-z0-9_-', length: 77, form: '[A-Za-z0-9_-]{12}-[A-Za-z0-9_-]{64}' }, HEADSCALE, { where: 'with `headscale preauthkeys expire` or `headscale apikeys expire`' }],
  ['Inngest', 'signing key', 'high', ['signkey-prod-', 'signkey-branch-', 'signkey-test-'], { of: 'a-f0-9', length: [32, 64] }, 'https://www.inngest.com/docs/platform/signing-keys'],
  ['Mergify', 'application key', 'high', 'mka_', base64url([40, 90]), 'https://docs.mergify.com/api/'],
  ['Rootly', 'API key', 'high', 'rootly_', hex(64), 'https://docs.rootly.com/api-reference/overview'],
  ['Tigris', 'secret access key', 'high', 'tsec_', { of: 'A-Za-z0-9+_-', length: [40, 70] }, 'https://www.tigrisdata.com/docs/iam/manage-access-key/'],
  ['Tigris', 'access key ID', 'low', 'tid_', { of: 'A-Za-z0-9+_-', length: [20, 60] }, 'https://www.tigrisdata.com/docs/iam/manage-access-key/', { where: 'under "Access Keys" in the Tigris dashboard' }],
  ['Trigger.dev', 'secret key', 'high', ['tr_prod_', 'tr_stg_', 'tr_preview_', 'tr_prod_sk_', 'tr_stg_sk_', 'tr_preview_sk_'], alphanumeric([20, 24]), TRIGGER, { where: 'under "API keys" of the project in Trigger.dev' }],
  ['Trigger.dev', 'personal access token', 'high', 'tr_pat_', { of: 'a-z0-9', length: 40 }, TRIGGER],
  ['Trigger.dev', 'secret key (development)', 'low', ['tr_dev_', 'tr_dev_sk_'], alphanumeric([20, 24]), TRIGGER, { where: 'under "API keys" of the project in Trigger.dev', id: 'triggerdev-secret-key-for-development' }],
  ['turbopuffer', 'API key', 'high', 'tpuf_', alphanumeric([20, 60]), 'https://turbopuffer.com/docs/auth'],
  ['Unkey', 'root key', 'critical', 'unkey_', { of: '1-9A-HJ-NP-Za-km-z', length: [21, 24] }, 'https://www.unkey.com/docs/security/root-keys'],
  ['Val Town', 'API token', 'high', 'vtwn_', alphanumeric([20, 40]), 'https://docs.val.town/api/authentication/'],
  ['Warp', 'API key', 'high', 'wk-1.', hex(64), 'https://docs.warp.dev/'],
  ['WunderGraph', 'Cosmo API key', 'high', 'cosmo_', { of: 'a-f0-9', length: 32 }, 'https://cosmo-docs.wundergraph.com/studio/api-keys'],
  ['Zuplo', 'API key', 'high', 'zpka_', { of: 'a-z0-9_', length: 41, form: '[a-z0-9]{32}_[a-z0-9]{8}' }, 'https://zuplo.com/docs/articles/api-key-management'],
]);

// prettier-ignore
const values = valueRules([
  ['Aikido', 'client secret', 'high', ['aikido'], base64url([32, 100]), 'https://apidocs.aikido.dev/', { rest: 'secret|token|key' }],
  ['Asaas', 'key', 'high', ['asaas'], { of: 'A-Za-z0-9+/=_:$', length: [40, 300] }, 'https://docs.asaas.com/docs/authentication-2', { rest: 'key|token', id: 'asaas-key-by-its-name' }],
  ['Brave', 'Search API key', 'medium', [...spelled('brave search', 'brave api'), 'x-subscription-token'], base64url([28, 36]), 'https://api-dashboard.search.brave.com/app/documentation', { id: 'brave-search-api-key-by-its-name' }],
  ['Chroma', 'Cloud API key', 'high', spelled('chroma api', 'chroma cloud'), { of: 'A-Za-z0-9-', length: [40, 60] }, 'https://docs.trychroma.com/cloud/getting-started'],
  ['DevCycle', 'management secret', 'high', ['devcycle', 'dvc_'], base64url([32, 100]), DEVCYCLE, { rest: 'secret|token' }],
  ['Endor Labs', 'API credential', 'high', ['endor_', 'endorlabs', 'endor-'], { of: 'A-Za-z0-9+_-', length: [16, 60] }, 'https://docs.endorlabs.com/administration/api-keys/', { rest: 'key|secret|token', id: 'endor-labs-api-credential-by-its-name' }],
  ['Mergify', 'token', 'high', ['mergify'], base64url([30, 90]), 'https://docs.mergify.com/api/', { rest: 'key|token', id: 'mergify-token-by-its-name' }],
  ['Rootly', 'key', 'high', ['rootly'], base64url([32, 90]), 'https://docs.rootly.com/api-reference/overview', { rest: 'key|token', id: 'rootly-key-by-its-name' }],
  ['Val Town', 'token', 'high', spelled('val town'), alphanumeric([20, 60]), 'https://docs.val.town/api/authentication/', { rest: 'key|token', id: 'val-town-token-by-its-name' }],
  ['WunderGraph', 'key', 'high', ['wundergraph', 'cosmo_api', 'cosmo-api', 'graph_api_token'], { of: 'A-Za-z0-9._-', length: [30, 600] }, 'https://cosmo-docs.wundergraph.com/studio/api-keys', { id: 'wundergraph-key-by-its-name' }],
  ['Zuplo', 'key', 'high', ['zuplo'], base64url([32, 80]), 'https://zuplo.com/docs/articles/api-key-management', { rest: 'key|token|secret', id: 'zuplo-key-by-its-name' }],
]);

export const newerServiceRules: readonly Rule[] = [
  ...tokens,
  prefixed({
    ...describe(
      'Brave',
      'Search API key',
      'medium',
      'https://api-dashboard.search.brave.com/app/documentation',
      'under "API keys" in Brave Search',
    ),
    prefix: 'BSA',
    ...base64url(28),
    // In base64, these letters are met by chance.
    validate: (secret) => (isMixed(secret.slice(3)) ? opaque(secret, secret.slice(3)) : rejected),
  }),
  ...values,
];
