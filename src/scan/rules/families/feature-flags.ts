/** Feature flag services: LaunchDarkly, Split, Unleash, Flagsmith, Optimizely, Statsig, ConfigCat. */
import type { Rule } from '../model/rule.ts';
import {
  SECRETS,
  alphanumeric,
  base64url,
  spelled,
  tokenRules,
  uuid,
  valueRules,
} from '../authoring/table.ts';
import { opaque } from '../validators/opaque.ts';

const LAUNCHDARKLY = 'https://launchdarkly.com/docs/home/account/environment/keys';
const STATSIG = 'https://docs.statsig.com/sdk-keys/api-keys';
const FLAGSMITH = 'https://docs.flagsmith.com/clients/server-side';

// prettier-ignore
export const featureFlagRules: readonly Rule[] = [
  ...tokenRules([
    ['LaunchDarkly', 'API access token', 'critical', 'api-', uuid, 'https://launchdarkly.com/docs/home/account/api', { where: 'under "Account settings, Authorization" of LaunchDarkly' }],
    ['LaunchDarkly', 'SDK key', 'medium', 'sdk-', uuid, LAUNCHDARKLY, { where: 'under "Environments" of the project in LaunchDarkly' }],
    ['LaunchDarkly', 'mobile key, meant to be in apps', 'low', 'mob-', uuid, LAUNCHDARKLY, { where: 'under "Environments" of the project in LaunchDarkly' }],
    ['Statsig', 'server secret or console API key', 'high', ['secret-', 'console-'], alphanumeric([40, 50]), STATSIG, { where: 'under "Project settings, API keys" of Statsig' }],
    ['Flagsmith', 'server-side environment key', 'medium', 'ser.', alphanumeric([20, 24]), FLAGSMITH, { where: 'under "Environment settings, SDK keys" of Flagsmith' }],
    ['ConfigCat', 'prefixed SDK key', 'medium', 'configcat-sdk-', { of: 'A-Za-z0-9/_-', length: [47, 52], form: '[0-9]/[A-Za-z0-9_-]{22}/[A-Za-z0-9_-]{22}' }, 'https://configcat.com/docs/sdk-reference/overview/', { where: 'under "SDK key" of the config in ConfigCat' }],
  ]),
  {
    id: 'unleash-api-token',
    title: 'Unleash API token',
    severity: 'high',
    remediation: 'Delete it under "Admin, API access" of Unleash and make a new one.',
    source: 'https://docs.getunleash.io/reference/api-tokens-and-client-keys',
    keywords: [':development.', ':production.', ':default.', ':*.'],
    // The project or `*` or `[]`, `:`, the environment, `.`, the secret.
    pattern:
      /(?<=[A-Za-z0-9_*\]-]):(?:development|production|default|\*)\.(?<secret>[a-f0-9]{48,64})(?![A-Za-z0-9_])/,
    window: { before: 0, after: 64 },
    next: { of: 'a-f0-9', least: 48 },
    validate: (secret) => opaque(secret, secret),
  },
  ...valueRules([
    ['LaunchDarkly', 'key', 'medium', spelled('launch darkly'), base64url([40, 44]), LAUNCHDARKLY, { rest: SECRETS, where: 'under "Account settings" of LaunchDarkly' }],
    ['Split', 'API key', 'high', ['splitio', 'split.io', 'split_io', 'split_api', 'split_sdk', 'split_admin'], alphanumeric([32, 60]), 'https://help.split.io/hc/en-us/articles/360019916211-API-keys', { where: 'under "Admin settings, API keys" of Split' }],
    ['Flagsmith', 'environment key, meant to be in apps', 'low', ['flagsmith'], alphanumeric(22), FLAGSMITH, { where: 'under "Environment settings" of Flagsmith' }],
    ['Flagsmith', 'API token', 'high', ['flagsmith'], { of: 'A-Za-z0-9.', length: [40, 50] }, FLAGSMITH, { rest: SECRETS, where: 'under "Account" of Flagsmith' }],
    ['Optimizely', 'access token', 'high', ['optimizely'], { of: 'A-Za-z0-9:_-', length: [40, 80] }, 'https://docs.developers.optimizely.com/web-experimentation/docs/personal-access-token', { rest: SECRETS, where: 'under "Profile, API Access" of Optimizely' }],
    ['Optimizely', 'SDK key, meant to be in apps', 'low', ['optimizely'], alphanumeric([20, 24]), 'https://docs.developers.optimizely.com/feature-experimentation/docs/', { rest: 'sdk', where: 'under "Settings, Environments" of Optimizely' }],
    ['ConfigCat', 'SDK key of the old format', 'medium', ['configcat'], { of: 'A-Za-z0-9/_-', length: 45, form: '[A-Za-z0-9_-]{22}/[A-Za-z0-9_-]{22}' }, 'https://configcat.com/docs/sdk-reference/overview/', { where: 'under "SDK key" of the config in ConfigCat' }],
  ]),
];
