/** Shops, marketplaces, shipping, travel, tax. */
import { BEFORE } from '../authoring/boundaries.ts';
import { prefixed } from '../authoring/builders.ts';
import {
  HEX,
  SECRETS,
  alphanumeric,
  base64url,
  describe,
  hex,
  lower,
  tokenRules,
  uuid,
  valueRules,
} from '../authoring/table.ts';
import type { Rule } from '../model/rule.ts';
import { opaque } from '../validators/opaque.ts';
import { rejected } from '../model/verdict.ts';

const ebay = 'https://developer.ebay.com/api-docs/static/creating-edp-account.html';
const etsy = 'https://developers.etsy.com/documentation/essentials/authentication';
const shopify = 'https://shopify.dev/docs/apps/build/authentication-authorization';
const wooCommerce = 'https://woocommerce.github.io/woocommerce-rest-api-docs/#authentication';

export const commerceRules: readonly Rule[] = [
  {
    ...describe('eBay', 'cert ID', 'high', ebay),
    keywords: ['PRD-', 'SBX-'],
    pattern: new RegExp(`${BEFORE}(?:PRD|SBX)-[a-f0-9]{12}(?:-[a-f0-9]{4}){4}(?![A-Za-z0-9_-])`),
    window: { before: 0, after: 33 },
    next: { of: 'a-f0-9-', least: 32 },
    validate: (secret) => opaque(secret, secret.slice(4)),
  },
  {
    ...describe(
      'eBay',
      'user token',
      'high',
      'https://developer.ebay.com/api-docs/static/auth-and-auth-tokens.html',
    ),
    keywords: ['v^1.1#'],
    pattern: /(?<![A-Za-z0-9_])v\^1\.1#i\^1#[A-Za-z0-9^#+/=]{60,3000}(?![A-Za-z0-9^#+/=_])/,
    window: { before: 0, after: 3010 },
    next: { of: 'A-Za-z0-9^#+/=', least: 60 },
    validate: (secret) => opaque(secret, secret.slice(6)),
  },
  {
    ...describe('Lob', 'API key', 'high', 'https://docs.lob.com/#tag/Authentication'),
    keywords: ['live_', 'test_'],
    pattern: new RegExp(`${BEFORE}(?:live|test)_(?:pub_)?[a-f0-9]{31,35}(?![A-Za-z0-9_])`),
    window: { before: 0, after: 39 },
    next: { of: 'a-fpu_0-9', least: 31 },
    validate: (secret) => {
      const verdict = /[0-9]/.test(secret) ? opaque(secret, secret.slice(5)) : rejected;
      return verdict.ok && !/^live_(?!pub_)/.test(secret) ? { ...verdict, severity: 'low' } : verdict;
    },
  },
  prefixed({
    ...describe('WooCommerce', 'REST API key or secret', 'high', wooCommerce),
    remediation:
      'Revoke the key under "WooCommerce > Settings > Advanced > REST API" in WordPress, then create a new one.',
    prefix: ['ck_', 'cs_'],
    of: HEX,
    length: 40,
  }),
  // prettier-ignore
  ...tokenRules([
    ['Shopify', 'Admin API access token', 'critical', ['shpat_'], hex(32), shopify],
    ['Shopify', 'custom app access token', 'critical', ['shpca_'], hex(32), shopify],
    ['Shopify', 'private app password', 'critical', ['shppa_'], hex(32), shopify],
    ['Shopify', 'user or refresh token', 'high', ['shpua_', 'shprt_'], hex(32), shopify],
    ['Shopify', 'app secret', 'high', ['shpss_'], hex(32), shopify],
    ['Shopify', 'theme access password', 'high', ['shptka_'], hex(32), 'https://shopify.dev/docs/storefronts/themes/tools/theme-access'],
    ['Shopify', 'CLI or partner token', 'high', ['atkn_', 'prtapi_'], hex([32, 64]), 'https://shopify.dev/docs/api/partner'],
    ['EasyPost', 'API key', 'high', ['EZAK'], alphanumeric(54), 'https://docs.easypost.com/docs/authentication'],
    ['EasyPost', 'API key (test)', 'low', ['EZTK'], alphanumeric(54), 'https://docs.easypost.com/docs/authentication', { id: 'easypost-test-api-key' }],
    ['Shippo', 'API token', 'high', ['shippo_live_'], hex(40), 'https://docs.goshippo.com/docs/guides_general/authentication/'],
    ['Shippo', 'API token (test)', 'low', ['shippo_test_'], hex(40), 'https://docs.goshippo.com/docs/guides_general/authentication/', { id: 'shippo-test-api-token' }],
    ['Duffel', 'access token', 'high', ['duffel_live_'], { of: 'A-Za-z0-9_=-', length: [40, 64] }, 'https://duffel.com/docs/api/overview/making-requests'],
    ['Duffel', 'access token (test)', 'low', ['duffel_test_'], { of: 'A-Za-z0-9_=-', length: [40, 64] }, 'https://duffel.com/docs/api/overview/making-requests', { id: 'duffel-test-access-token' }],
    ['Printful', 'API token', 'high', ['printful_'], alphanumeric([32, 64]), 'https://developers.printful.com/docs/'],
  ]),
  // prettier-ignore
  ...valueRules([
    ['Shopify', 'secret', 'high', ['shopify'], lower(32), shopify, { id: 'shopify-secret-by-its-name' }],
    ['Etsy', 'API keystring', 'medium', ['etsy_', 'etsyapi', 'etsy.com'], lower(24), etsy, { rest: SECRETS }],
    ['BigCommerce', 'access token', 'high', ['bigcommerce'], lower([31, 64]), 'https://developer.bigcommerce.com/docs/start/authentication/api-accounts'],
    ['Adobe Commerce (Magento)', 'access token', 'high', ['magento'], lower(32), 'https://developer.adobe.com/commerce/webapi/get-started/authentication/', { id: 'magento-access-token' }],
    ['Squarespace', 'API key', 'high', ['squarespace'], uuid, 'https://developers.squarespace.com/commerce-apis/authentication-and-permissions'],
    ['Walmart', 'client secret', 'high', ['walmart'], base64url([64, 120]), 'https://developer.walmart.com/doc/us/mp/us-mp-auth/'],
    ['ShipStation', 'API key or secret', 'high', ['shipstation', 'ship_station'], lower(32), 'https://www.shipstation.com/docs/api/requirements/'],
    ['ShipEngine', 'API key', 'high', ['shipengine'], { of: 'A-Za-z0-9+/_-', length: [43, 60] }, 'https://www.shipengine.com/docs/auth/'],
    ['Amadeus', 'API secret', 'medium', ['amadeus'], alphanumeric([16, 32]), 'https://developers.amadeus.com/self-service/apis-docs/guides/developer-guides/API-Keys/'],
    ['Avalara', 'license key', 'high', ['avalara', 'avatax'], { of: 'A-F0-9', length: 16 }, 'https://developer.avalara.com/authentication-in-rest/'],
    ['TaxJar', 'API token', 'high', ['taxjar'], lower(32), 'https://developers.taxjar.com/api/reference/#authentication'],
    ['Sabre', 'client secret', 'high', ['sabre_', 'sabreapi', 'sabre.com'], { of: 'A-Za-z0-9=+/', length: [13, 64] }, 'https://developer.sabre.com/guides/travel-agency/developer-guides/rest-apis-token-credentials', { rest: 'secret|passw' }],
    ['Skyscanner', 'API key', 'medium', ['skyscanner'], alphanumeric([32, 36]), 'https://developers.skyscanner.net/docs/getting-started/authentication'],
    ['Swell', 'secret key', 'high', ['swell_secret', 'swell_key', 'swell.store'], alphanumeric(32), 'https://developers.swell.is/backend-api/authentication'],
    ['Snipcart', 'secret API key', 'high', ['snipcart'], alphanumeric([75, 90]), 'https://docs.snipcart.com/v3/api-reference/authentication'],
    ['Ecwid', 'secret token', 'high', ['ecwid'], { of: 'A-Za-z0-9_', length: [32, 48] }, 'https://docs.ecwid.com/get-started/make-your-first-api-request'],
    ['AfterShip', 'API key', 'medium', ['aftership'], base64url([32, 40]), 'https://www.aftership.com/docs/tracking/quickstart/authentication'],
    ['UPS', 'client secret', 'high', ['ups_client', 'ups_secret', 'ups_access', 'upsapi'], alphanumeric([16, 64]), 'https://developer.ups.com/api/reference/oauth/client-credentials', { rest: 'secret|key|passw' }],
    ['FedEx', 'secret key', 'high', ['fedex'], lower(32), 'https://developer.fedex.com/api/en-us/catalog/authorization/docs.html'],
    ['Printify', 'API token', 'high', ['printify'], base64url([40, 800]), 'https://developers.printify.com/#authentication'],
  ]),
];
