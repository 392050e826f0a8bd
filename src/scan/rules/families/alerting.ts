/** Alerting and uptime monitoring: PagerDuty, Checkly, UptimeRobot, Cronitor ... */
import type { Rule } from '../model/rule.ts';
import {
  SECRETS,
  alphanumeric,
  base64url,
  hex,
  lower,
  spelled,
  tokenRules,
  uuid,
  valueRules,
} from '../authoring/table.ts';
import { opaque } from '../validators/opaque.ts';

const PAGERDUTY = 'https://support.pagerduty.com/main/docs/api-access-keys';

// prettier-ignore
export const alertingRules: readonly Rule[] = [
  ...tokenRules([
    ['Checkly', 'API key', 'high', 'cu_', lower(32), 'https://www.checklyhq.com/docs/accounts-and-users/creating-api-key/', { where: 'under "User settings > API keys" in Checkly' }],
  ]),
  ...valueRules([
    ['PagerDuty', 'API key', 'high', spelled('pager duty', 'pd api', 'pd token', 'token token'), { of: 'A-Za-z0-9+_-', length: 20 }, PAGERDUTY, { where: 'under "Integrations > API Access Keys" or "User Settings" in PagerDuty' }],
    ['PagerDuty', 'integration key (routing key)', 'medium', spelled('pager duty', 'routing key', 'service key'), { of: 'A-Za-z0-9', length: 32, form: '(?:[a-f0-9]{32}|R[0-9A-Z]{31})' }, 'https://support.pagerduty.com/main/docs/services-and-integrations', { remediation: 'Delete the integration of the service in PagerDuty, then create a new one.', id: 'pagerduty-integration-routing-key' }],
    ['Splunk On-Call', '(VictorOps) key', 'medium', spelled('victor ops', 'splunk on call', 'x-vo-api-key'), { of: 'a-f0-9-', length: [32, 36] }, 'https://help.victorops.com/knowledge-base/api/', { where: 'under "Integrations > API" in Splunk On-Call' }],
    ['xMatters', 'API key', 'medium', ['xmatters'], { of: 'A-Za-z0-9-', length: [32, 64] }, 'https://help.xmatters.com/ondemand/user/apikeys.htm', { rest: SECRETS, where: 'under "Profile > API keys" in xMatters' }],
    ['incident.io', 'API key', 'high', spelled('incident io'), { of: 'A-Za-z0-9_', length: [40, 90] }, 'https://api-docs.incident.io/', { rest: SECRETS, where: 'under "Settings > API keys" in incident.io' }],
    ['Pingdom', 'API token', 'medium', ['pingdom'], base64url([32, 72]), 'https://docs.pingdom.com/api/', { rest: SECRETS, where: 'under "Settings > Pingdom API" in Pingdom' }],
    ['UptimeRobot', 'API key', 'medium', spelled('uptime robot'), { of: 'a-zA-Z0-9-', length: [26, 48], form: '[um][0-9]{4,12}-[a-fA-F0-9]{20,32}' }, 'https://uptimerobot.com/api/', { where: 'under "Integrations & API" in UptimeRobot' }],
    ['StatusCake', 'API key', 'medium', spelled('status cake'), alphanumeric([20, 40]), 'https://developers.statuscake.com/guides/api/authentication/', { rest: SECRETS, where: 'under "User Details" in StatusCake' }],
    ['Cronitor', 'API key', 'medium', ['cronitor'], hex(32), 'https://cronitor.io/docs/api', { where: 'under "Settings > API" in Cronitor' }],
    ['Healthchecks.io', 'API key', 'medium', ['healthchecks', 'hc_api'], base64url(32), 'https://healthchecks.io/docs/api/', { rest: 'key', where: 'under "Project settings" in Healthchecks.io' }],
  ]),
  {
    id: 'uptimerobot-key-in-request',
    title: 'UptimeRobot API key in a request',
    severity: 'medium',
    remediation: 'Revoke it under "Integrations & API" in UptimeRobot, then create a new one.',
    source: 'https://uptimerobot.com/api/',
    keywords: ['api_key'],
    pattern: /api_key["']?[=:][\t ]{0,2}["']?(?<secret>[um][0-9]{5,10}-[a-f0-9]{24,32})(?![A-Za-z0-9_-])/,
    window: { before: 0, after: 48 },
    next: [{ of: '"\'=:\\t ', least: 1, most: 5 }, { of: 'um', least: 1 }],
    validate: (secret) => opaque(secret, secret),
  },
  {
    id: 'victorops-url',
    title: 'Splunk On-Call (VictorOps) integration URL',
    severity: 'medium',
    remediation: 'Delete the integration in Splunk On-Call, then create a new one.',
    source: 'https://help.victorops.com/knowledge-base/rest-endpoint-integration-guide/',
    keywords: ['victorops.com/integrations/'],
    pattern: new RegExp(`victorops\\.com\\/integrations\\/[a-z]{1,20}\\/[0-9]{1,12}\\/alert\\/(?<secret>${uuid.form})(?![A-Za-z0-9_-])`),
    window: { before: 0, after: 80 },
    next: { of: 'a-z', least: 1 },
    validate: (secret) => opaque(secret, secret),
  },
  {
    id: 'healthchecks-ping-url',
    title: 'Healthchecks.io ping URL',
    severity: 'low',
    remediation: 'Treat the URL as a secret: anyone who has it can report success. If it is abused, replace the check in Healthchecks.io.',
    source: 'https://healthchecks.io/docs/http_api/',
    keywords: ['hc-ping.com/'],
    pattern: new RegExp(`hc-ping\\.com\\/(?<secret>${uuid.form}(?![A-Za-z0-9_-])|[A-Za-z0-9_-]{22}(?=\\/))`),
    window: { before: 0, after: 37 },
    next: { of: 'A-Za-z0-9_-', least: 22 },
    validate: (secret) => opaque(secret, secret),
  },
];
