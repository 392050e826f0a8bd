/** Cloudflare: API tokens and keys with and without a prefix, origin CA keys, tunnels, R2, Turnstile. */
import { BEFORE } from '../authoring/boundaries.ts';
import { named, prefixed } from '../authoring/builders.ts';
import type { Rule } from '../model/rule.ts';
import { isRecord } from '../validators/json.ts';
import { namedMixed } from '../validators/named-value.ts';
import { isDegenerate } from '../validators/opaque.ts';
import { type Verdict, proven, rejected } from '../model/verdict.ts';

const formats = 'https://developers.cloudflare.com/fundamentals/api/get-started/token-formats/';
const tokens = {
  remediation: 'Roll or delete the token under "My Profile > API Tokens" in the Cloudflare dashboard.',
  source: 'https://developers.cloudflare.com/fundamentals/api/get-started/create-token/',
} as const;
const keys = {
  severity: 'critical',
  remediation:
    'Change the key under "My Profile > API Tokens > API Keys" in the Cloudflare dashboard. Use API tokens instead, which can be limited.',
  source: 'https://developers.cloudflare.com/fundamentals/api/get-started/keys/',
} as const;

export const cloudflareRules: readonly Rule[] = [
  prefixed({
    ...keys,
    id: 'cloudflare-prefixed-global-key',
    title: 'Cloudflare Global API Key',
    source: formats,
    prefix: 'cfk_',
    of: 'A-Za-z0-9_-',
    // 40 characters and a checksum.
    length: [40, 56],
  }),
  prefixed({
    ...tokens,
    id: 'cloudflare-prefixed-token',
    title: 'Cloudflare API token',
    severity: 'high',
    source: formats,
    prefix: ['cfut_', 'cfat_'],
    of: 'A-Za-z0-9_-',
    length: [40, 56],
  }),
  named({
    ...keys,
    id: 'cloudflare-global-key',
    title: 'Cloudflare Global API Key (old format)',
    names: ['cloudflare', 'cf_api', 'cfapi', 'cf_key', 'cf_global', 'cf_auth', 'x-auth-key'],
    of: 'a-f0-9',
    length: 37,
  }),
  named({
    ...tokens,
    id: 'cloudflare-api-token',
    title: 'Cloudflare API token (old format)',
    severity: 'high',
    names: ['cloudflare', 'cf_api', 'cfapi', 'cf_token', 'cf_dns', 'cf_account', 'cf_auth'],
    of: 'A-Za-z0-9_-',
    length: 40,
    validate: namedMixed,
  }),
  prefixed({
    ...keys,
    id: 'cloudflare-origin-ca-key',
    title: 'Cloudflare Origin CA key',
    severity: 'high',
    source: 'https://developers.cloudflare.com/fundamentals/api/get-started/ca-keys/',
    prefix: 'v1.0-',
    of: 'a-f0-9-',
    length: [120, 200],
  }),
  {
    id: 'cloudflare-tunnel-token',
    title: 'Cloudflare Tunnel token',
    severity: 'high',
    remediation: 'Rotate the token of the tunnel under "Networks > Tunnels" in Cloudflare Zero Trust.',
    source:
      'https://developers.cloudflare.com/cloudflare-one/networks/connectors/cloudflare-tunnel/configure-tunnels/remote-tunnel-permissions/',
    // The base64 of `{"a":"`; a JSON object of account, tunnel and secret.
    keywords: ['eyJhIjoi'],
    pattern: new RegExp(`${BEFORE}eyJhIjoi[A-Za-z0-9+/_-]{100,400}={0,2}(?![A-Za-z0-9+/=_-])`),
    window: { before: 0, after: 402 },
    next: { of: 'A-Za-z0-9+/_-', least: 100 },
    validate: tunnel,
  },
  named({
    id: 'cloudflare-r2-secret',
    title: 'Cloudflare R2 secret access key',
    severity: 'high',
    remediation:
      'Delete the token under "R2 > Manage API tokens" in the Cloudflare dashboard, then create a new one.',
    source: 'https://developers.cloudflare.com/r2/api/tokens/',
    names: ['cloudflare', 'r2_', 'r2secret', 'r2.secret', 'r2-secret'],
    rest: 'secret|(?<=secret)',
    of: 'a-f0-9',
    length: 64,
  }),
  prefixed({
    id: 'cloudflare-turnstile-secret',
    title: 'Cloudflare Turnstile secret key',
    severity: 'medium',
    remediation: 'Rotate the secret key in the settings of the Turnstile widget in the Cloudflare dashboard.',
    source: 'https://developers.cloudflare.com/turnstile/get-started/',
    // Site keys have 22 characters, secret keys 35.
    prefix: '0x4AAAAAAA',
    of: 'A-Za-z0-9_-',
    length: [25, 30],
  }),
];

function tunnel(secret: string): Verdict {
  try {
    const value: unknown = JSON.parse(Buffer.from(secret, 'base64').toString('utf8'));
    if (!isRecord(value)) return rejected;
    const { a: account, t: id, s: key } = value;
    if (typeof account !== 'string' || typeof id !== 'string' || typeof key !== 'string') return rejected;
    return isDegenerate(key) ? rejected : proven('structure valid');
  } catch {
    return rejected;
  }
}
