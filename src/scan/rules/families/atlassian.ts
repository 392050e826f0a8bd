/**
 * Atlassian: the API tokens of its cloud, Bitbucket, and credentials of Jira, Confluence, Trello, Opsgenie and
 * Statuspage.
 */
import { prefixed } from '../authoring/builders.ts';
import type { Rule } from '../model/rule.ts';
import { SECRETS, alphanumeric, base64, hex, tokenRules, uuid, valueRules } from '../authoring/table.ts';
import { opaque } from '../validators/opaque.ts';

const ACCOUNT = 'under "Account settings > Security > API tokens" in the Atlassian account';
const MANAGE =
  'https://support.atlassian.com/atlassian-account/docs/manage-api-tokens-for-your-atlassian-account/';
const DATA_CENTER =
  'https://confluence.atlassian.com/enterprise/using-personal-access-tokens-1026032365.html';

/** Prefix, payload, `=`, eight digits of a checksum whose computation is published nowhere. */
function checksummed(prefix: string, id: string, title: string, remediation: string, source: string): Rule {
  return prefixed({
    id,
    title,
    severity: 'critical',
    remediation,
    source,
    prefix,
    of: 'A-Za-z0-9_=-',
    length: [60, 260],
    form: '[A-Za-z0-9_-]{60,250}(?:=[A-F0-9]{8})?',
  });
}

export const atlassianRules: readonly Rule[] = [
  checksummed(
    'ATATT3',
    'atlassian-api-token',
    'Atlassian API token',
    `Revoke it ${ACCOUNT}, then create a new one.`,
    MANAGE,
  ),
  checksummed(
    'ATCTT3',
    'atlassian-access-token',
    'Atlassian access token (repository, project, workspace or organization)',
    'Revoke it under "Access tokens" of the repository, project or workspace, or under "API keys" of the organization, in Atlassian. Then create a new one.',
    'https://support.atlassian.com/bitbucket-cloud/docs/access-tokens/',
  ),
  // prettier-ignore
  ...tokenRules([
    ['Bitbucket', 'app password', 'critical', 'ATBB', alphanumeric([28, 36]), 'https://support.atlassian.com/bitbucket-cloud/docs/app-passwords/', { where: 'under "Personal settings > App passwords" in Bitbucket' }],
    ['Bitbucket', 'Data Center HTTP access token', 'critical', 'BBDC-', { of: 'A-Za-z0-9+/@_-', length: [40, 60] }, 'https://confluence.atlassian.com/bitbucketserver/http-access-tokens-939515499.html', { where: 'under "Manage account > HTTP access tokens" in Bitbucket' }],
    ['Trello', 'API token', 'high', 'ATTA', hex([64, 72]), 'https://developer.atlassian.com/cloud/trello/guides/rest-api/api-introduction/', { where: 'under "Account > Applications" in Trello' }],
  ]),
  // prettier-ignore
  ...valueRules([
    ['Bitbucket', 'OAuth consumer secret', 'high', ['bitbucket'], alphanumeric([32, 64]), 'https://support.atlassian.com/bitbucket-cloud/docs/use-oauth-on-bitbucket-cloud/', { rest: SECRETS, where: 'under "OAuth consumers" of the workspace in Bitbucket' }],
    ['Atlassian', 'API token (old format)', 'critical', ['jira', 'atlassian', 'confluence'], alphanumeric(24), MANAGE, { rest: SECRETS, where: ACCOUNT, id: 'atlassian-api-token-24-characters' }],
    ['Jira', 'or Confluence personal access token', 'critical', ['jira', 'atlassian', 'confluence'], { ...base64(44), form: '[MNO][A-Za-z0-9+/]{43}' }, DATA_CENTER, { rest: SECRETS, where: 'under "Personal access tokens" of the user profile in Jira or Confluence' }],
    ['Trello', 'API key', 'low', ['trello'], hex(32), 'https://developer.atlassian.com/cloud/trello/guides/rest-api/authorization/', { rest: 'key', where: 'at https://trello.com/power-ups/admin' }],
    ['Trello', 'API token or OAuth secret', 'high', ['trello'], hex(64), 'https://developer.atlassian.com/cloud/trello/guides/rest-api/authorization/', { rest: 'token|secret', where: 'under "Account > Applications" in Trello' }],
    ['Opsgenie', 'API key', 'high', ['opsgenie', 'geniekey'], uuid, 'https://support.atlassian.com/opsgenie/docs/api-key-management/', { where: 'under "Settings > API key management" in Opsgenie' }],
    ['Statuspage', 'API key', 'high', ['statuspage', 'status_page'], { of: 'a-f0-9-', length: [36, 64] }, 'https://developer.statuspage.io/#section/Authentication', { rest: SECRETS, where: 'under "API info" in Statuspage' }],
  ]),
  {
    id: 'opsgenie-authorization',
    title: 'Opsgenie API key in a header',
    severity: 'high',
    remediation: 'Revoke it under "Settings > API key management" in Opsgenie, then create a new one.',
    source: 'https://docs.opsgenie.com/docs/authentication',
    keywords: ['GenieKey '],
    pattern: new RegExp(`GenieKey (?<secret>${uuid.form})(?![A-Za-z0-9_-])`),
    window: { before: 0, after: 36 },
    next: { of: 'a-fA-F0-9', least: 8 },
    validate: (secret) => opaque(secret, secret),
  },
];
