/** Mail, text messages and telephony. */
import { BEFORE } from '../authoring/boundaries.ts';
import { named, prefixed } from '../authoring/builders.ts';
import {
  HEX,
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
  upper,
  uuid,
  valueRules,
} from '../authoring/table.ts';
import type { Rule } from '../model/rule.ts';
import { isMixed, opaque } from '../validators/opaque.ts';
import { rejected } from '../model/verdict.ts';

const twilio = 'https://www.twilio.com/docs/iam/api-keys';
const twilioAuth = 'https://www.twilio.com/docs/iam/api/authtoken';
const mailgun =
  'https://help.mailgun.com/hc/en-us/articles/203380100-Where-can-I-find-my-API-keys-and-SMTP-credentials';
const brevo = 'https://developers.brevo.com/docs/getting-started';

/** Two letters alone would be too short a keyword: what follows them is hexadecimal. */
function hexadecimal(letters: string): readonly string[] {
  return Array.from('0123456789abcdef', (digit) => letters + digit);
}

export const messagingRules: readonly Rule[] = [
  {
    ...describe(
      'SendGrid',
      'API key',
      'critical',
      'https://www.twilio.com/docs/sendgrid/ui/account-and-settings/api-keys',
    ),
    keywords: ['SG.'],
    pattern: new RegExp(
      `${BEFORE}SG\\.(?:[A-Za-z0-9_-]{16,32}\\.[A-Za-z0-9_-]{32,64}|[A-Za-z0-9_-]{66})(?![A-Za-z0-9_-])`,
    ),
    window: { before: 0, after: 97 },
    next: [
      { of: URL_SAFE, least: 16, most: 32 },
      { of: 'A-Za-z0-9_.-', least: 32 },
    ],
    validate: (secret) => (isMixed(secret.slice(3)) ? opaque(secret, secret.slice(3)) : rejected),
  },
  {
    ...describe('Mailgun', 'API or signing key', 'high', mailgun),
    // Two parts of eight after a dash each; both ends as long as this are no UUID.
    keywords: ['mailgun', 'mg_', 'api:'],
    caseless: true,
    pattern:
      /(?:(?i:mailgun|mg_)[^]{0,120}?|(?i:api):)(?<![A-Za-z0-9])(?<secret>[a-f0-9]{32}-[a-f0-9]{8}-[a-f0-9]{8})(?![A-Za-z0-9-])/,
    window: { before: 0, after: 180 },
    validate: (secret) => opaque(secret, secret),
  },
  {
    ...describe('Mailchimp', 'API key', 'high', 'https://mailchimp.com/help/about-api-keys/'),
    keywords: Array.from('123456789', (digit) => `-us${digit}`),
    pattern: new RegExp(`${BEFORE}[a-f0-9]{32}-us[1-9][0-9]?(?![A-Za-z0-9_-])`),
    window: { before: 32, after: 1 },
    validate: (secret) => opaque(secret, secret.slice(0, 32)),
  },
  {
    ...describe('Brevo', 'API key', 'high', brevo),
    keywords: ['xkeysib-'],
    pattern: new RegExp(`${BEFORE}xkeysib-[a-f0-9]{64}-[A-Za-z0-9]{16}(?![A-Za-z0-9_])`),
    window: { before: 0, after: 81 },
    next: { of: HEX, least: 64 },
    validate: (secret) => opaque(secret, secret.slice(8)),
  },
  {
    ...describe('Brevo', 'SMTP key', 'high', brevo),
    keywords: ['xsmtpsib-'],
    pattern: new RegExp(`${BEFORE}xsmtpsib-[a-f0-9]{64}-[A-Za-z0-9]{16}(?![A-Za-z0-9_])`),
    window: { before: 0, after: 81 },
    next: { of: HEX, least: 64 },
    validate: (secret) => opaque(secret, secret.slice(9)),
  },
  {
    ...describe('Resend', 'API key', 'high', 'https://resend.com/docs/dashboard/api-keys/introduction'),
    keywords: ['re_'],
    pattern: new RegExp(`${BEFORE}re_[A-Za-z0-9]{8}_[A-Za-z0-9]{24}(?![A-Za-z0-9_])`),
    window: { before: 0, after: 33 },
    next: [
      { of: WORD, least: 8, most: 9 },
      { of: '_', least: 1 },
    ],
    // A name with underscores has words in the place of this.
    validate: (secret) =>
      /[0-9]/.test(secret) && /[A-Z]/.test(secret) ? opaque(secret, secret.slice(3)) : rejected,
  },
  {
    ...describe(
      'Telnyx',
      'API key',
      'high',
      'https://developers.telnyx.com/development/api-fundamentals/authentication',
    ),
    keywords: ['KEY01'],
    pattern: new RegExp(`${BEFORE}KEY01[A-F0-9]{14,32}_[A-Za-z0-9]{20,26}(?![A-Za-z0-9_])`),
    window: { before: 0, after: 60 },
    next: [
      { of: 'A-F0-9', least: 14, most: 33 },
      { of: '_', least: 1 },
    ],
    validate: (secret) => opaque(secret, secret.slice(5)),
  },
  prefixed({
    ...describe('Mailgun', 'API key (old format)', 'high', mailgun),
    id: 'mailgun-api-key-old-form',
    prefix: 'key-',
    of: HEX,
    length: 32,
  }),
  prefixed({
    ...describe('Mailgun', 'public validation key', 'low', mailgun),
    prefix: 'pubkey-',
    of: HEX,
    length: 32,
  }),
  {
    ...describe('Twilio', 'API key SID', 'medium', twilio),
    remediation:
      'Delete the API key under "API keys & tokens" in the Twilio Console, and look for its secret nearby.',
    keywords: hexadecimal('SK'),
    pattern: new RegExp(`${BEFORE}SK[a-f0-9]{32}(?![A-Za-z0-9_])`),
    window: { before: 0, after: 31 },
    next: { of: HEX, least: 31 },
    validate: (secret) => opaque(secret, secret.slice(2)),
  },
  {
    ...describe('Twilio', 'auth token with its account SID', 'critical', twilioAuth),
    id: 'twilio-auth-token-beside-its-account',
    confidence: 'medium',
    // `new Twilio('AC…', '…')`, `-u AC…:…`, `https://AC…:…@api.twilio.com`.
    keywords: hexadecimal('AC'),
    pattern: /(?<=['" /])AC[a-f0-9]{32}['"]{0,1}[,:\s]{1,4}['"]{0,1}[a-f0-9]{32}(?![A-Za-z0-9_])/,
    window: { before: 0, after: 80 },
    next: { of: HEX, least: 31 },
    validate: (secret) => opaque(secret, secret.slice(-32)),
  },
  {
    ...describe('Twilio', 'account SID (identifier)', 'low', twilioAuth),
    id: 'twilio-account-sid',
    confidence: 'medium',
    remediation:
      'Look for the auth token that belongs to it. The SID alone identifies an account and need not be revoked.',
    keywords: hexadecimal('AC'),
    pattern: new RegExp(`${BEFORE}AC[a-f0-9]{32}(?![A-Za-z0-9_])`),
    window: { before: 0, after: 31 },
    next: { of: HEX, least: 31 },
    validate: (secret) => opaque(secret, secret.slice(2)),
  },
  named({
    ...describe('Twilio', 'auth token', 'critical', twilioAuth),
    remediation:
      'Create a secondary auth token under "API keys & tokens" in the Twilio Console and promote it, which revokes this one.',
    names: ['twilio', 'account_sid', 'accountsid'],
    near: 'auth|token|secret|passw',
    of: HEX,
    length: 32,
  }),
  // prettier-ignore
  ...tokenRules([
    ['Mailchimp Transactional (Mandrill)', 'API key', 'high', ['md-'], { ...base64url(22), form: '(?=[a-z0-9_-]{0,21}[A-Z])[A-Za-z0-9_-]{22}' }, 'https://mailchimp.com/developer/transactional/guides/quick-start/', { id: 'mandrill-api-key' }],
    ['MailerSend', 'API token', 'high', ['mlsn.'], hex(64), 'https://developers.mailersend.com/general.html'],
    ['SMTP2GO', 'API key', 'high', ['api-'], upper(32), 'https://developers.smtp2go.com/docs/getting-started'],
    ['Klaviyo', 'private API key', 'high', ['pk_'], hex(34), 'https://developers.klaviyo.com/en/docs/authenticate_'],
    ['Kit', 'API key', 'high', ['kit_'], hex(32), 'https://developers.kit.com/api-reference/authentication'],
    ['Courier', 'auth token', 'high', ['pk_prod_', 'dk_prod_'], upper([26, 32]), 'https://www.courier.com/docs/reference/auth/intro'],
    ['Courier', 'auth token (test)', 'low', ['pk_test_', 'dk_test_'], upper([26, 32]), 'https://www.courier.com/docs/reference/auth/intro'],
  ]),
  // prettier-ignore
  ...valueRules([
    ['Twilio', 'API key secret', 'critical', ['twilio'], alphanumeric(32), twilio],
    ['Mailgun', 'key', 'high', ['mailgun'], lower(32), mailgun, { id: 'mailgun-key-by-its-name' }],
    ['Mailchimp Transactional (Mandrill)', 'API key', 'high', ['mandrill'], base64url(22), 'https://mailchimp.com/developer/transactional/guides/quick-start/', { id: 'mandrill-api-key-by-its-name' }],
    ['Mailchimp', 'key', 'medium', ['mailchimp'], lower(32), 'https://mailchimp.com/help/about-api-keys/', { id: 'mailchimp-key-by-its-name' }],
    ['Postmark', 'server token', 'high', ['postmark'], uuid, 'https://postmarkapp.com/developer/api/overview'],
    ['SparkPost', 'API key', 'high', ['sparkpost'], lower(40), 'https://developers.sparkpost.com/api/#header-authentication'],
    ['Resend', 'API key', 'high', ['resend_'], { of: 'A-Za-z0-9_', length: [16, 48] }, 'https://resend.com/docs/dashboard/api-keys/introduction', { rest: 'key|token', id: 'resend-api-key-by-its-name' }],
    ['Brevo', 'key', 'high', ['sendinblue', 'brevo'], alphanumeric([16, 20]), brevo, { id: 'brevo-key-by-its-name' }],
    ['Mailjet', 'API key or secret', 'high', ['mailjet', 'mj_apikey', 'mj_api'], lower(32), 'https://dev.mailjet.com/email/guides/'],
    ['MailerLite', 'API key', 'high', ['mailerlite'], alphanumeric(32), 'https://developers.mailerlite.com/docs/'],
    ['Customer.io', 'API key', 'high', ['customerio', 'customer.io', 'customer_io', 'cio_'], alphanumeric([20, 36]), 'https://docs.customer.io/accounts-and-workspaces/managing-credentials/'],
    ['Klaviyo', 'key', 'high', ['klaviyo'], lower(34), 'https://developers.klaviyo.com/en/docs/authenticate_', { id: 'klaviyo-key-by-its-name' }],
    ['ActiveCampaign', 'API key', 'high', ['activecampaign', 'active_campaign', 'api-us1.com'], lower(72), 'https://developers.activecampaign.com/reference/authentication'],
    ['Kit (ConvertKit)', 'API key or secret', 'high', ['convertkit'], base64url([22, 44]), 'https://developers.kit.com/v3', { id: 'convertkit-api-key-or-secret' }],
    ['Constant Contact', 'API key', 'high', ['constantcontact', 'constant_contact', 'ctct_'], alphanumeric([22, 40]), 'https://developer.constantcontact.com/api_guide/apps_create.html'],
    ['Campaign Monitor', 'API key', 'high', ['createsend', 'campaignmonitor', 'campaign_monitor'], alphanumeric([32, 128]), 'https://www.campaignmonitor.com/api/v3-3/getting-started/'],
    ['Elastic Email', 'API key', 'high', ['elasticemail', 'elastic_email', 'elastic-email'], upper(96), 'https://help.elasticemail.com/en/articles/2376690-how-to-manage-api-keys'],
    ['Elastic Email', 'API key (old format)', 'high', ['elasticemail', 'elastic_email', 'elastic-email'], uuid, 'https://help.elasticemail.com/en/articles/2376690-how-to-manage-api-keys', { id: 'elastic-email-api-key-old-form' }],
    ['Loops', 'API key', 'high', ['loops_', 'loops.so', 'loopsclient'], lower(32), 'https://loops.so/docs/api-reference/intro'],
    ['Iterable', 'API key', 'high', ['iterable_', 'iterable.com', 'iterableapi'], lower(32), 'https://support.iterable.com/hc/en-us/articles/360043464871-API-Keys'],
    ['Braze', 'REST API key', 'high', ['braze'], uuid, 'https://www.braze.com/docs/api/basics/'],
    ['Omnisend', 'API key', 'high', ['omnisend'], { of: 'A-Za-z0-9-', length: [40, 90] }, 'https://api-docs.omnisend.com/reference/authentication'],
    ['Drip', 'API key', 'high', ['drip_', 'getdrip'], lower(32), 'https://developer.drip.com/', { rest: SECRETS }],
    ['GetResponse', 'API key', 'high', ['getresponse'], lower(32), 'https://apidocs.getresponse.com/v3/authentication'],
    ['Sendlane', 'API key', 'medium', ['sendlane'], alphanumeric([32, 64]), 'https://help.sendlane.com/'],
    ['SocketLabs', 'API key', 'high', ['socketlabs'], alphanumeric(20), 'https://docs.socketlabs.com/docs/'],
    ['Mailtrap', 'API token', 'medium', ['mailtrap'], lower(32), 'https://docs.mailtrap.io/account-settings/api-tokens'],
    ['Mailtrap', 'SMTP password', 'low', ['mailtrap'], lower(14), 'https://docs.mailtrap.io/email-sandbox/setup/sandbox-integration'],
    ['ZeroBounce', 'API key', 'medium', ['zerobounce'], lower(32), 'https://www.zerobounce.net/docs/api-dashboard/'],
    ['mailboxlayer', 'access key', 'medium', ['mailboxlayer', 'apilayer.net'], lower(32), 'https://mailboxlayer.com/documentation', { rest: `${SECRETS}|access` }],
    ['Vonage', 'API secret', 'high', ['vonage', 'nexmo'], alphanumeric(16), 'https://developer.vonage.com/en/getting-started/concepts/authentication'],
    ['Vonage', 'signature secret', 'high', ['vonage', 'nexmo'], alphanumeric([32, 60]), 'https://developer.vonage.com/en/getting-started/concepts/signing-messages'],
    ['Plivo', 'auth token', 'high', ['plivo'], alphanumeric([40, 60]), 'https://www.plivo.com/docs/account/api/overview/'],
    ['Bird (MessageBird)', 'access key', 'high', ['messagebird', 'message_bird', 'message-bird'], alphanumeric(25), 'https://developers.messagebird.com/api/#authentication', { id: 'messagebird-access-key' }],
    ['Bird', 'access key', 'high', ['bird_access', 'api.bird.com', 'birdapi'], alphanumeric(36), 'https://docs.bird.com/api/api-access/api-authorization'],
    ['Sinch', 'API token', 'high', ['sinch'], { of: 'A-Za-z0-9_~.-', length: [22, 44] }, 'https://developers.sinch.com/docs/sms/api-reference/authentication'],
    ['Bandwidth', 'API token or secret', 'high', ['bandwidth_', 'bandwidthapi', 'bandwidth.com'], lower([44, 60]), 'https://dev.bandwidth.com/docs/credentials/', { rest: SECRETS }],
    ['ClickSend', 'API key', 'high', ['clicksend'], uuid, 'https://developers.clicksend.com/docs/#authentication'],
    ['Infobip', 'API key', 'high', ['infobip'], { of: 'a-f0-9-', length: [65, 72] }, 'https://www.infobip.com/docs/essentials/api-essentials/api-authentication'],
    ['Aircall', 'API token', 'high', ['aircall'], lower(32), 'https://developer.aircall.io/api-references/#authentication'],
    ['RingCentral', 'client secret', 'high', ['ringcentral', 'ring_central', 'rc_client', 'rc_app'], base64url([22, 64]), 'https://developers.ringcentral.com/guide/authentication'],
    ['Messente', 'API secret', 'high', ['messente'], alphanumeric(32), 'https://messente.com/documentation/sms-messaging/'],
    ['TextMagic', 'API key', 'medium', ['textmagic'], alphanumeric([28, 32]), 'https://www.textmagic.com/docs/api/'],
    ['Textlocal', 'API key', 'medium', ['textlocal'], base64([44, 48]), 'https://api.textlocal.in/docs/'],
    ['Fast2SMS', 'API key', 'medium', ['fast2sms'], alphanumeric([56, 64]), 'https://docs.fast2sms.com/'],
    ['MSG91', 'auth key', 'medium', ['msg91'], alphanumeric([24, 32]), 'https://docs.msg91.com/overview'],
    ['Kaleyra', 'API key', 'medium', ['kaleyra'], { of: 'A-Za-z0-9.', length: [32, 64] }, 'https://developers.kaleyra.io/docs/authentication'],
    ['SignalWire', 'API token', 'high', ['signalwire'], alphanumeric([48, 54]), 'https://developer.signalwire.com/rest/signalwire-rest/overview/authentication'],
    ['CallRail', 'API key', 'high', ['callrail'], hex(32), 'https://apidocs.callrail.com/#authorization'],
    ['Dialpad', 'API key', 'high', ['dialpad'], alphanumeric([40, 80]), 'https://developers.dialpad.com/docs/authentication'],
    ['Telnyx', 'key', 'high', ['telnyx'], { of: 'A-Za-z0-9_', length: [50, 64] }, 'https://developers.telnyx.com/development/api-fundamentals/authentication', { id: 'telnyx-key-by-its-name' }],
    ['Novu', 'API key', 'high', ['novu_'], lower(32), 'https://docs.novu.co/api-reference/overview'],
  ]),
];
