/** Tools that teams plan, design, document and write code with: JetBrains, Postman, Sourcegraph, Figma, Linear, Notion ... */
import { BEFORE, prefixed } from '../builders.ts';
import type { Rule } from '../rule.ts';
import { SECRET, alphanumeric, base64url, hex, spelled, tokenRules, uuid, valueRules } from '../table.ts';
import { isMixed, opaque } from '../validators/opaque.ts';
import { rejected } from '../validators/verdict.ts';

const POSTMAN = 'https://learning.postman.com/docs/developer/postman-api/authentication/';
const SOURCEGRAPH = 'https://sourcegraph.com/docs/cli/how-tos/creating_an_access_token';
const FIGMA = 'https://www.figma.com/developers/api#authentication';
const LINEAR = 'https://linear.app/developers/graphql#authentication';
const ASANA = 'https://developers.asana.com/docs/personal-access-token';

// prettier-ignore
const tokens = tokenRules([
  ['postman-api-key', 'Postman API key', 'critical', 'PMAK-', { of: 'a-f0-9-', length: 59, form: '[a-f0-9]{24}-[a-f0-9]{34}' },
    'under "Settings, API keys" of Postman', POSTMAN],
  ['postman-collection-key', 'Postman collection access key', 'medium', 'PMAT-', { of: 'A-Z0-9', length: [24, 32] },
    'under "Manage access keys" of the team in Postman', 'https://learning.postman.com/docs/collaborating-in-postman/sharing/'],
  ['sourcegraph-access-token', 'Sourcegraph access token', 'high', 'sgp_', { of: 'a-zA-Z0-9_', length: [40, 57], form: '(?:[a-f0-9]{16}_|local_)?[a-f0-9]{40}' },
    'under "Settings, Access tokens" of Sourcegraph', SOURCEGRAPH],
  ['sourcegraph-licence-key', 'Sourcegraph licence or dotcom token', 'medium', ['slk_', 'sgd_'], hex(64),
    'under "Settings" of Sourcegraph', SOURCEGRAPH],
  ['figma-personal-token', 'Figma personal access token', 'high', 'figd_', base64url([35, 64]), 'under "Settings, Security" of Figma', FIGMA],
  ['figma-oauth-token', 'Figma OAuth or refresh token', 'high', ['figu_', 'figur_', 'figo_', 'figor_'], base64url([35, 64]), 'under "Settings, Connected apps" of Figma', FIGMA],
  ['linear-api-key', 'Linear API key', 'high', 'lin_api_', alphanumeric([32, 48]), 'under "Settings, Security & access" of Linear', LINEAR],
  ['linear-oauth-token', 'Linear OAuth token or webhook secret', 'high', ['lin_oauth_', 'lin_wh_'], alphanumeric([32, 70]), 'under "Settings, API" of Linear', LINEAR],
  ['notion-token', 'Notion integration token', 'high', 'ntn_', alphanumeric([40, 56]),
    'under "Integrations" of the workspace in Notion', 'https://developers.notion.com/docs/authorization'],
  ['clickup-personal-token', 'ClickUp personal API token', 'high', 'pk_', { of: 'A-Z0-9_', length: [35, 48], form: '[0-9]{2,14}_[A-Z0-9]{32}' },
    'under "Settings, Apps" of ClickUp', 'https://developer.clickup.com/docs/authentication'],
  ['readme-api-key', 'ReadMe API key', 'high', 'rdme_', { of: 'a-z0-9', length: 70 },
    'under "Configuration, API keys" of the project in ReadMe', 'https://docs.readme.com/main/reference/intro/authentication'],
  ['scalingo-api-token', 'Scalingo API token', 'critical', 'tk-us-', base64url(48),
    'under "Profile, Tokens" of Scalingo', 'https://developers.scalingo.com/index#authentication'],
  ['wakatime-api-key', 'WakaTime API key', 'medium', 'waka_', { of: 'a-f0-9-', length: 36 },
    'under "Account, Secret API Key" of WakaTime', 'https://wakatime.com/developers#authentication'],
  ['gitpod-token', 'Gitpod access token', 'high', 'gitpod_pat_', { of: 'A-Za-z0-9._-', length: [30, 120] },
    'under "User Settings, Access Tokens" of Gitpod', 'https://www.gitpod.io/docs/configure/user-settings/access-tokens'],
]);

const asanaToken: { of: string; length: [number, number]; form: string } = {
  of: 'a-f0-9:/',
  length: [34, 80],
  form: '(?:0/|[12]/[0-9]{8,20}(?:/[0-9]{8,20})?:)[a-f0-9]{32}',
};

// prettier-ignore
const values = valueRules([
  ['asana-personal-token', 'Asana personal access token', 'high', ['asana'], asanaToken, 'under "My settings, Apps" of Asana', ASANA],
  ['asana-client-secret', 'Asana client secret', 'high', ['asana'], hex(32), 'in Asana\'s developer console', ASANA, 'secret|token|key'],
  ['sourcegraph-legacy-token', 'Sourcegraph access token of the old format', 'high', ['sourcegraph', 'src_access'], { of: 'a-f0-9', length: 40 },
    'under "Settings, Access tokens" of Sourcegraph', SOURCEGRAPH, 'token|key|secret'],
  ['clickup-client-secret', 'ClickUp client secret', 'high', ['clickup'], alphanumeric([32, 64]), 'under "Settings, Integrations" of ClickUp', 'https://developer.clickup.com/docs/authentication', 'secret|key|token'],
  ['linear-client-secret', 'Linear client secret', 'high', ['linear_', 'linear-', 'linear.'], hex(32), 'under "Settings, API" of Linear', LINEAR, 'secret|key|token'],
  ['notion-client-secret', 'Notion OAuth client secret', 'high', ['notion_', 'notion-', 'notion.'], base64url([36, 50]), 'under "Integrations" of the workspace in Notion', 'https://developers.notion.com/docs/authorization', 'secret|key|token'],
  ['shortcut-api-token', 'Shortcut API token', 'high', ['shortcut', 'clubhouse'], { of: 'a-f0-9-', length: [36, 40] },
    'under "Settings, API Tokens" of Shortcut', 'https://developer.shortcut.com/api/rest/v3#Authentication', 'token|key'],
  ['height-api-key', 'Height API key', 'medium', ['height_', 'heightapp'], base64url([40, 60]), 'under "Settings, API" of Height', 'https://height.notion.site/API-documentation-643aea5bf01742de9232e5971cb4afda', SECRET],
  ['coda-api-token', 'Coda API token', 'high', ['coda_', 'coda-', 'coda.'], uuid, 'under "Account settings, API settings" of Coda', 'https://coda.io/developers/apis/v1', 'token|key'],
  ['miro-access-token', 'Miro access token or client secret', 'high', ['miro_', 'miro-', 'miro.'], base64url([27, 32]), 'under "Profile settings, Your apps" of Miro', 'https://developers.miro.com/docs/getting-started-with-oauth', SECRET],
  ['productboard-api-token', 'Productboard API token', 'high', ['productboard'], base64url([30, 64]), 'under "Integrations, Public APIs" of Productboard', 'https://developer.productboard.com/reference/authentication', SECRET],
  ['monday-api-token', 'monday.com signing or client secret', 'high', spelled('monday', 'monday com'), hex(32), 'under "Developers" of monday.com', 'https://developer.monday.com/api-reference/docs/authentication', 'secret|key|token'],
  ['replit-token', 'Replit token', 'high', ['replit', 'repl_identity'], base64url([30, 200]), 'under "Account" of Replit', 'https://docs.replit.com/', 'token|key|secret'],
  ['figma-legacy-token', 'Figma personal access token of the old format', 'high', ['figma', 'x-figma-token'], { of: 'a-f0-9-', length: 43, form: '[0-9]{6}-[a-f0-9]{8}(?:-[a-f0-9]{4}){3}-[a-f0-9]{12}' },
    'under "Settings, Security" of Figma', FIGMA],
  ['develocity-access-key', 'Develocity (Gradle Enterprise) access key', 'high', ['develocity', 'gradle_enterprise', 'gradle.enterprise', 'gradleenterprise'], { of: 'A-Za-z0-9.=_-', length: [24, 140], form: '[A-Za-z0-9.-]{4,80}=[a-z0-9]{20,60}' },
    'under "My settings, Access keys" of Develocity', 'https://docs.gradle.com/develocity/gradle-plugin/current/#manual_access_key_configuration', 'key'],
]);

export const toolRules: readonly Rule[] = [
  ...tokens,
  prefixed({
    id: 'asana-token',
    title: 'Asana personal access token',
    severity: 'high',
    remediation: 'Revoke it under "My settings, Apps" of Asana and make a new one.',
    source: ASANA,
    // Version, `/`, the user and perhaps the token's number, a random part. All numbers that are given today begin so.
    prefix: ['1/1', '2/1'],
    of: 'a-f0-9:/',
    length: [45, 72],
    form: '[0-9]{11,18}(?:/[0-9]{11,18})?:[a-f0-9]{32}',
  }),
  prefixed({
    id: 'notion-legacy-token',
    title: 'Notion integration token of the old format',
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
      'Delete it under "Account Security, Tokens" of YouTrack or Hub, or "My Tokens" of the Marketplace.',
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
