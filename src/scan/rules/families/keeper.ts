/** Keeper Secrets Manager: one-time access tokens, and client configurations as JSON and as base64 of it. */
import type { Rule } from '../rule.ts';
import { configuration, encodedConfiguration, oneTimeToken } from '../validators/keeper.ts';

const source = 'https://docs.keeper.io/keeperpam/secrets-manager/about/secrets-manager-configuration';
const remediation =
  'Remove the client device from its application (Secrets Manager, Devices), add a new one, and keep its configuration in a protected store.';

export const keeperRules: readonly Rule[] = [
  {
    id: 'keeper-configuration',
    title: 'Keeper Secrets Manager configuration',
    severity: 'critical',
    remediation,
    source,
    keywords: ['appKey'],
    // A flat JSON object of strings, also with escaped quotes; the validator looks at its keys.
    pattern:
      /\{(?=[^{}]{0,5300}"appKey\\?")\s{0,40}\\?"[A-Za-z]{1,24}\\?"\s{0,8}:\s{0,8}\\?"[^"\\\r\n]{0,400}\\?"(?:\s{0,40},\s{0,40}\\?"[A-Za-z]{1,24}\\?"\s{0,8}:\s{0,8}\\?"[^"\\\r\n]{0,400}\\?"){2,9}\s{0,40}\}/,
    window: { before: 5400, after: 5400 },
    next: { of: '"\\\\', least: 1 },
    validate: configuration,
  },
  {
    id: 'keeper-encoded-configuration',
    title: 'Keeper Secrets Manager configuration (base64)',
    severity: 'critical',
    remediation,
    source,
    // `appKey` in base64, once for each of the three ways in which bytes fall into groups of three.
    keywords: ['YXBwS2V5', 'FwcEtleS', 'hcHBLZXki'],
    pattern:
      /(?<![A-Za-z0-9+/=])(?=[A-Za-z0-9+/]{0,4000}(?:YXBwS2V5|FwcEtleS|hcHBLZXki))e[wy][A-Za-z0-9+/]{300,4096}={0,2}(?![A-Za-z0-9+/=])/,
    window: { before: 4100, after: 4200 },
    validate: encodedConfiguration,
  },
  {
    id: 'keeper-one-time-token',
    title: 'Keeper Secrets Manager one-time access token',
    severity: 'high',
    remediation:
      'Remove the client device that the token was made for; a token that was used already opens nothing more.',
    source: 'https://docs.keeper.io/keeperpam/secrets-manager/about/one-time-token',
    keywords: ['US:', 'EU:', 'AU:', 'GOV:', 'JP:', 'CA:', 'IL5:'],
    pattern: /(?<![A-Za-z0-9_-])(?:US|EU|AU|GOV|JP|CA|IL5):[A-Za-z0-9_-]{43}(?![A-Za-z0-9_-])/,
    window: { before: 0, after: 43 },
    next: { of: 'A-Za-z0-9_-', least: 43 },
    validate: oneTimeToken,
  },
];
