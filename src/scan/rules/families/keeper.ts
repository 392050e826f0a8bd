/**
 * Keeper: one-time access tokens of Secrets Manager, its client configurations as JSON, as base64 of it and as a profile of
 * its command line, and the device keys of Commander.
 */
import { named } from '../authoring/builders.ts';
import type { Rule } from '../model/rule.ts';
import {
  configuration,
  deviceKey,
  encodedConfiguration,
  oneTimeToken,
  profileKey,
} from '../validators/keeper.ts';

const source = 'https://docs.keeper.io/keeperpam/secrets-manager/about/secrets-manager-configuration';
const remediation =
  'Remove the device from its application under "Secrets Manager > Applications > Devices" in the Keeper Vault, then add a new one. Keep its configuration in a protected store.';

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
      /(?<![A-Za-z0-9+/])(?=[A-Za-z0-9+/]{0,4000}(?:YXBwS2V5|FwcEtleS|hcHBLZXki))e[wy][A-Za-z0-9+/]{300,4096}={0,2}(?![A-Za-z0-9+/=])/,
    window: { before: 4100, after: 4200 },
    validate: encodedConfiguration,
  },
  {
    id: 'keeper-one-time-token',
    title: 'Keeper Secrets Manager one-time access token',
    severity: 'high',
    remediation:
      'Remove the device that the token was created for under "Secrets Manager > Applications > Devices" in the Keeper Vault. A token that was already used gives no access.',
    source: 'https://docs.keeper.io/keeperpam/secrets-manager/about/one-time-token',
    keywords: ['US:', 'EU:', 'AU:', 'GOV:', 'JP:', 'CA:', 'IL5:'],
    pattern: /(?<![A-Za-z0-9])(?:US|EU|AU|GOV|JP|CA|IL5):[A-Za-z0-9_-]{43}(?![A-Za-z0-9_-])/,
    window: { before: 0, after: 43 },
    next: { of: 'A-Za-z0-9_-', least: 43 },
    validate: oneTimeToken,
  },
  {
    id: 'keeper-profile',
    title: 'Keeper Secrets Manager profile (keeper.ini)',
    severity: 'critical',
    remediation,
    source: 'https://docs.keeper.io/keeperpam/secrets-manager/about/security-encryption-model',
    keywords: ['appkey'],
    // Among the other keys of its section, in any order; the key of the application decrypts its records.
    pattern:
      /(?:(?<before>clientid|privatekey|hostname|serverpublickeyid)\s{0,4}=[^[\]]{0,1500}?(?:\s|\\n))?appkey\s{0,4}=\s{0,4}(?<secret>[A-Za-z0-9+/_-]{43}=?)(?![A-Za-z0-9+/_=-])(?:[^[\]]{0,1500}?(?:\s|\\n)(?<after>clientid|privatekey|hostname|serverpublickeyid)\s{0,4}=)?/,
    window: { before: 1600, after: 1700 },
    next: [
      { of: '\\s', least: 0, most: 4 },
      { of: '=', least: 1 },
    ],
    validate: profileKey,
  },
  {
    id: 'keeper-commander-device-key',
    title: 'Keeper Commander device key',
    severity: 'critical',
    remediation:
      'Log the device out in Keeper Commander ("this-device") or in the Keeper Admin Console, then log in from a new device.',
    source:
      'https://docs.keeper.io/keeperpam/commander-cli/commander-installation-setup/configuration/configuration-file',
    keywords: ['device_token'],
    // The two stand in one object, in any order; with both, and persistent login, the vault opens.
    pattern:
      /device_token\\?"\s{0,8}:\s{0,8}\\?"[A-Za-z0-9_-]{10,400}={0,2}\\?"[^{}]{0,1500}?"private_key\\?"\s{0,8}:\s{0,8}\\?"(?<secret>[A-Za-z0-9_-]{40,200})(?![A-Za-z0-9_-])|"private_key\\?"\s{0,8}:\s{0,8}\\?"(?<secret>[A-Za-z0-9_-]{40,200})={0,2}\\?"[^{}]{0,1500}?"device_token\\?"/,
    window: { before: 1800, after: 2200 },
    next: { of: '\\\\":', least: 1 },
    validate: deviceKey,
  },
  named({
    id: 'keeper-one-time-token-by-name',
    title: 'Keeper Secrets Manager one-time access token (without its region)',
    severity: 'high',
    remediation:
      'Remove the device that the token was created for under "Secrets Manager > Applications > Devices" in the Keeper Vault. A token that was already used gives no access.',
    source: 'https://docs.keeper.io/keeperpam/secrets-manager/about/one-time-token',
    names: ['ksm_', 'ksm-', 'keeper', 'one_time_token', 'onetimetoken', 'clientkey'],
    rest: 'token|key',
    of: 'A-Za-z0-9_-',
    length: 43,
  }),
];
