/** Applications that people run on their own machines, whose keys open them. */
import type { Rule } from '../model/rule.ts';
import { LOWER, alphanumeric, base64url, hex, lower, tokenRules } from '../authoring/table.ts';

const LIGHTDASH = 'https://docs.lightdash.com/references/workspace/personal-tokens';
const PHASE = 'https://docs.phase.dev/access-control/authentication/tokens';
const PHASE_KEY = '[12]:[a-f0-9]{64}:[a-f0-9]{64}:[a-f0-9]{64}:[a-f0-9]{64}';
const UUID = '[a-f0-9]{8}-[a-f0-9]{4}-[a-f0-9]{4}-[a-f0-9]{4}-[a-f0-9]{12}';

// prettier-ignore
export const selfHostedRules: readonly Rule[] = tokenRules([
  ['Appwrite', 'API key', 'critical', 'standard_', lower(256), 'https://appwrite.io/docs/advanced/platform/api-keys', { where: 'under "Overview > Integrations > API keys" of the project in Appwrite' }],
  ['Formbricks', 'API key', 'high', 'fbk_', base64url(43), 'https://formbricks.com/docs/api-reference/rest-api', { where: 'under "Organization settings > API keys" in Formbricks' }],
  ['Hoppscotch', 'personal access token', 'medium', 'pat-', { of: 'a-f0-9-', length: 36, form: UUID }, 'https://docs.hoppscotch.io/documentation/clients/cli/overview', { where: 'under "Profile > Tokens" in Hoppscotch' }],
  ['Karakeep', 'API key', 'medium', ['ak1_', 'ak2_'], { of: 'a-f0-9_', length: 53, form: '[a-f0-9]{20}_[a-f0-9]{32}' }, 'https://docs.karakeep.app/api/karakeep-api', { where: 'under "Settings > API Keys" in Karakeep' }],
  ['Lightdash', 'personal access token', 'high', 'ldpat_', hex(32), LIGHTDASH, { where: 'under "Settings > Personal access tokens" in Lightdash' }],
  ['Lightdash', 'service account token', 'critical', 'ldsvc_', hex(32), LIGHTDASH, { where: 'under "Settings > Service accounts" in Lightdash' }],
  ['Lightdash', 'OAuth access or refresh token', 'medium', ['ldapp_', 'ldref_'], hex(32), LIGHTDASH, { where: 'under "Settings > OAuth applications" in Lightdash' }],
  ['Memos', 'access token', 'high', 'memos_pat_', alphanumeric(32), 'https://www.usememos.com/docs/security/access-tokens', { where: 'under "Settings > My Account > Access Tokens" in Memos' }],
  ['NetBox', 'API token', 'high', 'nbt_', { of: 'A-Za-z0-9.', length: 53, form: '[A-Za-z0-9]{12}\\.[A-Za-z0-9]{40}' }, 'https://netboxlabs.com/docs/netbox/integrations/rest-api/', { where: 'under "API Tokens" of the user in NetBox' }],
  ['Outline', 'API key', 'high', 'ol_api_', alphanumeric(38), 'https://www.getoutline.com/developers', { where: 'under "Settings > API keys" in Outline' }],
  ['Phase', 'service account token', 'critical', 'pss_service:v', { of: 'a-f0-9:', length: 261, form: PHASE_KEY }, PHASE, { where: 'under "Access Control > Service Accounts" in Phase' }],
  ['Phase', 'user token', 'critical', 'pss_user:v', { of: 'a-f0-9:', length: 261, form: PHASE_KEY }, PHASE, { where: 'under "Access Control > Authentication" in Phase' }],
  ['Plane', 'API key', 'high', 'plane_api_', lower(32), 'https://developers.plane.so/api-reference/introduction', { where: 'under "Profile settings > Personal access tokens" in Plane' }],
  ['Uptime Kuma', 'API key', 'low', ['uk1_', 'uk2_', 'uk3_', 'uk4_', 'uk5_', 'uk6_', 'uk7_', 'uk8_', 'uk9_'], base64url(40), 'https://github.com/louislam/uptime-kuma/wiki/API-Keys', { where: 'under "Settings > API Keys" in Uptime Kuma' }],
  ['Vikunja', 'API token', 'medium', 'tk_', { of: LOWER, length: 40, form: '[a-f0-9]{40}' }, 'https://vikunja.io/docs/api-tokens/', { where: 'under "Settings > API Tokens" in Vikunja' }],
]);
