/** Payments: processors, banks, billing. Stripe has a separate file. */
import { BEFORE } from '../authoring/boundaries.ts';
import { named, prefixed } from '../authoring/builders.ts';
import {
  HEX,
  SECRETS,
  URL_SAFE,
  WORD,
  alphanumeric,
  base64url,
  describe,
  lower,
  tokenRules,
  uuid,
  valueRules,
} from '../authoring/table.ts';
import type { Rule } from '../model/rule.ts';
import { opaque } from '../validators/opaque.ts';
import { polarToken } from '../validators/platform-tokens.ts';
import { type Verdict, regraded, rejected } from '../model/verdict.ts';

const CIRCLE = 'https://developers.circle.com/api-reference/keys';
const CIRCLE_KEY = { of: 'a-f0-9:', length: 65, form: '[a-f0-9]{32}:[a-f0-9]{32}' };
const CROSSMINT = 'https://docs.crossmint.com/introduction/platform/api-keys/server-side';
const POLAR_OAUTH = 'https://polar.sh/docs/integrate/oauth2/connect';
const adyen = 'https://docs.adyen.com/development-resources/api-credentials/';
const braintree =
  'https://developer.paypal.com/braintree/articles/control-panel/important-gateway-credentials';
const checkout = 'https://www.checkout.com/docs/developer-resources/testing/api-keys';
const flutterwave = 'https://developer.flutterwave.com/docs/authentication';
const goCardless = 'https://developer.gocardless.com/api-reference/#making-requests';
const plaid = 'https://plaid.com/docs/quickstart/glossary/';
const square = 'https://developer.squareup.com/docs/build-basics/access-tokens';

/** Tokens whose prefix says whether real money moves. */
function byMode(secret: string): Verdict {
  const body = secret.slice(-24);
  if (!/[0-9]/.test(body) && !/[a-z][A-Z]/.test(body)) return rejected;
  const verdict = opaque(secret, body);
  return verdict.ok && /(?:^|[_-])(?:test|sandbox|sdbx|sbox)(?:[_-]|$)/i.test(secret)
    ? regraded('low', 'test mode', ...verdict.evidence)
    : verdict;
}

export const paymentRules: readonly Rule[] = [
  {
    ...describe('Paystack', 'secret key', 'critical', 'https://paystack.com/docs/api/authentication/'),
    keywords: ['sk_live_', 'sk_test_'],
    pattern: new RegExp(`${BEFORE}sk_(?:live|test)_[a-f0-9]{40}(?![A-Za-z0-9_])`),
    window: { before: 0, after: 40 },
    next: { of: HEX, least: 40 },
    validate: byMode,
  },
  {
    ...describe('Plaid', 'access token', 'critical', plaid),
    keywords: ['access-production-', 'access-development-', 'access-sandbox-'],
    pattern: new RegExp(
      `${BEFORE}access-(?:production|development|sandbox)-[a-f0-9]{8}(?:-[a-f0-9]{4}){3}-[a-f0-9]{12}(?![A-Za-z0-9_-])`,
    ),
    window: { before: 0, after: 36 },
    next: { of: 'a-f0-9-', least: 36 },
    validate: (secret) =>
      secret.startsWith('access-sandbox') ? regraded('low', 'sandbox') : opaque(secret, secret.slice(-36)),
  },
  {
    ...describe('Braintree', 'access token', 'critical', braintree),
    keywords: ['access_token$'],
    pattern: new RegExp(
      `${BEFORE}access_token\\$(?:production|sandbox)\\$[a-z0-9]{16}\\$[a-f0-9]{32}(?![A-Za-z0-9_])`,
    ),
    window: { before: 0, after: 60 },
    next: { of: 'a-z$0-9', least: 50 },
    validate: (secret) =>
      secret.includes('$sandbox$') ? regraded('low', 'sandbox') : opaque(secret, secret.slice(-32)),
  },
  {
    ...describe('Adyen', 'API key', 'critical', adyen),
    keywords: ['AQE'],
    pattern: new RegExp(
      `${BEFORE}AQE[A-Za-z0-9+/]{20,200}={0,2}-[A-Za-z0-9+/]{20,100}={0,2}-[^\\s"'\`\\\\,;)}\\]]{8,40}(?![^\\s"'\`\\\\,;)}\\]])`,
    ),
    window: { before: 0, after: 350 },
    next: { of: 'A-Za-z0-9+/', least: 20 },
    validate: (secret) => opaque(secret, secret.slice(3)),
  },
  {
    ...describe('Flutterwave', 'secret key', 'critical', flutterwave),
    keywords: ['FLWSECK'],
    pattern: new RegExp(
      `${BEFORE}FLWSECK(?:_TEST)?-[A-Za-z0-9]{12,40}(?:-[0-9a-z]{6,24})?-X(?![A-Za-z0-9_])`,
    ),
    window: { before: 0, after: 75 },
    next: { of: 'A-Za-z0-9_-', least: 14 },
    validate: (secret) =>
      secret.startsWith('FLWSECK_TEST') ? regraded('low', 'test mode') : opaque(secret, secret.slice(8)),
  },
  {
    ...describe(
      'Paddle',
      'API key',
      'critical',
      'https://developer.paddle.com/api-reference/about/authentication',
    ),
    keywords: ['pdl_'],
    pattern: new RegExp(
      `${BEFORE}pdl_(?:live|sdbx)_apikey_[a-z0-9]{26}_[A-Za-z0-9]{22}_[A-Za-z0-9]{3}(?![A-Za-z0-9_])`,
    ),
    window: { before: 0, after: 70 },
    next: { of: 'a-z_', least: 12 },
    validate: (secret) =>
      secret.startsWith('pdl_sdbx') ? regraded('low', 'test mode') : opaque(secret, secret.slice(16)),
  },
  {
    ...describe('Checkout.com', 'secret key', 'critical', checkout),
    keywords: ['sk_'],
    pattern: new RegExp(`${BEFORE}sk_(?:sbox_)?[a-z2-7]{26}[a-z2-7*#$=](?![A-Za-z0-9_])`),
    window: { before: 0, after: 33 },
    next: { of: 'a-z2-7_', least: 26 },
    validate: byMode,
  },
  {
    ...describe('GoCardless', 'access token (live)', 'critical', goCardless),
    id: 'gocardless-live-access-token',
    keywords: ['live_'],
    pattern: new RegExp(`${BEFORE}live_[A-Za-z0-9_-]{40,43}(?![A-Za-z0-9_-])`),
    window: { before: 0, after: 43 },
    next: { of: URL_SAFE, least: 40 },
    // What is written as words with underscores is a name.
    validate: (secret) =>
      /[A-Z]/.test(secret) && /[0-9]/.test(secret) ? opaque(secret, secret.slice(5)) : rejected,
  },
  prefixed({
    ...describe('Mollie', 'API key', 'critical', 'https://docs.mollie.com/reference/authentication'),
    prefix: ['live_', 'test_'],
    of: WORD,
    length: 30,
    validate: byMode,
  }),
  prefixed({
    ...describe('Razorpay', 'key ID', 'medium', 'https://razorpay.com/docs/api/authentication/'),
    prefix: ['rzp_live_', 'rzp_test_'],
    of: WORD,
    length: 14,
    validate: byMode,
  }),
  prefixed({
    ...describe('Square', 'access token', 'critical', square),
    id: 'square-access-token-new-form',
    prefix: 'EAAA',
    of: URL_SAFE,
    length: 60,
  }),
  prefixed({
    ...describe('Klarna', 'API key', 'critical', 'https://docs.klarna.com/api/authentication/'),
    prefix: ['klarna_live_api_', 'klarna_test_api_'],
    of: 'A-Za-z0-9+/=_-',
    length: [40, 240],
    validate: byMode,
  }),
  prefixed({
    ...describe(
      'Stripe',
      'organization API key',
      'critical',
      'https://docs.stripe.com/keys#organization-api-keys',
    ),
    prefix: ['sk_org_live_', 'sk_org_test_', 'sk_org_'],
    of: 'A-Za-z0-9_',
    length: [24, 247],
    validate: byMode,
  }),
  prefixed({
    ...describe('Stripe', 'ephemeral key', 'medium', 'https://docs.stripe.com/payments/existing-customers'),
    prefix: ['ek_live_', 'ek_test_'],
    of: 'A-Za-z0-9_',
    length: [24, 247],
    validate: byMode,
  }),
  named({
    ...describe('Plaid', 'secret', 'critical', plaid),
    names: ['plaid'],
    near: SECRETS,
    of: HEX,
    length: 30,
  }),
  // prettier-ignore
  ...tokenRules([
    ['Polar', 'access token', 'high', ['polar_oat_', 'polar_pat_'], alphanumeric([32, 64]), 'https://polar.sh/docs/integrate/oat', { where: 'under "Settings" of the organization in Polar' }],
    ['Polar', 'OAuth access or refresh token', 'high', ['polar_at_u_', 'polar_at_o_', 'polar_rt_u_', 'polar_rt_o_'], alphanumeric(43), POLAR_OAUTH, { where: 'under "OAuth Applications" in Polar' }],
    ['Polar', 'OAuth client secret or registration token', 'high', ['polar_cs_', 'polar_crt_'], alphanumeric(43), POLAR_OAUTH, { where: 'under "OAuth Applications" in Polar' }],
    ['Polar', 'webhook secret', 'medium', 'polar_whs_', alphanumeric(43), 'https://polar.sh/docs/integrate/webhooks/endpoints', { where: 'under "Settings > Webhooks" in Polar' }],
    ['Polar', 'session token', 'medium', ['polar_us_', 'polar_cst_'], alphanumeric(43), POLAR_OAUTH, { remediation: 'Sign out of Polar, which ends the session.' }],
  ]).map((rule) => ({ ...rule, validate: polarToken })),
  // prettier-ignore
  ...tokenRules([
    ['Circle', 'API key', 'critical', 'LIVE_API_KEY:', CIRCLE_KEY, CIRCLE, { where: 'under "API & Client Keys" in the Circle console' }],
    ['Circle', 'API key (test)', 'low', 'TEST_API_KEY:', CIRCLE_KEY, CIRCLE, { where: 'under "API & Client Keys" in the Circle console', id: 'circle-api-key-for-testing' }],
    ['Crossmint', 'server-side API key', 'critical', 'sk_production_', { of: '1-9A-HJ-NP-Za-km-z', length: [60, 400] }, CROSSMINT, { where: 'under "API Keys" in the Crossmint console' }],
    ['Crossmint', 'server-side API key (staging)', 'low', 'sk_staging_', { of: '1-9A-HJ-NP-Za-km-z', length: [60, 400] }, CROSSMINT, { where: 'under "API Keys" in the Crossmint console', id: 'crossmint-server-side-api-key-for-staging' }],
    ['PayPal', 'access token', 'medium', 'A21AA', base64url([80, 100]), 'https://developer.paypal.com/api/rest/authentication/', { remediation: 'Rotate the client secret under "Apps & Credentials" in the PayPal Developer Dashboard, or let the token expire.' }],
    ['Mercury', 'API token', 'critical', ['secret-token:mercury_production_', 'secret-token:mercury_sandbox_'], { of: 'A-Za-z0-9_', length: [43, 73], form: '[a-z]{2,8}_[A-Za-z0-9]{32,56}_yrucrem' }, 'https://docs.mercury.com/reference/getting-started', { where: 'under "Settings > API Tokens" in Mercury', id: 'mercury-api-token-with-its-prefix' }],
    ['Square', 'access token', 'critical', ['sq0atp-'], base64url(22), square],
    ['Square', 'OAuth secret', 'high', ['sq0csp-'], base64url(43), 'https://developer.squareup.com/docs/oauth-api/overview'],
    ['Worldpay', 'service key', 'high', ['L_S_', 'T_S_'], uuid, 'https://developer.worldpay.com/'],
    ['Midtrans', 'server key', 'critical', ['Mid-server-'], base64url([20, 40]), 'https://docs.midtrans.com/docs/get-your-midtrans-account-keys'],
    ['Xendit', 'secret key', 'critical', ['xnd_production_', 'xnd_development_'], alphanumeric([40, 80]), 'https://docs.xendit.co/docs/api-keys'],
    ['PayMongo', 'secret key', 'critical', ['sk_live_paymongo_'], alphanumeric([20, 40]), 'https://developers.paymongo.com/docs/authentication'],
    ['Brex', 'API token', 'critical', ['bxt_'], alphanumeric([30, 60]), 'https://developer.brex.com/docs/authentication/'],
    ['Omise', 'secret key', 'critical', ['skey_'], { of: 'a-z0-9_', length: [19, 30] }, 'https://docs.omise.co/api-authentication'],
    ['Mercado Pago', 'access token', 'critical', ['APP_USR-'], { of: 'A-Za-z0-9-', length: [50, 90] }, 'https://www.mercadopago.com.br/developers/en/docs/your-integrations/credentials'],
    ['Pagar.me', 'API key', 'critical', ['ak_live_'], alphanumeric([28, 40]), 'https://docs.pagar.me/docs/autentica%C3%A7%C3%A3o'],
    ['Cashfree', 'secret key', 'critical', ['cfsk_ma_prod_'], { of: 'a-z0-9_', length: [40, 60] }, 'https://www.cashfree.com/docs/api-reference/authentication'],
  ]),
  // prettier-ignore
  ...valueRules([
    ['PayPal', 'client secret', 'critical', ['paypal', 'pp_client'], base64url(80), 'https://developer.paypal.com/api/rest/', { rest: 'secret|key|passw' }],
    ['PayPal', 'API signature', 'critical', ['paypal'], { of: 'A-Za-z0-9._-', length: [54, 60] }, 'https://developer.paypal.com/api/nvp-soap/apiCredentials/', { rest: 'sign' }],
    ['Braintree', 'private key', 'critical', ['braintree'], lower(32), braintree],
    ['Square', 'token', 'high', ['square_access', 'squareup', 'square_token', 'square_secret', 'squareaccess', 'square_app'], base64url([22, 64]), square, { id: 'square-token-by-its-name' }],
    ['Adyen', 'HMAC key', 'high', ['adyen'], { of: 'A-F0-9', length: 64 }, 'https://docs.adyen.com/development-resources/webhooks/secure-webhooks/verify-hmac-signatures'],
    ['Razorpay', 'key secret', 'critical', ['razorpay', 'rzp_'], alphanumeric(24), 'https://razorpay.com/docs/api/authentication/'],
    ['GoCardless', 'access token', 'high', ['gocardless', 'go_cardless'], base64url([36, 60]), goCardless, { id: 'gocardless-access-token-by-its-name' }],
    ['Checkout.com', 'secret key (old format)', 'critical', ['checkout_secret', 'cko_secret', 'checkout.com', 'checkoutcom', 'cko_'], { of: 'a-z0-9_-', length: [38, 48] }, checkout, { id: 'checkoutcom-secret-key-classic' }],
    ['Worldpay', 'credential', 'high', ['worldpay'], alphanumeric([16, 64]), 'https://developer.worldpay.com/'],
    ['Authorize.net', 'transaction key', 'critical', ['authorizenet', 'authorize.net', 'authorize_net', 'transactionkey', 'transaction_key', 'authnet'], alphanumeric(16), 'https://developer.authorize.net/api/reference/'],
    ['Dwolla', 'key or secret', 'critical', ['dwolla'], alphanumeric(50), 'https://developers.dwolla.com/docs/auth'],
    ['Wise', 'API token', 'critical', ['transferwise', 'wise_api', 'wise_token', 'wiseapi'], uuid, 'https://docs.wise.com/api-docs/features/authentication-access'],
    ['Revolut', 'API key', 'critical', ['revolut'], base64url([43, 100]), 'https://developer.revolut.com/docs/merchant/merchant-api'],
    ['Recurly', 'private API key', 'critical', ['recurly'], lower(32), 'https://recurly.com/developers/api/'],
    ['Chargebee', 'API key', 'critical', ['chargebee'], base64url([32, 70]), 'https://apidocs.chargebee.com/docs/api/auth'],
    ['Paddle Classic', 'API key', 'high', ['paddle_', 'paddleapi', 'paddle.com'], lower(50), 'https://developer.paddle.com/classic/api-reference', { id: 'paddle-api-key-classic' }],
    ['Gumroad', 'access token', 'high', ['gumroad'], base64url([43, 64]), 'https://gumroad.com/api'],
    ['Paystack', 'secret', 'high', ['paystack'], lower(40), 'https://paystack.com/docs/api/authentication/', { id: 'paystack-secret-by-its-name' }],
    ['FastSpring', 'API password', 'high', ['fastspring'], base64url([20, 30]), 'https://developer.fastspring.com/reference/authentication'],
    ['iyzico', 'secret key', 'high', ['iyzico', 'iyzipay'], alphanumeric([32, 48]), 'https://docs.iyzico.com/en/'],
    ['PayU', 'key', 'high', ['payu_', 'payu.', 'payumoney'], alphanumeric([16, 64]), 'https://developers.payu.com/europe/docs/get-started/', { rest: 'salt|secret|second_key|secondkey|merchant_key' }],
    ['Paytm', 'merchant key', 'high', ['paytm'], { of: 'A-Za-z0-9@#&%_', length: 16 }, 'https://www.paytmpayments.com/docs/'],
    ['TrueLayer', 'client secret', 'high', ['truelayer'], uuid, 'https://docs.truelayer.com/docs/authenticate'],
    ['GoCardless Bank Account Data (Nordigen)', 'secret key', 'high', ['nordigen', 'bankaccountdata'], lower(128), 'https://developer.gocardless.com/bank-account-data/overview', { id: 'nordigen-secret-key' }],
    ['Mastercard Open Finance (Finicity)', 'partner secret', 'high', ['finicity'], alphanumeric([20, 32]), 'https://developer.mastercard.com/open-finance-us/documentation/quick-start-guide/', { id: 'finicity-partner-secret' }],
    ['Marqeta', 'token', 'high', ['marqeta'], uuid, 'https://www.marqeta.com/docs/developer-guides/core-api-quick-start'],
    ['Mercury', 'API token', 'critical', ['mercury_production', 'mercury_api', 'mercury_token'], { of: 'A-Za-z0-9_:-', length: [40, 160] }, 'https://docs.mercury.com/reference/getting-started'],
    ['Ramp', 'client secret', 'high', ['ramp_client', 'ramp_secret', 'ramp_sec'], { of: 'A-Za-z0-9_', length: [32, 80] }, 'https://docs.ramp.com/developer-api/v1/authorization'],
    ['NOWPayments', 'API key', 'high', ['nowpayments'], { of: 'A-Z0-9-', length: [27, 32] }, 'https://documenter.getpostman.com/view/7907941/2s93JusNJt'],
    ['BitPay', 'token', 'high', ['bitpay'], alphanumeric([43, 46]), 'https://developer.bitpay.com/docs/getting-started'],
    ['Conekta', 'private key', 'high', ['conekta'], { of: 'A-Za-z0-9_', length: [22, 32] }, 'https://developers.conekta.com/docs/api-keys'],
    ['YooKassa', 'secret key', 'critical', ['yookassa', 'yoomoney'], base64url([40, 60]), 'https://yookassa.ru/developers/using-api/interaction-format'],
    ['Tap', 'secret key', 'high', ['gosell', 'tap_secret', 'tappayments'], { of: 'A-Za-z0-9_', length: [24, 48] }, 'https://developers.tap.company/docs/getting-started'],
  ]),
];
