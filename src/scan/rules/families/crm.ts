/** Customers: CRM, support desks, forms, signatures, calendars, marketing. */
import { BEFORE, named, prefixed } from '../builders.ts';
import { BASE64, HEX, SECRETS, URL_SAFE, UUID, WORD, describe, keys, tokens } from '../vendor.ts';
import type { Rule } from '../rule.ts';
import { isMixed, opaque } from '../validators/opaque.ts';
import { rejected } from '../validators/verdict.ts';

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
    of: UUID,
    length: 36,
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
  ...tokens([
    ['Typeform', 'access token', 'high', ['tfp_'], 'A-Za-z0-9_.-', [40, 64], 'https://www.typeform.com/developers/get-started/personal-access-token/'],
    ['Cal.com', 'API key', 'high', ['cal_live_'], HEX, 32, 'https://cal.com/docs/api-reference/v2/introduction'],
    ['Cal.com', 'API key (other form)', 'medium', ['cal_'], HEX, [32, 36], 'https://cal.com/docs/api-reference/v2/introduction'],
    ['Attio', 'API key', 'high', ['attio_'], HEX, 64, 'https://docs.attio.com/'],
    ['Nylas', 'API key', 'high', ['nyk_v0_'], WORD, [40, 80], 'https://developer.nylas.com/docs/v3/auth/'],
    ['Rev.ai', 'access token', 'medium', ['revai_'], URL_SAFE, [40, 100], 'https://docs.rev.ai/'],
  ]),
  // prettier-ignore
  ...keys([
    ['Salesforce', 'security token', 'high', ['salesforce', 'sfdc', 'sf_security'], WORD, [24, 25], 'https://help.salesforce.com/s/articleView?id=xcloud.user_security_token.htm', 'token'],
    ['Salesforce', 'consumer secret', 'high', ['salesforce', 'sfdc', 'sf_consumer', 'sf_client'], 'A-F0-9', 64, salesforce],
    ['Salesforce', 'Marketing Cloud secret', 'high', ['marketingcloud', 'marketing_cloud', 'exacttarget', 'sfmc_'], WORD, 24, 'https://developer.salesforce.com/docs/marketing/marketing-cloud/guide/authorization-code.html', 'secret'],
    ['Freshdesk', 'API key', 'high', ['freshdesk', 'freshservice', 'freshworks', 'freshsales', 'freshchat'], WORD, [20, 22], 'https://developers.freshdesk.com/api/#authentication'],
    ['ServiceNow', 'client secret or password', 'high', ['servicenow', 'service_now', 'service-now'], 'A-Za-z0-9~!@#$%^&*_+=.-', [13, 64], 'https://www.servicenow.com/docs/', 'secret|passw|pwd'],
    ['Help Scout', 'API key', 'high', ['helpscout', 'help_scout'], WORD, [32, 40], 'https://developer.helpscout.com/mailbox-api/overview/authentication/'],
    ['Gorgias', 'API key', 'high', ['gorgias'], HEX, 64, 'https://developers.gorgias.com/reference/authentication'],
    ['Pipedrive', 'API token', 'high', ['pipedrive'], HEX, 40, 'https://pipedrive.readme.io/docs/core-api-concepts-authentication'],
    ['Copper', 'API key', 'high', ['prosperworks', 'x-pw-access', 'copper_api', 'copper_token', 'coppercrm'], HEX, 32, 'https://developer.copper.com/introduction/authentication.html'],
    ['Zoho', 'client secret', 'high', ['zoho'], HEX, 42, zoho],
    ['Marketo', 'client secret', 'high', ['marketo'], WORD, 32, 'https://developers.marketo.com/rest-api/authentication/'],
    ['Eloqua', 'secret', 'high', ['eloqua'], 'A-Za-z0-9~_-', [40, 140], 'https://docs.oracle.com/en/cloud/saas/marketing/eloqua-develop/'],
    ['Pardot', 'user key', 'high', ['pardot'], HEX, 32, 'https://developer.salesforce.com/docs/marketing/pardot/guide/authentication.html'],
    ['SurveyMonkey', 'access token', 'high', ['surveymonkey', 'survey_monkey'], 'A-Za-z0-9._-', [60, 140], 'https://api.surveymonkey.com/v3/docs'],
    ['Jotform', 'API key', 'medium', ['jotform'], HEX, 32, 'https://api.jotform.com/docs/'],
    ['Formstack', 'API token', 'medium', ['formstack'], HEX, 32, 'https://developers.formstack.com/docs/authorization'],
    ['Typeform', 'token by its name', 'high', ['typeform'], WORD, [43, 60], 'https://www.typeform.com/developers/get-started/personal-access-token/'],
    ['Qualtrics', 'API token', 'high', ['qualtrics', 'x-api-token'], WORD, 40, 'https://api.qualtrics.com/'],
    ['Wufoo', 'API key', 'medium', ['wufoo'], 'A-Z0-9-', 19, 'https://wufoo.github.io/docs/'],
    ['Calendly', 'client secret or key', 'high', ['calendly'], URL_SAFE, [32, 64], 'https://developer.calendly.com/getting-started'],
    ['Cronofy', 'client secret', 'high', ['cronofy'], 'A-Za-z0-9_-', [40, 100], 'https://docs.cronofy.com/developers/api/authorization/'],
    ['Acuity', 'API key', 'medium', ['acuity'], HEX, 32, 'https://developers.acuityscheduling.com/'],
    ['DocuSign', 'secret key', 'high', ['docusign'], UUID, 36, 'https://developers.docusign.com/platform/auth/'],
    ['PandaDoc', 'API key', 'high', ['pandadoc'], HEX, 40, 'https://developers.pandadoc.com/reference/api-key-authentication-process'],
    ['SignNow', 'client secret', 'high', ['signnow'], HEX, 32, 'https://docs.signnow.com/docs/signnow/get-started'],
    ['Nylas', 'client secret', 'high', ['nylas'], WORD, [25, 30], 'https://developer.nylas.com/docs/v2/'],
    ['Front', 'API token', 'high', ['frontapp', 'front_api', 'front_token', 'api2.frontapp'], 'A-Za-z0-9._-', [60, 500], 'https://dev.frontapp.com/docs/authentication'],
    ['Kayako', 'API key', 'high', ['kayako'], 'A-Za-z0-9-', [36, 60], 'https://developer.kayako.com/api/v1/reference/authentication/'],
    ['Kustomer', 'API key', 'high', ['kustomer'], 'A-Za-z0-9._-', [100, 400], 'https://developer.kustomer.com/kustomer-api-docs/reference/authentication'],
    ['UserVoice', 'API secret', 'medium', ['uservoice'], WORD, [40, 44], 'https://developer.uservoice.com/docs/api/getting-started/'],
    ['Canny', 'API key', 'medium', ['canny_', 'canny.io'], UUID, 36, 'https://developers.canny.io/api-reference'],
    ['Insightly', 'API key', 'high', ['insightly'], UUID, 36, 'https://api.insightly.com/v3.1/Help#!/Overview/Authentication'],
    ['Keap', 'client secret', 'high', ['infusionsoft', 'keap_'], WORD, [16, 64], 'https://developer.infusionsoft.com/getting-started-oauth-keys/', SECRETS],
    ['Outreach', 'client secret', 'high', ['outreach_', 'outreach.io'], URL_SAFE, [43, 64], 'https://developers.outreach.io/api/oauth/', 'secret|token'],
    ['Gong', 'access key secret', 'high', ['gong_', 'gong.io'], 'A-Za-z0-9._-', [32, 200], 'https://help.gong.io/docs/receive-access-to-the-api', 'secret|key|token'],
    ['Apollo', 'API key', 'high', ['apollo_', 'apollo.io', 'apolloio'], URL_SAFE, 22, 'https://docs.apollo.io/docs/create-api-key', SECRETS],
    ['ZoomInfo', 'credential', 'high', ['zoominfo'], WORD, [16, 64], 'https://api-docs.zoominfo.com/'],
    ['Clearbit', 'secret key', 'high', ['clearbit'], 'a-z0-9_', 35, 'https://help.clearbit.com/hc/en-us/articles/4406167284631'],
    ['FullContact', 'API key', 'medium', ['fullcontact'], WORD, 32, 'https://docs.fullcontact.com/docs/api-authentication'],
    ['Hunter', 'API key', 'medium', ['hunter_', 'hunter.io', 'hunterio'], HEX, 40, 'https://hunter.io/api-documentation/v2'],
    ['Snov.io', 'client secret', 'medium', ['snov_', 'snov.io', 'snovio'], HEX, 32, 'https://snov.io/api', SECRETS],
    ['Lemlist', 'API key', 'medium', ['lemlist'], HEX, 32, 'https://developer.lemlist.com/'],
    ['PeopleDataLabs', 'API key', 'medium', ['peopledatalabs', 'pdl_api'], HEX, 64, 'https://docs.peopledatalabs.com/docs/authentication'],
    ['Lusha', 'API key', 'medium', ['lusha'], UUID, 36, 'https://docs.lusha.com/'],
    ['Zuora', 'client secret', 'high', ['zuora'], 'A-Za-z0-9+/=', [36, 44], 'https://developer.zuora.com/'],
    ['NetSuite', 'consumer or token secret', 'critical', ['netsuite', 'suitetalk'], HEX, 64, 'https://docs.oracle.com/en/cloud/saas/netsuite/ns-online-help/section_4247337262.html'],
    ['Xero', 'client secret', 'high', ['xero_', 'xeroapi', 'xero.'], URL_SAFE, 48, 'https://developer.xero.com/documentation/guides/oauth2/auth-flow/'],
    ['QuickBooks', 'client secret', 'high', ['quickbooks', 'intuit', 'qbo_'], WORD, 40, 'https://developer.intuit.com/app/developer/qbo/docs/develop/authentication-and-authorization'],
    ['FreshBooks', 'client secret', 'high', ['freshbooks'], HEX, 64, 'https://www.freshbooks.com/api/start'],
    ['Workday', 'client secret', 'critical', ['workday'], WORD, [40, 60], 'https://community.workday.com/', SECRETS],
    ['BambooHR', 'API key', 'critical', ['bamboohr', 'bamboo_hr'], HEX, 40, 'https://documentation.bamboohr.com/docs/getting-started'],
    ['Greenhouse', 'API key', 'high', ['greenhouse'], 'a-f0-9-', [32, 46], 'https://developers.greenhouse.io/harvest.html#authentication'],
    ['Lever', 'API key', 'high', ['lever_', 'lever.co'], BASE64, [44, 64], 'https://hire.lever.co/developer/documentation#authentication', SECRETS],
    ['Gusto', 'API token', 'critical', ['gusto_', 'gusto.com'], URL_SAFE, 43, 'https://docs.gusto.com/', SECRETS],
    ['HiBob', 'service user token', 'high', ['hibob'], URL_SAFE, [40, 64], 'https://apidocs.hibob.com/reference/authorization'],
    ['Toggl', 'API token', 'medium', ['toggl'], HEX, 32, 'https://engineering.toggl.com/docs/authentication'],
    ['Harvest', 'access token', 'medium', ['harvest_', 'harvestapp'], 'A-Za-z0-9._-', [60, 110], 'https://help.getharvest.com/api-v2/authentication-api/authentication/authentication/'],
    ['Clockify', 'API key', 'medium', ['clockify'], 'A-Za-z0-9+/=', [16, 64], 'https://docs.clockify.me/#section/Authentication'],
  ]),
];
