/** Metrics, traces, logs and errors: Datadog, New Relic, Sentry, Grafana, Dynatrace, Honeycomb, Splunk ... */
import { BEFORE } from '../authoring/boundaries.ts';
import { named, prefixed } from '../authoring/builders.ts';
import type { Rule } from '../model/rule.ts';
import {
  SECRETS,
  alphanumeric,
  base64,
  base64url,
  hex,
  lower,
  spelled,
  tokenRules,
  upper,
  uuid,
  valueRules,
} from '../authoring/table.ts';
import { grafanaToken } from '../validators/checksum.ts';
import { grafanaApiKey, grafanaCloudToken, sentryToken } from '../validators/json.ts';
import { opaque } from '../validators/opaque.ts';

const DATADOG = 'https://docs.datadoghq.com/account_management/api-app-keys/';
const NEW_RELIC = 'https://docs.newrelic.com/docs/apis/intro-apis/new-relic-api-keys/';
const NEW_RELIC_KEYS = 'under "API keys" in New Relic';
const SENTRY = 'https://docs.sentry.io/account/auth-tokens/';
const SENTRY_TOKENS = 'under "Settings > Auth Tokens" in Sentry';
const GRAFANA = 'https://grafana.com/docs/grafana/latest/administration/service-accounts/';
const HONEYCOMB = 'https://docs.honeycomb.io/api/authentication';
const DYNATRACE =
  'https://docs.dynatrace.com/docs/manage/identity-access-management/access-tokens-and-oauth-clients/access-tokens';

/** `hcaik_`, `hcbik_` ...: the third letter differs from key to key. */
const honeycombPrefixes = (kind: string) =>
  Array.from('abcdefghijklmnopqrstuvwxyz', (letter) => `hc${letter}${kind}_`);

// prettier-ignore
const tokens = tokenRules([
  ['Datadog', 'application key or personal access token', 'critical', ['ddapp_', 'ddpat_'], base64url([30, 80]), DATADOG, { where: 'under "Organization Settings > Application Keys" in Datadog' }],
  ['New Relic', 'user key', 'critical', 'NRAK-', upper([25, 32]), NEW_RELIC, { where: NEW_RELIC_KEYS }],
  ['New Relic', 'admin key', 'critical', 'NRAA-', { of: 'a-fA-F0-9', length: 27 }, NEW_RELIC, { where: NEW_RELIC_KEYS }],
  ['New Relic', 'REST API key', 'high', 'NRRA-', lower(42), NEW_RELIC, { where: NEW_RELIC_KEYS }],
  ['New Relic', 'Insights insert or query key', 'medium', ['NRII-', 'NRIQ-'], base64url(32), NEW_RELIC, { where: NEW_RELIC_KEYS }],
  ['New Relic', 'private location key', 'medium', 'NRSP-', { of: 'a-z0-9A-Z', length: [30, 48] }, NEW_RELIC, { where: 'under "Synthetic monitoring > Private locations" in New Relic', id: 'new-relic-key-of-a-private-location' }],
  ['New Relic', 'browser key (public by design)', 'low', 'NRJS-', lower(19), NEW_RELIC, { where: NEW_RELIC_KEYS, id: 'new-relic-browser-key' }],
  ['Sentry', 'user or integration auth token', 'high', ['sntryu_', 'sntrya_', 'sntryi_'], lower(64), SENTRY, { where: SENTRY_TOKENS, id: 'sentry-user-or-integration-token' }],
  ['Dynatrace', 'token', 'critical', ['dt0c01.', 'dt0s01.', 'dt0s02.', 'dt0s03.', 'dt0s04.', 'dt0s06.', 'dt0s08.', 'dt0s09.', 'dt0s16.', 'dt0a01.', 'dt0d01.', 'dt0e01.', 'dt0g02.', 'dt0n01.', 'dt0p01.'], { of: 'A-Z0-9.', length: [73, 89], form: '[A-Z0-9]{8,24}\\.[A-Z0-9]{64}' }, DYNATRACE, { where: 'under "Access tokens" in Dynatrace' }],
  ['Honeycomb', 'ingest key', 'medium', honeycombPrefixes('ik'), alphanumeric([50, 64]), HONEYCOMB, { where: 'under "Environment settings > API Keys" in Honeycomb' }],
  ['Honeycomb', 'management key', 'critical', honeycombPrefixes('mk'), { of: 'A-Za-z0-9:', length: [50, 66] }, HONEYCOMB, { where: 'under "Team settings > API Keys" in Honeycomb' }],
  ['Coralogix', 'API key', 'high', ['cxtp_', 'cxup_'], alphanumeric([28, 40]), 'https://coralogix.com/docs/user-guides/account-management/api-keys/api-keys/', { where: 'under "Data Flow > API Keys" in Coralogix' }],
  ['Axiom', 'API or personal token', 'high', ['xaat-', 'xapt-'], uuid, 'https://axiom.co/docs/reference/tokens', { where: 'under "Settings > API tokens" in Axiom' }],
  ['Logfire', 'write or read token', 'medium', ['pylf_v1_', 'pylf_v2_'], { of: 'A-Za-z0-9_', length: [40, 90], form: '[a-z]{2,8}_[A-Za-z0-9_]{38,80}' }, 'https://logfire.pydantic.dev/docs/how-to-guides/create-write-tokens/', { where: 'under "Settings > Write tokens" of the project in Logfire' }],
  ['Tinybird', 'token', 'high', 'p.eyJ', { of: 'A-Za-z0-9._-', length: [41, 391], form: '[A-Za-z0-9_-]{20,300}\\.[A-Za-z0-9_-]{20,90}' }, 'https://www.tinybird.co/docs/forward/administration/tokens', { where: 'under "Tokens" of the workspace in Tinybird' }],
]);

// prettier-ignore
const values = valueRules([
  ['Datadog', 'API key', 'high', [...spelled('dd api', 'dd client'), 'datadog'], hex(32), DATADOG, { where: 'under "Organization Settings > API Keys" in Datadog' }],
  ['Datadog', 'application key', 'critical', [...spelled('dd app'), 'datadog'], hex(40), DATADOG, { where: 'under "Organization Settings > Application Keys" in Datadog' }],
  ['New Relic', 'key', 'high', spelled('new relic', 'nr license', 'nr api'), { of: 'a-f0-9x', length: 40 }, NEW_RELIC, { rest: `${SECRETS}|licen`, where: NEW_RELIC_KEYS }],
  ['New Relic', 'Insights or account key', 'medium', [...spelled('new relic'), 'x-insert-key', 'x-query-key', 'insights_'], base64url(32), NEW_RELIC, { rest: 'key|insert|query', where: NEW_RELIC_KEYS }],
  ['Sentry', 'auth token', 'high', ['sentry'], lower(64), SENTRY, { rest: SECRETS, where: SENTRY_TOKENS }],
  ['Sentry', 'client secret or organization API key', 'medium', ['sentry'], lower(32), SENTRY, { rest: 'secret|key', where: 'under "Settings" in Sentry', id: 'sentry-client-secret-or-organisation-key' }],
  ['Honeycomb', 'configuration or classic key', 'high', ['honeycomb'], { of: 'A-Za-z0-9', length: [22, 32], form: '(?:[a-f0-9]{32}|[A-Za-z0-9]{22})' }, HONEYCOMB, { where: 'under "Environment settings > API Keys" in Honeycomb' }],
  ['Splunk', 'HTTP Event Collector (HEC) token', 'medium', ['splunk', 'hec_token', 'hec-token', 'hectoken'], uuid, 'https://docs.splunk.com/Documentation/Splunk/latest/Data/UsetheHTTPEventCollector', { where: 'under "Settings > Data inputs" in Splunk', id: 'splunk-http-event-collector-token' }],
  ['Splunk Observability Cloud (SignalFx)', 'access token', 'high', ['signalfx', 'x-sf-token', 'sfx_', 'splunk_access', 'splunk.access'], base64url(22), 'https://docs.splunk.com/observability/en/admin/authentication/authentication-tokens/org-tokens.html', { rest: SECRETS, where: 'under "Settings > Access Tokens" in Splunk Observability', id: 'splunk-observability-signalfx-access-token' }],
  ['Sumo Logic', 'access key', 'high', spelled('sumo logic', 'sumo access', 'sumo'), alphanumeric(64), 'https://help.sumologic.com/docs/manage/security/access-keys/', { where: 'under "Administration > Security > Access Keys" in Sumo Logic' }],
  ['Rollbar', 'access token', 'medium', ['rollbar'], hex(32), 'https://docs.rollbar.com/docs/access-tokens', { where: 'under "Project Access Tokens" in Rollbar' }],
  ['BugSnag', 'API key (usually public)', 'low', ['bugsnag'], hex(32), 'https://docs.bugsnag.com/', { where: 'under "Project settings" in BugSnag', id: 'bugsnag-key-in-apps-for-the-most-part' }],
  ['Airbrake', 'project or user key', 'medium', ['airbrake'], hex([32, 40]), 'https://docs.airbrake.io/docs/devops-tools/api/', { where: 'under "Settings" of the project in Airbrake' }],
  ['Raygun', 'API key', 'medium', ['raygun'], base64([22, 24]), 'https://raygun.com/documentation/', { where: 'under "Application settings" in Raygun' }],
  ['Logz.io', 'token', 'medium', spelled('logz io', 'logzio'), { of: 'A-Za-z0-9-', length: [32, 36] }, 'https://docs.logz.io/docs/user-guide/admin/authentication-tokens/', { rest: SECRETS, where: 'under "Settings > Manage tokens" in Logz.io' }],
  ['SolarWinds Loggly', 'customer or API token', 'medium', ['loggly'], uuid, 'https://documentation.solarwinds.com/en/success_center/loggly/content/admin/customer-token-authentication-token.htm', { where: 'under "Source setup > Customer tokens" in Loggly', id: 'loggly-customer-or-api-token' }],
  ['SolarWinds Papertrail', 'API token', 'medium', ['papertrail'], alphanumeric([20, 24]), 'https://www.papertrail.com/help/settings-api/', { rest: SECRETS, where: 'under "Settings > Profile" in Papertrail', id: 'papertrail-api-token' }],
  ['Rapid7', 'InsightOps (Logentries) token', 'medium', ['logentries', 'insightops', 'rapid7', 'logentries_token', 'r7insight'], uuid, 'https://docs.rapid7.com/insightops/token-tcp/', { rest: SECRETS, where: 'under "Settings" in InsightOps' }],
  ['Rapid7', 'API key', 'high', ['rapid7', 'insightvm', 'insightidr'], uuid, 'https://docs.rapid7.com/insight/managing-platform-api-keys/', { rest: 'api[_-]?key', where: 'under "API Keys" in the Insight Platform' }],
  ['Mezmo', '(LogDNA) ingestion or service key', 'medium', ['logdna', 'mezmo'], hex(32), 'https://docs.mezmo.com/docs/ingestion-key', { where: 'under "Settings > Organization > API Keys" in Mezmo' }],
  ['Better Stack', '(Logtail) token', 'medium', spelled('logtail', 'better stack', 'better uptime', 'betterstack'), alphanumeric([20, 26]), 'https://betterstack.com/docs/logs/api/getting-started/', { rest: SECRETS, where: 'under "Sources" or "API tokens" in Better Stack' }],
  ['Coralogix', 'private key', 'medium', ['coralogix'], uuid, 'https://coralogix.com/docs/user-guides/account-management/api-keys/api-keys/', { rest: SECRETS, where: 'under "Data Flow > API Keys" in Coralogix' }],
  ['ServiceNow Cloud Observability (Lightstep)', 'access token', 'medium', ['lightstep'], base64([60, 140]), 'https://docs.lightstep.com/docs/create-and-manage-access-tokens', { rest: SECRETS, where: 'under "Project settings > Access tokens" in Cloud Observability', id: 'lightstep-access-token' }],
  ['IBM Instana', 'agent key or API token', 'medium', ['instana'], base64url([16, 32]), 'https://www.ibm.com/docs/en/instana-observability', { rest: 'key|token', where: 'under "Settings > API Tokens" in Instana', id: 'instana-agent-key-or-api-token' }],
  ['AppDynamics', 'access key or client secret', 'high', ['appdynamics', 'appd_'], { of: 'A-Za-z0-9-', length: [12, 40] }, 'https://docs.appdynamics.com/', { rest: SECRETS, where: 'under "License" or "API Clients" in AppDynamics' }],
  ['SolarWinds AppOptics (Librato)', 'API token', 'medium', ['librato', 'appoptics'], hex([64, 71]), 'https://docs.appoptics.com/api/', { rest: SECRETS, where: 'under "API Tokens" in AppOptics', id: 'librato-appoptics-token' }],
  ['Scout', 'APM key', 'medium', ['scout_key', 'scout_apm', 'scoutapm'], alphanumeric([18, 48]), 'https://scoutapm.com/docs/ruby/configuration', { rest: 'key', where: 'under "Settings" in Scout' }],
  ['Falcon LogScale (Humio)', 'ingest or API token', 'medium', ['humio', 'logscale'], uuid, 'https://library.humio.com/', { rest: SECRETS, where: 'under "Settings > Ingest tokens" in LogScale', id: 'logscale-humio-ingest-or-api-token' }],
]);

export const observabilityRules: readonly Rule[] = [
  ...tokens,
  {
    id: 'new-relic-licence-key',
    title: 'New Relic license key',
    severity: 'high',
    remediation: `Revoke it ${NEW_RELIC_KEYS}, then create a new one.`,
    source: NEW_RELIC,
    keywords: ['NRAL'],
    pattern: new RegExp(`${BEFORE}(?:[a-f0-9]{36}|[a-z]{2}[0-9]{2}xx[a-f0-9]{30})NRAL(?![A-Za-z0-9_])`),
    window: { before: 36, after: 0 },
    validate: (secret) => opaque(secret, secret),
  },
  prefixed({
    id: 'sentry-organisation-token',
    title: 'Sentry organization auth token',
    severity: 'high',
    remediation: `Revoke it ${SENTRY_TOKENS}, then create a new one.`,
    source: SENTRY,
    prefix: 'sntrys_eyJ',
    of: 'A-Za-z0-9+/=_-',
    length: [80, 500],
    form: '[A-Za-z0-9+/=-]{40,440}_[A-Za-z0-9+/=_-]{43,44}',
    validate: sentryToken,
  }),
  {
    id: 'sentry-dsn-with-secret',
    title: 'Sentry DSN with a secret key',
    severity: 'medium',
    remediation:
      'Create a new client key under "Client Keys (DSN)" in the Sentry project settings, then disable this one.',
    source: 'https://docs.sentry.io/concepts/key-terms/dsn-explainer/',
    keywords: ['sentry'],
    pattern:
      /:\/\/(?<secret>[a-f0-9]{32}:[a-f0-9]{32})@[A-Za-z0-9.-]{0,60}sentry[A-Za-z0-9.:-]{0,60}\/[A-Za-z0-9/_-]{0,40}[0-9]/,
    window: { before: 130, after: 120 },
    validate: (secret) => opaque(secret, secret),
  },
  {
    id: 'sentry-dsn',
    title: 'Sentry DSN',
    severity: 'low',
    remediation:
      'Leave it in place unless it is abused: it only lets others send events. To replace it, create a new client key under "Client Keys (DSN)" in the Sentry project settings.',
    source: 'https://docs.sentry.io/concepts/key-terms/dsn-explainer/',
    keywords: ['.sentry.io/', '@sentry.'],
    pattern:
      /:\/\/(?<secret>[a-f0-9]{32})@(?:[A-Za-z0-9.-]{0,60}\.sentry\.io|sentry\.[A-Za-z0-9.:-]{1,60})\/[A-Za-z0-9/_-]{0,40}[0-9]/,
    window: { before: 110, after: 100 },
    validate: (secret) => opaque(secret, secret),
  },
  prefixed({
    id: 'grafana-cloud-token',
    title: 'Grafana Cloud access policy token',
    severity: 'critical',
    remediation: 'Delete it under "Access Policies" in Grafana Cloud, then create a new one.',
    source:
      'https://grafana.com/docs/grafana-cloud/account-management/authentication-and-permissions/access-policies/',
    prefix: 'glc_eyJ',
    ...base64([40, 400]),
    validate: grafanaCloudToken,
  }),
  prefixed({
    id: 'grafana-service-account-token',
    title: 'Grafana service account token',
    severity: 'critical',
    remediation: 'Delete it under "Administration > Service accounts" in Grafana, then create a new one.',
    source: GRAFANA,
    prefix: 'glsa_',
    of: 'A-Za-z0-9_',
    length: 41,
    form: '[A-Za-z0-9]{32}_[A-Fa-f0-9]{8}',
    validate: grafanaToken,
  }),
  prefixed({
    id: 'grafana-api-key',
    title: 'Grafana API key',
    severity: 'high',
    remediation:
      'Delete it under "Administration > API keys" in Grafana, then use a service account instead.',
    source: 'https://grafana.com/docs/grafana/latest/administration/api-keys/',
    prefix: 'eyJrIjoi',
    ...base64([60, 400]),
    validate: grafanaApiKey,
  }),
  {
    id: 'splunk-authorization',
    title: 'Splunk token in a header',
    severity: 'medium',
    confidence: 'medium',
    remediation:
      'Delete the token under "Settings > Data inputs" in Splunk, or sign the user out if it is a session token.',
    source: 'https://docs.splunk.com/Documentation/Splunk/latest/Data/FormateventsforHTTPEventCollector',
    keywords: ['Splunk '],
    pattern: new RegExp(
      `uthorization["']?[\\t ]{0,3}[:=,][\\t ]{0,3}["']?Splunk (?<secret>${uuid.form}|[A-Za-z0-9_^-]{60,250})(?![A-Za-z0-9_-])`,
    ),
    window: { before: 24, after: 250 },
    next: { of: 'A-Za-z0-9_^-', least: 8 },
    validate: (secret) => opaque(secret, secret),
  },
  named({
    id: 'new-relic-licence-in-file',
    title: 'New Relic license key in agent settings',
    severity: 'high',
    remediation: `Revoke it ${NEW_RELIC_KEYS}, then create a new one.`,
    source: 'https://docs.newrelic.com/docs/apm/agents/manage-apm-agents/configuration/configure-agent/',
    files: {
      names: [
        'newrelic.yml',
        'newrelic.yaml',
        'newrelic.ini',
        'newrelic.js',
        'newrelic.cjs',
        'newrelic.config',
        'newrelic.cfg',
        'newrelic-infra.yml',
        'newrelic.xml',
      ],
    },
    names: spelled('license key'),
    of: 'a-f0-9x',
    length: 40,
  }),
  named({
    id: 'datadog-key-in-file',
    title: 'Datadog key in agent settings',
    severity: 'high',
    remediation: 'Revoke it under "Organization Settings > API Keys" in Datadog, then create a new one.',
    source: 'https://docs.datadoghq.com/agent/configuration/agent-configuration-files/',
    files: {
      names: ['datadog.yaml', 'datadog.yml', 'datadog.conf', 'datadog.yaml.example', 'datadog-values.yaml'],
    },
    names: spelled('api key', 'app key'),
    of: 'a-f0-9',
    length: [32, 40],
  }),
  {
    id: 'datadog-intake-url',
    title: 'Datadog API key in a URL',
    severity: 'high',
    remediation: 'Revoke it under "Organization Settings > API Keys" in Datadog, then create a new one.',
    source: DATADOG,
    keywords: ['datadoghq.'],
    pattern: /datadoghq\.(?:com|eu)\/[A-Za-z0-9/_.?=&-]{0,80}[/=](?<secret>[a-f0-9]{32})(?![A-Za-z0-9_-])/,
    window: { before: 0, after: 120 },
    next: { of: 'a-z', least: 2 },
    validate: (secret) => opaque(secret, secret),
  },
  {
    id: 'sumo-logic-source-url',
    title: 'Sumo Logic HTTP source URL',
    severity: 'medium',
    remediation: 'Regenerate the URL of the source under "Collection" in Sumo Logic.',
    source: 'https://help.sumologic.com/docs/send-data/hosted-collectors/http-source/logs-metrics/',
    keywords: ['/receiver/v1/http/'],
    pattern: /\/receiver\/v1\/http\/(?<secret>[A-Za-z0-9_+/=-]{60,200})(?![A-Za-z0-9_+/=-])/,
    window: { before: 0, after: 200 },
    next: { of: 'A-Za-z0-9_+/=-', least: 60 },
    validate: (secret) => opaque(secret, secret),
  },
  {
    id: 'loggly-url',
    title: 'Loggly customer token in a URL',
    severity: 'medium',
    remediation: 'Retire it under "Source Setup > Customer Tokens" in Loggly, then create a new one.',
    source: 'https://documentation.solarwinds.com/en/success_center/loggly/content/admin/http-endpoint.htm',
    keywords: ['loggly.com/'],
    pattern: new RegExp(`loggly\\.com\\/(?:inputs|bulk)\\/(?<secret>${uuid.form})(?![A-Za-z0-9_-])`),
    window: { before: 0, after: 44 },
    next: { of: 'bikulnpts/', least: 5 },
    validate: (secret) => opaque(secret, secret),
  },
  ...values,
];
