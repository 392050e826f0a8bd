/** Content delivery networks and low-cost storage: Akamai, Backblaze, Bunny, Fastly, Wasabi. */
import { BEFORE } from '../authoring/boundaries.ts';
import { named } from '../authoring/builders.ts';
import type { Rule } from '../model/rule.ts';
import { namedMixed, namedValue } from '../validators/named-value.ts';
import { isMixed, opaque } from '../validators/opaque.ts';
import { rejected } from '../model/verdict.ts';

const akamai = {
  remediation:
    'Deactivate the credential of the API client under "Identity & access" in Akamai Control Center, then create a new one.',
  source: 'https://techdocs.akamai.com/developer/docs/edgegrid',
} as const;
const backblaze = {
  severity: 'critical',
  remediation: 'Delete the key under "Application Keys" in Backblaze, then create a new one.',
  source: 'https://www.backblaze.com/docs/cloud-storage-application-keys',
} as const;

export const edgeRules: readonly Rule[] = [
  {
    ...akamai,
    id: 'akamai-client-secret',
    title: 'Akamai EdgeGrid client secret',
    severity: 'critical',
    confidence: 'high',
    // `.edgerc`: client_secret, host, access_token, client_token, the last three with `akab-`.
    keywords: ['client_secret', 'clientSecret', 'CLIENT_SECRET'],
    pattern:
      /(?:client_secret|clientSecret|CLIENT_SECRET)["']?[\t ]{0,8}[=:,][\t ]{0,8}["']?(?<secret>[A-Za-z0-9+/]{43}=)(?=[^]{1,8})[^]{0,200}?akab-/,
    window: { before: 0, after: 300 },
    next: [
      { of: '"\'\\t =:,', least: 1, most: 20 },
      { of: 'A-Za-z0-9+/', least: 43 },
    ],
    validate: (secret) => (isMixed(secret) ? opaque(secret, secret) : rejected),
  },
  {
    ...akamai,
    id: 'akamai-token',
    title: 'Akamai EdgeGrid client or access token',
    severity: 'medium',
    keywords: ['akab-'],
    // The same form, followed by a domain, is the name of the host that is called.
    pattern: new RegExp(`${BEFORE}akab-[a-z0-9]{16}-[a-z0-9]{16}(?![A-Za-z0-9_-]|\\.luna)`),
    window: { before: 0, after: 33 },
    next: { of: 'a-z0-9-', least: 33 },
    validate: (secret) => opaque(secret, secret.slice(5)),
  },
  named({
    ...akamai,
    id: 'akamai-named-secret',
    title: 'Akamai EdgeGrid client secret',
    severity: 'critical',
    names: ['akamai', 'edgegrid', 'edgerc'],
    rest: 'secret',
    of: 'A-Za-z0-9+/=',
    length: [40, 48],
    validate: namedMixed,
  }),
  {
    ...backblaze,
    id: 'backblaze-application-key',
    title: 'Backblaze B2 application key',
    keywords: ['K000', 'K001', 'K002', 'K003', 'K004', 'K005'],
    pattern: new RegExp(`${BEFORE}K00[0-5][A-Za-z0-9+/]{27}(?![A-Za-z0-9+/=_-])`),
    window: { before: 0, after: 27 },
    next: { of: 'A-Za-z0-9+/', least: 27 },
    confidence: 'medium',
    validate: (secret) => (isMixed(secret) ? opaque(secret, secret.slice(4)) : rejected),
  },
  named({
    ...backblaze,
    id: 'backblaze-named-key',
    title: 'Backblaze B2 application key',
    names: ['backblaze', 'b2_'],
    rest: 'key|secret',
    of: 'A-Za-z0-9+/',
    length: [30, 42],
    validate: namedMixed,
  }),
  named({
    id: 'bunny-api-key',
    title: 'bunny.net API key or storage password',
    severity: 'critical',
    remediation:
      'Reset the key in the account settings of bunny.net, or the password in the settings of the storage zone.',
    source: 'https://docs.bunny.net/docs/stream-api-authentication',
    names: ['bunny'],
    rest: 'key|token|secret|password',
    of: 'a-f0-9-',
    length: [36, 73],
    validate: (secret, context) =>
      /^[0-9a-f]{8}(?:-[0-9a-f]{4,12}){3,16}[0-9a-f-]{0,40}$/.test(secret)
        ? namedValue(secret, context)
        : rejected,
  }),
  named({
    id: 'fastly-api-token',
    title: 'Fastly API token',
    severity: 'critical',
    remediation: 'Delete the token under "Account > API tokens" in Fastly, then create a new one.',
    source: 'https://www.fastly.com/documentation/reference/api/auth-tokens/',
    names: ['fastly'],
    rest: 'key|token|secret',
    of: 'A-Za-z0-9_-',
    length: 32,
    validate: namedMixed,
  }),
  named({
    id: 'wasabi-secret-key',
    title: 'Wasabi secret access key',
    severity: 'critical',
    remediation: 'Delete the access key under "Access Keys" in the Wasabi console, then create a new one.',
    source: 'https://docs.wasabi.com/docs/creating-a-new-access-key',
    names: ['wasabi'],
    rest: 'secret|key',
    of: 'A-Za-z0-9+/',
    length: 40,
    validate: namedMixed,
  }),
];
