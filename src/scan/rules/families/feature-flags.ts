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
    ['LaunchDarkly', 'API access token', 'critical', 'api-', uuid, 'https://launchdarkly.com/docs/home/account/api', { where: 'under "Account settings > Authorization" in LaunchDarkly' }],
    ['LaunchDarkly', 'SDK key', 'medium', 'sdk-', uuid, LAUNCHDARKLY, { where: 'under "Environments" of the project in LaunchDarkly' }],
    ['LaunchDarkly', 'mobile key (public by design)', 'low', 'mob-', uuid, LAUNCHDARKLY, { where: 'under "Environments" of the project in LaunchDarkly', id: 'launchdarkly-mobile-key' }],
    ['Statsig', 'server secret or console API key', 'high', ['secret-', 'console-'], alphanumeric([40, 50]), STATSIG, { where: 'under "Project settings > API keys" in Statsig' }],
    ['Flagsmith', 'server-side environment key', 'medium', 'ser.', alphanumeric([20, 24]), FLAGSMITH, { where: 'under "Environment settings > SDK keys" in Flagsmith' }],
    ['ConfigCat', 'SDK key', 'medium', 'configcat-sdk-', { of: 'A-Za-z0-9/_-', length: [47, 52], form: '[0-9]/[A-Za-z0-9_-]{22}/[A-Za-z0-9_-]{22}' }, 'https://configcat.com/docs/sdk-reference/overview/', { where: 'under "SDK key" of the config in ConfigCat', id: 'configcat-prefixed-sdk-key' }],
  ]),
  {
    id: 'unleash-api-token',
    title: 'Unleash API token',
    severity: 'high',
    remediation: 'Delete it under "Admin > API access" in Unleash, then create a new one.',
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
    ['LaunchDarkly', 'SDK or API key', 'medium', spelled('launch darkly'), base64url([40, 44]), LAUNCHDARKLY, { rest: SECRETS, where: 'under "Account settings" in LaunchDarkly', id: 'launchdarkly-key' }],
    ['Split (Harness FME)', 'API key', 'high', ['splitio', 'split.io', 'split_io', 'split_api', 'split_sdk', 'split_admin'], alphanumeric([32, 60]), 'https://help.split.io/hc/en-us/articles/360019916211-API-keys', { where: 'under "Admin settings > API keys" in Split', id: 'split-api-key' }],
    ['Flagsmith', 'environment key (public by design)', 'low', ['flagsmith'], alphanumeric(22), FLAGSMITH, { where: 'under "Environment settings" in Flagsmith', id: 'flagsmith-environment-key' }],
    ['Flagsmith', 'API token', 'high', ['flagsmith'], { of: 'A-Za-z0-9.', length: [40, 50] }, FLAGSMITH, { rest: SECRETS, where: 'under "Account" in Flagsmith' }],
    ['Optimizely', 'access token', 'high', ['optimizely'], { of: 'A-Za-z0-9:_-', length: [40, 80] }, 'https://docs.developers.optimizely.com/web-experimentation/docs/personal-access-token', { rest: SECRETS, where: 'under "Profile > API Access" in Optimizely' }],
    ['Optimizely', 'SDK key (public by design)', 'low', ['optimizely'], alphanumeric([20, 24]), 'https://docs.developers.optimizely.com/feature-experimentation/docs/', { rest: 'sdk', where: 'under "Settings > Environments" in Optimizely', id: 'optimizely-sdk-key' }],
    ['ConfigCat', 'SDK key (old format)', 'medium', ['configcat'], { of: 'A-Za-z0-9/_-', length: 45, form: '[A-Za-z0-9_-]{22}/[A-Za-z0-9_-]{22}' }, 'https://configcat.com/docs/sdk-reference/overview/', { where: 'under "SDK key" of the config in ConfigCat', id: 'configcat-sdk-key-of-the-old-format' }],
  ]),
];
