/** Identity providers, two-factor services, captchas, identity checks. */
import { BEFORE } from '../authoring/boundaries.ts';
import { named, prefixed } from '../authoring/builders.ts';
import {
  SECRETS,
  URL_SAFE,
  WORD,
  alphanumeric,
  base64,
  base64url,
  describe,
  hex,
  lower,
  tokenRules,
  uuid,
  valueRules,
} from '../authoring/table.ts';
import type { Rule } from '../model/rule.ts';
import { isMixed, opaque } from '../validators/opaque.ts';
import { rejected } from '../model/verdict.ts';

const okta = 'https://developer.okta.com/docs/guides/create-an-api-token/main/';
const stytch = 'https://stytch.com/docs/b2b/guides/dashboard/api-keys';
const persona = 'https://docs.withpersona.com/api-keys';
const zitadel = 'https://zitadel.com/docs/guides/integrate/service-users/personal-access-token';
const auth0 = 'https://auth0.com/docs/get-started/applications/application-settings';
const duo = 'https://duo.com/docs/adminapi';

export const identityRules: readonly Rule[] = [
  prefixed({
    ...describe('WorkOS', 'API key', 'critical', 'https://workos.com/docs/reference/api-keys'),
    prefix: ['sk_live_a2V5X', 'sk_test_a2V5X', 'sk_a2V5X'],
    ...base64([30, 200]),
  }),
  {
    ...describe(
      'Clerk',
      'secret key',
      'critical',
      'https://clerk.com/docs/guides/development/clerk-environment-variables',
    ),
    keywords: ['sk_live_', 'sk_test_'],
    pattern: new RegExp(
      `${BEFORE}sk_(?:live|test)_(?=[A-Za-z0-9]{0,50}[G-Zg-z])[A-Za-z0-9]{40,50}(?![A-Za-z0-9_])`,
    ),
    window: { before: 0, after: 50 },
    next: { of: WORD, least: 40 },
    validate: (secret) => {
      const verdict = opaque(secret, secret.slice(8));
      return verdict.ok && secret.startsWith('sk_test') ? { ...verdict, severity: 'medium' } : verdict;
    },
  },
  {
    ...describe('Okta', 'API token', 'critical', okta),
    keywords: ['SSWS '],
    pattern: /SSWS (?<secret>00[A-Za-z0-9_-]{40})(?![A-Za-z0-9_-])/,
    window: { before: 0, after: 42 },
    next: { of: URL_SAFE, least: 42 },
    validate: (secret) => opaque(secret, secret.slice(2)),
  },
  {
    ...describe('Okta', 'API token', 'critical', okta),
    id: 'okta-api-token-by-its-name',
    confidence: 'medium',
    keywords: ['okta'],
    caseless: true,
    pattern: /(?i:okta)[^]{0,120}?(?<![A-Za-z0-9_-])(?<secret>00[A-Za-z0-9_-]{40})(?![A-Za-z0-9_-])/,
    window: { before: 0, after: 165 },
    validate: (secret) => (isMixed(secret) ? opaque(secret, secret.slice(2)) : rejected),
  },
  {
    ...describe('Sumsub', 'app token', 'high', 'https://docs.sumsub.com/reference/authentication'),
    keywords: ['prd:', 'sbx:'],
    pattern: new RegExp(`${BEFORE}(?:prd|sbx):[A-Za-z0-9]{20,28}\\.[A-Za-z0-9]{28,36}(?![A-Za-z0-9_])`),
    window: { before: 0, after: 65 },
    next: { of: WORD, least: 20 },
    validate: (secret) => opaque(secret, secret.slice(4)),
  },
  {
    ...describe('Onfido', 'API token', 'high', 'https://documentation.onfido.com/api/latest/#api-tokens'),
    keywords: ['api_live', 'api_sandbox'],
    pattern: new RegExp(
      `${BEFORE}api_(?:live|sandbox)(?:_(?:us|ca))?\\.[A-Za-z0-9_-]{11}\\.[A-Za-z0-9_-]{32}(?![A-Za-z0-9_-])`,
    ),
    window: { before: 0, after: 48 },
    next: { of: '_.a-z', least: 1 },
    validate: (secret) => opaque(secret, secret.slice(12)),
  },
  prefixed({
    ...describe('Stytch', 'secret', 'critical', stytch),
    prefix: ['secret-live-', 'secret-test-'],
    of: 'A-Za-z0-9_=-',
    length: [36, 48],
  }),
  named({
    ...describe('hCaptcha', 'secret key', 'medium', 'https://docs.hcaptcha.com/'),
    names: ['hcaptcha'],
    near: 'secret',
    of: 'xA-Fa-f0-9',
    length: 42,
    form: '0x[A-Fa-f0-9]{40}',
  }),
  // prettier-ignore
  ...tokenRules([
    ['Ory', 'API token', 'high', ['ory_pat_', 'ory_apikey_', 'ory_wak_'], base64url([28, 60]), 'https://www.ory.com/docs/concepts/personal-access-token'],
    ['Ory', 'OAuth or session token', 'medium', ['ory_at_', 'ory_rt_', 'ory_ac_', 'ory_st_'], { of: 'A-Za-z0-9_.-', length: [28, 200] }, 'https://www.ory.com/docs/hydra/'],
    ['Persona', 'API key', 'high', ['persona_production_'], base64url([30, 60]), persona],
    ['Persona', 'API key (sandbox)', 'low', ['persona_sandbox_'], base64url([30, 60]), persona, { id: 'persona-sandbox-api-key' }],
    ['JumpCloud', 'API key', 'critical', ['jca_'], alphanumeric(36), 'https://jumpcloud.com/support/jumpcloud-apis1'],
    ['hCaptcha', 'secret key', 'medium', ['ES_'], hex(32), 'https://docs.hcaptcha.com/', { id: 'hcaptcha-secret-key-new-form' }],
    ['Kinde', 'API key', 'high', ['kinde_'], alphanumeric([32, 64]), 'https://docs.kinde.com/developer-tools/kinde-api/'],
    ['PropelAuth', 'API key', 'high', ['propelauth_'], alphanumeric([32, 160]), 'https://docs.propelauth.com/'],
  ]),
  // prettier-ignore
  ...valueRules([
    ['Auth0', 'client secret', 'high', ['auth0'], base64url([60, 66]), auth0],
    ['Auth0', 'client secret or token', 'high', ['auth0'], base64url([30, 59]), auth0, { rest: 'secret', id: 'auth0-secret-by-its-name' }],
    ['Okta', 'client secret', 'high', ['okta'], base64url([40, 64]), 'https://developer.okta.com/docs/guides/implement-grant-type/clientcreds/main/', { where: 'under "Applications" in the Okta Admin Console', rest: 'secret' }],
    ['OneLogin', 'client ID or secret', 'critical', ['onelogin', 'one_login'], lower(64), 'https://developers.onelogin.com/api-docs/2/getting-started/working-with-api-credentials'],
    ['Duo', 'secret key', 'critical', ['duo_', 'skey', 'duoclient', 'duosecurity', 'duoapi'], alphanumeric(40), duo],
    ['Ping Identity', 'client secret', 'high', ['pingone', 'pingidentity', 'pingfederate', 'ping_client'], { of: 'A-Za-z0-9~._-', length: [32, 66] }, 'https://docs.pingidentity.com/pingone/applications/p1_applications.html', { id: 'pingidentity-client-secret' }],
    ['JumpCloud', 'API key', 'critical', ['jumpcloud', 'jump_cloud'], lower(40), 'https://jumpcloud.com/support/jumpcloud-apis1', { id: 'jumpcloud-api-key-by-its-name' }],
    ['Keycloak', 'client secret', 'high', ['keycloak'], { of: 'A-Za-z0-9-', length: [32, 36] }, 'https://www.keycloak.org/docs/latest/server_admin/#_client-credentials'],
    ['FusionAuth', 'API key', 'high', ['fusionauth', 'fusion_auth'], base64url([36, 90]), 'https://fusionauth.io/docs/apis/authentication'],
    ['Clerk', 'secret key', 'high', ['clerk_secret', 'clerk_api', 'clerk_webhook', 'clerksecret'], { of: 'A-Za-z0-9_', length: [32, 80] }, 'https://clerk.com/docs/guides/development/clerk-environment-variables', { id: 'clerk-key-by-its-name' }],
    ['Frontegg', 'API key', 'high', ['frontegg'], uuid, 'https://docs.frontegg.com/reference/getting-started-with-your-api'],
    ['Descope', 'management key', 'high', ['descope'], alphanumeric([32, 120]), 'https://docs.descope.com/management/management-keys'],
    ['Zitadel', 'access token', 'high', ['zitadel'], base64url([60, 80]), zitadel],
    ['LoginRadius', 'API secret', 'high', ['loginradius'], uuid, 'https://www.loginradius.com/docs/'],
    ['SAP Customer Data Cloud (Gigya)', 'secret key', 'high', ['gigya'], base64([32, 44]), 'https://help.sap.com/docs/SAP_CUSTOMER_DATA_CLOUD', { id: 'gigya-secret-key' }],
    ['SuperTokens', 'API key', 'high', ['supertokens'], base64url([20, 64]), 'https://supertokens.com/docs/'],
    ['Stytch', 'secret', 'high', ['stytch'], { of: 'A-Za-z0-9_=-', length: [36, 60] }, stytch, { id: 'stytch-secret-by-its-name' }],
    ['Veriff', 'API secret', 'high', ['veriff'], uuid, 'https://devdocs.veriff.com/docs/hmac-authentication-and-endpoint-security'],
    ['Sumsub', 'secret key', 'high', ['sumsub', 'sum_sub'], alphanumeric(32), 'https://docs.sumsub.com/reference/authentication'],
    ['Trulioo', 'API key', 'high', ['trulioo'], lower(32), 'https://developer.trulioo.com/docs/'],
    ['Jumio', 'API secret', 'high', ['jumio'], alphanumeric([32, 48]), 'https://documentation.jumio.ai/docs/'],
    ['YubiCloud', 'API secret key', 'medium', ['yubico', 'yubikey'], base64(28), 'https://developers.yubico.com/yubikey-val/Getting_Started_Writing_Clients.html', { id: 'yubico-api-secret' }],
    ['Twilio Authy', 'API key', 'high', ['authy'], alphanumeric(32), 'https://www.twilio.com/docs/authy/api', { id: 'authy-api-key' }],
    ['Magic', 'secret key', 'high', ['magic_secret', 'magiclink', 'magic_link', 'magic.link', 'magic_admin'], { of: 'A-Za-z0-9_', length: [20, 32] }, 'https://magic.link/docs/'],
    ['GeeTest', 'key', 'medium', ['geetest'], lower(32), 'https://docs.geetest.com/captcha/overview/start/'],
    ['2Captcha', 'API key', 'medium', ['2captcha', 'twocaptcha', 'two_captcha', 'rucaptcha'], lower(32), 'https://2captcha.com/2captcha-api'],
    ['Anti-Captcha', 'API key', 'medium', ['anticaptcha', 'anti_captcha', 'anti-captcha'], lower(32), 'https://anti-captcha.com/apidoc'],
    ['CapSolver', 'API key', 'medium', ['capsolver'], { of: 'A-Z0-9-', length: [36, 64] }, 'https://docs.capsolver.com/'],
    ['Fingerprint', 'secret API key', 'medium', ['fingerprint_', 'fingerprintjs', 'fpjs_'], alphanumeric(20), 'https://dev.fingerprint.com/reference/authentication', { rest: SECRETS, id: 'fingerprintjs-secret-api-key' }],
  ]),
];
