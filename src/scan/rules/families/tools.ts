/**
 * Team tools for planning, design, documentation and code: JetBrains, Postman, Sourcegraph, Figma, Linear,
 * Notion ...
 */
import { BEFORE } from '../authoring/boundaries.ts';
import { prefixed } from '../authoring/builders.ts';
import type { Rule } from '../model/rule.ts';
import {
  SECRETS,
  alphanumeric,
  base64url,
  hex,
  lower,
  spelled,
  tokenRules,
  upper,
  uuid,
  valueRules,
} from '../authoring/table.ts';
import { isMixed, opaque } from '../validators/opaque.ts';
import { rejected } from '../model/verdict.ts';

const POSTMAN = 'https://learning.postman.com/docs/developer/postman-api/authentication/';
const SOURCEGRAPH = 'https://sourcegraph.com/docs/cli/how-tos/creating_an_access_token';
const FIGMA = 'https://www.figma.com/developers/api#authentication';
const LINEAR = 'https://linear.app/developers/graphql#authentication';
const ASANA = 'https://developers.asana.com/docs/personal-access-token';

// prettier-ignore
const tokens = tokenRules([
  ['Postman', 'API key', 'critical', 'PMAK-', { of: 'a-f0-9-', length: 59, form: '[a-f0-9]{24}-[a-f0-9]{34}' }, POSTMAN, { where: 'under "Settings > API keys" in Postman' }],
  ['Postman', 'collection access key', 'medium', 'PMAT-', upper([24, 32]), 'https://learning.postman.com/docs/collaborating-in-postman/sharing/', { where: 'under "Manage access keys" of the team in Postman' }],
  ['Sourcegraph', 'access token', 'high', 'sgp_', { of: 'a-zA-Z0-9_', length: [40, 57], form: '(?:[a-f0-9]{16}_|local_)?[a-f0-9]{40}' }, SOURCEGRAPH, { where: 'under "Settings > Access tokens" in Sourcegraph' }],
  ['Sourcegraph', 'license or dotcom token', 'medium', ['slk_', 'sgd_'], hex(64), SOURCEGRAPH, { where: 'under "Settings" in Sourcegraph', id: 'sourcegraph-licence-or-dotcom-token' }],
  ['Figma', 'personal access token', 'high', 'figd_', base64url([35, 64]), FIGMA, { where: 'under "Settings > Security" in Figma' }],
  ['Figma', 'OAuth or refresh token', 'high', ['figu_', 'figur_', 'figo_', 'figor_'], base64url([35, 64]), FIGMA, { where: 'under "Settings > Connected apps" in Figma' }],
  ['Linear', 'API key', 'high', 'lin_api_', alphanumeric([32, 48]), LINEAR, { where: 'under "Settings > Security & access" in Linear' }],
  ['Linear', 'OAuth token or webhook secret', 'high', ['lin_oauth_', 'lin_wh_'], alphanumeric([32, 70]), LINEAR, { where: 'under "Settings > API" in Linear' }],
  ['Notion', 'integration token', 'high', 'ntn_', alphanumeric([40, 56]), 'https://developers.notion.com/docs/authorization', { where: 'under "Integrations" of the workspace in Notion' }],
  ['ClickUp', 'personal API token', 'high', 'pk_', { of: 'A-Z0-9_', length: [35, 48], form: '[0-9]{2,14}_[A-Z0-9]{32}' }, 'https://developer.clickup.com/docs/authentication', { where: 'under "Settings > Apps" in ClickUp' }],
  ['ReadMe', 'API key', 'high', 'rdme_', lower(70), 'https://docs.readme.com/main/reference/intro/authentication', { where: 'under "Configuration > API keys" of the project in ReadMe' }],
  ['Scalingo', 'API token', 'critical', 'tk-us-', base64url(48), 'https://developers.scalingo.com/index#authentication', { where: 'under "Profile > Tokens" in Scalingo' }],
  ['WakaTime', 'API key', 'medium', 'waka_', { of: 'a-f0-9-', length: 36 }, 'https://wakatime.com/developers#authentication', { where: 'under "Account > Secret API Key" in WakaTime' }],
  ['Gitpod', 'access token', 'high', 'gitpod_pat_', { of: 'A-Za-z0-9._-', length: [30, 120] }, 'https://www.gitpod.io/docs/configure/user-settings/access-tokens', { where: 'under "User Settings > Access Tokens" in Gitpod' }],
]);

const asanaToken: { of: string; length: [number, number]; form: string } = {
  of: 'a-f0-9:/',
  length: [34, 80],
  form: '(?:0/|[12]/[0-9]{8,20}(?:/[0-9]{8,20})?:)[a-f0-9]{32}',
};

// prettier-ignore
const values = valueRules([
  ['Asana', 'personal access token', 'high', ['asana'], asanaToken, ASANA, { where: 'under "My settings > Apps" in Asana' }],
  ['Asana', 'client secret', 'high', ['asana'], hex(32), ASANA, { rest: 'secret|token|key', where: 'in Asana\'s developer console' }],
  ['Sourcegraph', 'access token (old format)', 'high', ['sourcegraph', 'src_access'], lower(40), SOURCEGRAPH, { rest: 'token|key|secret', where: 'under "Settings > Access tokens" in Sourcegraph', id: 'sourcegraph-access-token-of-the-old-format' }],
  ['ClickUp', 'client secret', 'high', ['clickup'], alphanumeric([32, 64]), 'https://developer.clickup.com/docs/authentication', { rest: 'secret|key|token', where: 'under "Settings > Integrations" in ClickUp' }],
  ['Linear', 'client secret', 'high', ['linear_', 'linear-', 'linear.'], hex(32), LINEAR, { rest: 'secret|key|token', where: 'under "Settings > API" in Linear' }],
  ['Notion', 'OAuth client secret', 'high', ['notion_', 'notion-', 'notion.'], base64url([36, 50]), 'https://developers.notion.com/docs/authorization', { rest: 'secret|key|token', where: 'under "Integrations" of the workspace in Notion' }],
  ['Shortcut', 'API token', 'high', ['shortcut', 'clubhouse'], { of: 'a-f0-9-', length: [36, 40] }, 'https://developer.shortcut.com/api/rest/v3#Authentication', { rest: 'token|key', where: 'under "Settings > API Tokens" in Shortcut' }],
  ['Height', 'API key', 'medium', ['height_', 'heightapp'], base64url([40, 60]), 'https://height.notion.site/API-documentation-643aea5bf01742de9232e5971cb4afda', { rest: SECRETS, where: 'under "Settings > API" in Height' }],
  ['Coda', 'API token', 'high', ['coda_', 'coda-', 'coda.'], uuid, 'https://coda.io/developers/apis/v1', { rest: 'token|key', where: 'under "Account settings > API settings" in Coda' }],
  ['Miro', 'access token or client secret', 'high', ['miro_', 'miro-', 'miro.'], base64url([27, 32]), 'https://developers.miro.com/docs/getting-started-with-oauth', { rest: SECRETS, where: 'under "Profile settings > Your apps" in Miro' }],
  ['Productboard', 'API token', 'high', ['productboard'], base64url([30, 64]), 'https://developer.productboard.com/reference/authentication', { rest: SECRETS, where: 'under "Integrations > Public APIs" in Productboard' }],
  ['monday.com', 'signing or client secret', 'high', spelled('monday', 'monday com'), hex(32), 'https://developer.monday.com/api-reference/docs/authentication', { rest: 'secret|key|token', where: 'under "Developers" in monday.com' }],
  ['Replit', 'token', 'high', ['replit', 'repl_identity'], base64url([30, 200]), 'https://docs.replit.com/', { rest: 'token|key|secret', where: 'under "Account" in Replit' }],
  ['Figma', 'personal access token (old format)', 'high', ['figma', 'x-figma-token'], { of: 'a-f0-9-', length: 43, form: '[0-9]{6}-[a-f0-9]{8}(?:-[a-f0-9]{4}){3}-[a-f0-9]{12}' }, FIGMA, { where: 'under "Settings > Security" in Figma', id: 'figma-personal-access-token-of-the-old-format' }],
  ['Develocity (Gradle Enterprise)', 'access key', 'high', ['develocity', 'gradle_enterprise', 'gradle.enterprise', 'gradleenterprise'], { of: 'A-Za-z0-9.=_-', length: [24, 140], form: '[A-Za-z0-9.-]{4,80}=[a-z0-9]{20,60}' }, 'https://docs.gradle.com/develocity/gradle-plugin/current/#manual_access_key_configuration', { rest: 'key', where: 'under "My settings > Access keys" in Develocity' }],
]);

export const toolRules: readonly Rule[] = [
  ...tokens,
  prefixed({
    id: 'asana-token',
    title: 'Asana personal access token',
    severity: 'high',
    remediation: 'Revoke it under "My settings > Apps" in Asana, then create a new one.',
    source: ASANA,
    // Version, `/`, the user and perhaps the token's number, a random part. All numbers that are given today begin so.
    prefix: ['1/1', '2/1'],
    of: 'a-f0-9:/',
    length: [44, 71],
    form: '[0-9]{11,18}(?:/[0-9]{11,18})?:[a-f0-9]{32}',
  }),
  prefixed({
    id: 'notion-legacy-token',
    title: 'Notion integration token (old format)',
    severity: 'high',
    remediation: 'Refresh the secret under "Integrations" of the workspace in Notion.',
    source: 'https://developers.notion.com/docs/authorization',
    prefix: 'secret_',
    of: 'A-Za-z0-9',
    length: 43,
    validate: (secret) => (isMixed(secret.slice(7)) ? opaque(secret, secret.slice(7)) : rejected),
  }),
  {
    id: 'jetbrains-permanent-token',
    title: 'JetBrains permanent token (YouTrack, Hub, Marketplace)',
    severity: 'critical',
    remediation:
      'Delete it under "Account Security > Tokens" in YouTrack or Hub, or under "My Tokens" in JetBrains Marketplace.',
    source: 'https://www.jetbrains.com/help/youtrack/devportal/Manage-Permanent-Token.html',
    keywords: ['perm:', 'perm-'],
    // User, name of the token, random part; the first two are base64.
    pattern: new RegExp(
      `${BEFORE}perm[:-][A-Za-z0-9+/_=-]{2,120}\\.[A-Za-z0-9+/_=-]{2,120}\\.[A-Za-z0-9]{24,40}(?![A-Za-z0-9_])`,
    ),
    window: { before: 0, after: 284 },
    next: { of: 'A-Za-z0-9+/_=-', least: 2 },
    validate: (secret) => opaque(secret, secret.slice(secret.lastIndexOf('.') + 1)),
  },
  ...values,
];
