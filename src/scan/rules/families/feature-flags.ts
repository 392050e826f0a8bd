/** Services that switch features on and off: LaunchDarkly, Split, Unleash, Flagsmith, Optimizely, Statsig, ConfigCat. */
import type { Rule } from '../rule.ts';
import { SECRET, alphanumeric, base64url, spelled, tokenRules, uuid, valueRules } from '../table.ts';
import { opaque } from '../validators/opaque.ts';

const LAUNCHDARKLY = 'https://launchdarkly.com/docs/home/account/environment/keys';
const STATSIG = 'https://docs.statsig.com/sdk-keys/api-keys';
const FLAGSMITH = 'https://docs.flagsmith.com/clients/server-side';

// prettier-ignore
export const featureFlagRules: readonly Rule[] = [
  ...tokenRules([
    ['launchdarkly-api-token', 'LaunchDarkly API access token', 'critical', 'api-', uuid, 'under "Account settings, Authorization" of LaunchDarkly', 'https://launchdarkly.com/docs/home/account/api'],
    ['launchdarkly-sdk-key', 'LaunchDarkly SDK key', 'medium', 'sdk-', uuid, 'under "Environments" of the project in LaunchDarkly', LAUNCHDARKLY],
    ['launchdarkly-mobile-key', 'LaunchDarkly mobile key, meant to be in apps', 'low', 'mob-', uuid, 'under "Environments" of the project in LaunchDarkly', LAUNCHDARKLY],
    ['statsig-server-secret', 'Statsig server secret or console API key', 'high', ['secret-', 'console-'], alphanumeric([40, 50]), 'under "Project settings, API keys" of Statsig', STATSIG],
    ['flagsmith-server-key', 'Flagsmith server-side environment key', 'medium', 'ser.', alphanumeric([20, 24]), 'under "Environment settings, SDK keys" of Flagsmith', FLAGSMITH],
    ['configcat-prefixed-key', 'ConfigCat SDK key', 'medium', 'configcat-sdk-', { of: 'A-Za-z0-9/_-', length: [47, 52], form: '[0-9]/[A-Za-z0-9_-]{22}/[A-Za-z0-9_-]{22}' }, 'under "SDK key" of the config in ConfigCat', 'https://configcat.com/docs/sdk-reference/overview/'],
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
    ['launchdarkly-named-key', 'LaunchDarkly key', 'medium', spelled('launch darkly'), base64url([40, 44]), 'under "Account settings" of LaunchDarkly', LAUNCHDARKLY, SECRET],
    ['split-api-key', 'Split API key', 'high', ['splitio', 'split.io', 'split_io', 'split_api', 'split_sdk', 'split_admin'], alphanumeric([32, 60]), 'under "Admin settings, API keys" of Split', 'https://help.split.io/hc/en-us/articles/360019916211-API-keys'],
    ['flagsmith-environment-key', 'Flagsmith environment key, meant to be in apps', 'low', ['flagsmith'], alphanumeric(22), 'under "Environment settings" of Flagsmith', FLAGSMITH],
    ['flagsmith-api-token', 'Flagsmith API token', 'high', ['flagsmith'], { of: 'A-Za-z0-9.', length: [40, 50] }, 'under "Account" of Flagsmith', FLAGSMITH, SECRET],
    ['optimizely-token', 'Optimizely access token', 'high', ['optimizely'], { of: 'A-Za-z0-9:_-', length: [40, 80] }, 'under "Profile, API Access" of Optimizely', 'https://docs.developers.optimizely.com/web-experimentation/docs/personal-access-token', SECRET],
    ['optimizely-sdk-key', 'Optimizely SDK key, meant to be in apps', 'low', ['optimizely'], alphanumeric([20, 24]), 'under "Settings, Environments" of Optimizely', 'https://docs.developers.optimizely.com/feature-experimentation/docs/', 'sdk'],
    ['configcat-legacy-key', 'ConfigCat SDK key', 'medium', ['configcat'], { of: 'A-Za-z0-9/_-', length: 45, form: '[A-Za-z0-9_-]{22}/[A-Za-z0-9_-]{22}' }, 'under "SDK key" of the config in ConfigCat', 'https://configcat.com/docs/sdk-reference/overview/'],
  ]),
];
