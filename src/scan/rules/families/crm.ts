/** Customer management: CRM, support desks, forms, signatures, calendars, marketing. */
import { BEFORE } from '../authoring/boundaries.ts';
import { named, prefixed } from '../authoring/builders.ts';
import {
  HEX,
  SECRETS,
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

const close = 'https://developer.close.com/topics/authentication/';
const hubSpot = 'https://developers.hubspot.com/docs/apps/legacy-apps/private-apps/overview';
const salesforce = 'https://help.salesforce.com/s/articleView?id=xcloud.remoteaccess_oauth_tokens_scopes.htm';
const zoho = 'https://www.zoho.com/crm/developer/docs/api/v8/oauth-overview.html';
const zendesk = 'https://developer.zendesk.com/api-reference/introduction/security-and-auth/';

export const crmRules: readonly Rule[] = [
  {
    ...describe('Salesforce', 'access token', 'high', salesforce),
    keywords: ['00D'],
    pattern: new RegExp(
      `${BEFORE}00D[A-Za-z0-9]{12}(?:[A-Za-z0-9]{3})?(?:!|%21)[A-Za-z0-9._]{80,260}(?![A-Za-z0-9_])`,
    ),
    window: { before: 0, after: 280 },
    next: [
      { of: WORD, least: 12, most: 16 },
      { of: '!%', least: 1 },
    ],
    validate: (secret) => opaque(secret, secret.slice(18)),
  },
  {
    ...describe('HubSpot', 'private app token', 'high', hubSpot),
    keywords: ['pat-'],
    pattern: new RegExp(
      `${BEFORE}pat-(?:na|eu|ap)[0-9]-[a-fA-F0-9]{8}(?:-[a-fA-F0-9]{4}){3}-[a-fA-F0-9]{12}(?![A-Za-z0-9_-])`,
    ),
    window: { before: 0, after: 40 },
    next: { of: 'a-z0-9A-F-', least: 40 },
    validate: (secret) => opaque(secret, secret.slice(8)),
  },
  {
    ...describe('Zoho', 'OAuth token', 'high', zoho),
    keywords: ['1000.'],
    pattern: new RegExp(`${BEFORE}1000\\.[a-f0-9]{32}\\.[a-f0-9]{32}(?![A-Za-z0-9_])`),
    window: { before: 0, after: 65 },
    next: { of: HEX, least: 32 },
    validate: (secret) => opaque(secret, secret.slice(5)),
  },
  {
    ...describe('Close', 'API key', 'high', close),
    keywords: ['api_'],
    pattern: new RegExp(`${BEFORE}api_[A-Za-z0-9]{18,26}\\.[A-Za-z0-9]{18,26}(?![A-Za-z0-9_])`),
    window: { before: 0, after: 53 },
    next: [
      { of: WORD, least: 18, most: 26 },
      { of: '.', least: 1 },
    ],
    validate: (secret) => (isMixed(secret) ? opaque(secret, secret.slice(4)) : rejected),
  },
  named({
    ...describe(
      'HubSpot',
      'API key',
      'high',
      'https://developers.hubspot.com/changelog/upcoming-api-key-sunset',
    ),
    names: ['hapikey', 'hubspot', 'hubapi'],
    near: 'token|secret',
    ...uuid,
  }),
  named({
    ...describe('Zendesk', 'API token', 'high', zendesk),
    names: ['zendesk', '/token:'],
    near: SECRETS,
    of: WORD,
    length: 40,
  }),
  prefixed({
    ...describe('Salesforce', 'refresh token', 'critical', salesforce),
    prefix: '5Aep861',
    of: 'A-Za-z0-9._',
    length: [50, 160],
  }),
  // prettier-ignore
  ...tokenRules([
    ['Typeform', 'access token', 'high', ['tfp_'], { of: 'A-Za-z0-9_.-', length: [40, 64] }, 'https://www.typeform.com/developers/get-started/personal-access-token/'],
    ['Cal.com', 'API key', 'high', ['cal_live_'], hex(32), 'https://cal.com/docs/api-reference/v2/introduction'],
    ['Cal.com', 'API key', 'medium', ['cal_'], hex([32, 36]), 'https://cal.com/docs/api-reference/v2/introduction', { id: 'calcom-api-key-other-form' }],
    ['Attio', 'API key', 'high', ['attio_'], hex(64), 'https://docs.attio.com/'],
    ['Nylas', 'API key', 'high', ['nyk_v0_'], alphanumeric([40, 80]), 'https://developer.nylas.com/docs/v3/auth/'],
    ['Rev.ai', 'access token', 'medium', ['revai_'], base64url([40, 100]), 'https://docs.rev.ai/'],
  ]),
  // prettier-ignore
  ...valueRules([
    ['Salesforce', 'security token', 'high', ['salesforce', 'sfdc', 'sf_security'], alphanumeric([24, 25]), 'https://help.salesforce.com/s/articleView?id=xcloud.user_security_token.htm', { rest: 'token' }],
    ['Salesforce', 'consumer secret', 'high', ['salesforce', 'sfdc', 'sf_consumer', 'sf_client'], { of: 'A-F0-9', length: 64 }, salesforce],
    ['Salesforce Marketing Cloud', 'client secret', 'high', ['marketingcloud', 'marketing_cloud', 'exacttarget', 'sfmc_'], alphanumeric(24), 'https://developer.salesforce.com/docs/marketing/marketing-cloud/guide/authorization-code.html', { rest: 'secret', id: 'salesforce-marketing-cloud-secret' }],
    ['Freshdesk', 'API key', 'high', ['freshdesk', 'freshservice', 'freshworks', 'freshsales', 'freshchat'], alphanumeric([20, 22]), 'https://developers.freshdesk.com/api/#authentication'],
    ['ServiceNow', 'client secret or password', 'high', ['servicenow', 'service_now', 'service-now'], { of: 'A-Za-z0-9~!@#$%^&*_+=.-', length: [13, 64] }, 'https://www.servicenow.com/docs/', { rest: 'secret|passw|pwd' }],
    ['Help Scout', 'API key', 'high', ['helpscout', 'help_scout'], alphanumeric([32, 40]), 'https://developer.helpscout.com/mailbox-api/overview/authentication/'],
    ['Gorgias', 'API key', 'high', ['gorgias'], lower(64), 'https://developers.gorgias.com/reference/authentication'],
    ['Pipedrive', 'API token', 'high', ['pipedrive'], lower(40), 'https://pipedrive.readme.io/docs/core-api-concepts-authentication'],
    ['Copper', 'API key', 'high', ['prosperworks', 'x-pw-access', 'copper_api', 'copper_token', 'coppercrm'], lower(32), 'https://developer.copper.com/introduction/authentication.html'],
    ['Zoho', 'client secret', 'high', ['zoho'], lower(42), zoho],
    ['Adobe Marketo Engage', 'client secret', 'high', ['marketo'], alphanumeric(32), 'https://developers.marketo.com/rest-api/authentication/', { id: 'marketo-client-secret' }],
    ['Oracle Eloqua', 'client secret', 'high', ['eloqua'], { of: 'A-Za-z0-9~_-', length: [40, 140] }, 'https://docs.oracle.com/en/cloud/saas/marketing/eloqua-develop/', { id: 'eloqua-secret' }],
    ['Salesforce Account Engagement (Pardot)', 'user key', 'high', ['pardot'], lower(32), 'https://developer.salesforce.com/docs/marketing/pardot/guide/authentication.html', { id: 'pardot-user-key' }],
    ['SurveyMonkey', 'access token', 'high', ['surveymonkey', 'survey_monkey'], { of: 'A-Za-z0-9._-', length: [60, 140] }, 'https://api.surveymonkey.com/v3/docs'],
    ['Jotform', 'API key', 'medium', ['jotform'], lower(32), 'https://api.jotform.com/docs/'],
    ['Formstack', 'API token', 'medium', ['formstack'], lower(32), 'https://developers.formstack.com/docs/authorization'],
    ['Typeform', 'token', 'high', ['typeform'], alphanumeric([43, 60]), 'https://www.typeform.com/developers/get-started/personal-access-token/', { id: 'typeform-token-by-its-name' }],
    ['Qualtrics', 'API token', 'high', ['qualtrics', 'x-api-token'], alphanumeric(40), 'https://api.qualtrics.com/'],
    ['Wufoo', 'API key', 'medium', ['wufoo'], { of: 'A-Z0-9-', length: 19 }, 'https://wufoo.github.io/docs/'],
    ['Calendly', 'client secret or key', 'high', ['calendly'], base64url([32, 64]), 'https://developer.calendly.com/getting-started'],
    ['Cronofy', 'client secret', 'high', ['cronofy'], base64url([40, 100]), 'https://docs.cronofy.com/developers/api/authorization/'],
    ['Acuity Scheduling', 'API key', 'medium', ['acuity'], lower(32), 'https://developers.acuityscheduling.com/', { id: 'acuity-api-key' }],
    ['Docusign', 'secret key', 'high', ['docusign'], uuid, 'https://developers.docusign.com/platform/auth/'],
    ['PandaDoc', 'API key', 'high', ['pandadoc'], lower(40), 'https://developers.pandadoc.com/reference/api-key-authentication-process'],
    ['SignNow', 'client secret', 'high', ['signnow'], lower(32), 'https://docs.signnow.com/docs/signnow/get-started'],
    ['Nylas', 'client secret', 'high', ['nylas'], alphanumeric([25, 30]), 'https://developer.nylas.com/docs/v2/'],
    ['Front', 'API token', 'high', ['frontapp', 'front_api', 'front_token', 'api2.frontapp'], { of: 'A-Za-z0-9._-', length: [60, 500] }, 'https://dev.frontapp.com/docs/authentication'],
    ['Kayako', 'API key', 'high', ['kayako'], { of: 'A-Za-z0-9-', length: [36, 60] }, 'https://developer.kayako.com/api/v1/reference/authentication/'],
    ['Kustomer', 'API key', 'high', ['kustomer'], { of: 'A-Za-z0-9._-', length: [100, 400] }, 'https://developer.kustomer.com/kustomer-api-docs/reference/authentication'],
    ['UserVoice', 'API secret', 'medium', ['uservoice'], alphanumeric([40, 44]), 'https://developer.uservoice.com/docs/api/getting-started/'],
    ['Canny', 'API key', 'medium', ['canny_', 'canny.io'], uuid, 'https://developers.canny.io/api-reference'],
    ['Insightly', 'API key', 'high', ['insightly'], uuid, 'https://api.insightly.com/v3.1/Help#!/Overview/Authentication'],
    ['Keap', 'client secret', 'high', ['infusionsoft', 'keap_'], alphanumeric([16, 64]), 'https://developer.infusionsoft.com/getting-started-oauth-keys/', { rest: SECRETS }],
    ['Outreach', 'client secret', 'high', ['outreach_', 'outreach.io'], base64url([43, 64]), 'https://developers.outreach.io/api/oauth/', { rest: 'secret|token' }],
    ['Gong', 'access key secret', 'high', ['gong_', 'gong.io'], { of: 'A-Za-z0-9._-', length: [32, 200] }, 'https://help.gong.io/docs/receive-access-to-the-api', { rest: 'secret|key|token' }],
    ['Apollo.io', 'API key', 'high', ['apollo_', 'apollo.io', 'apolloio'], base64url(22), 'https://docs.apollo.io/docs/create-api-key', { rest: SECRETS, id: 'apollo-api-key' }],
    ['ZoomInfo', 'password or private key', 'high', ['zoominfo'], alphanumeric([16, 64]), 'https://api-docs.zoominfo.com/', { id: 'zoominfo-credential' }],
    ['Clearbit', 'secret key', 'high', ['clearbit'], { of: 'a-z0-9_', length: 35 }, 'https://help.clearbit.com/hc/en-us/articles/4406167284631'],
    ['FullContact', 'API key', 'medium', ['fullcontact'], alphanumeric(32), 'https://docs.fullcontact.com/docs/api-authentication'],
    ['Hunter', 'API key', 'medium', ['hunter_', 'hunter.io', 'hunterio'], lower(40), 'https://hunter.io/api-documentation/v2'],
    ['Snov.io', 'client secret', 'medium', ['snov_', 'snov.io', 'snovio'], lower(32), 'https://snov.io/api', { rest: SECRETS }],
    ['lemlist', 'API key', 'medium', ['lemlist'], lower(32), 'https://developer.lemlist.com/'],
    ['People Data Labs', 'API key', 'medium', ['peopledatalabs', 'pdl_api'], lower(64), 'https://docs.peopledatalabs.com/docs/authentication', { id: 'peopledatalabs-api-key' }],
    ['Lusha', 'API key', 'medium', ['lusha'], uuid, 'https://docs.lusha.com/'],
    ['Zuora', 'client secret', 'high', ['zuora'], base64([36, 44]), 'https://developer.zuora.com/'],
    ['NetSuite', 'consumer or token secret', 'critical', ['netsuite', 'suitetalk'], lower(64), 'https://docs.oracle.com/en/cloud/saas/netsuite/ns-online-help/section_4247337262.html'],
    ['Xero', 'client secret', 'high', ['xero_', 'xeroapi', 'xero.'], base64url(48), 'https://developer.xero.com/documentation/guides/oauth2/auth-flow/'],
    ['QuickBooks', 'client secret', 'high', ['quickbooks', 'intuit', 'qbo_'], alphanumeric(40), 'https://developer.intuit.com/app/developer/qbo/docs/develop/authentication-and-authorization'],
    ['FreshBooks', 'client secret', 'high', ['freshbooks'], lower(64), 'https://www.freshbooks.com/api/start'],
    ['Workday', 'client secret', 'critical', ['workday'], alphanumeric([40, 60]), 'https://community.workday.com/', { rest: SECRETS }],
    ['BambooHR', 'API key', 'critical', ['bamboohr', 'bamboo_hr'], lower(40), 'https://documentation.bamboohr.com/docs/getting-started'],
    ['Greenhouse', 'API key', 'high', ['greenhouse'], { of: 'a-f0-9-', length: [32, 46] }, 'https://developers.greenhouse.io/harvest.html#authentication'],
    ['Lever', 'API key', 'high', ['lever_', 'lever.co'], base64([44, 64]), 'https://hire.lever.co/developer/documentation#authentication', { rest: SECRETS }],
    ['Gusto', 'API token', 'critical', ['gusto_', 'gusto.com'], base64url(43), 'https://docs.gusto.com/', { rest: SECRETS }],
    ['HiBob', 'service user token', 'high', ['hibob'], base64url([40, 64]), 'https://apidocs.hibob.com/reference/authorization'],
    ['Toggl', 'API token', 'medium', ['toggl'], lower(32), 'https://engineering.toggl.com/docs/authentication'],
    ['Harvest', 'access token', 'medium', ['harvest_', 'harvestapp'], { of: 'A-Za-z0-9._-', length: [60, 110] }, 'https://help.getharvest.com/api-v2/authentication-api/authentication/authentication/'],
    ['Clockify', 'API key', 'medium', ['clockify'], base64([16, 64]), 'https://docs.clockify.me/#section/Authentication'],
  ]),
];
