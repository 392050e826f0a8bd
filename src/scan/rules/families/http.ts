/** Credentials of HTTP: the `Authorization` header (RFC 9110, section 11.6.2) and what curl takes for it. */
import type { Rule } from '../rule.ts';
import { basicCredentials, bearerToken, userAndPassword } from '../validators/http.ts';

const common = {
  severity: 'high',
  confidence: 'medium',
  remediation:
    'Change the password or revoke the token, and let the program read the new one from a vault or from its environment.',
} as const;

export const httpRules: readonly Rule[] = [
  {
    ...common,
    id: 'http-basic-credentials',
    title: 'User and password of HTTP Basic authentication',
    source: 'https://www.rfc-editor.org/rfc/rfc7617',
    keywords: ['basic '],
    caseless: true,
    pattern: /(?<![A-Za-z0-9])(?i:basic )[\t ]{0,2}(?<secret>[A-Za-z0-9+/]{8,512}={0,2})(?![A-Za-z0-9+/=])/,
    window: { before: 0, after: 520 },
    next: [
      { of: '\\t ', least: 0, most: 2 },
      { of: 'A-Za-z0-9+/', least: 8 },
    ],
    validate: basicCredentials,
  },
  {
    ...common,
    id: 'http-bearer-token',
    title: 'Bearer token of an HTTP request',
    source: 'https://www.rfc-editor.org/rfc/rfc6750',
    keywords: ['bearer ', 'authorization'],
    caseless: true,
    pattern:
      /(?<![A-Za-z0-9])(?i:bearer [\t ]{0,2}|authorization\\?["']?[\t ]{0,4}[:=,][\t ]{0,4}\\?["'`]?(?:token|apikey|api-key|key|ssws|genie-?key)[\t =]{1,3}(?:token=)?)\\?["'`]?(?<secret>[A-Za-z0-9_.~+/-]{16,1024}={0,2})(?![A-Za-z0-9_.~+/=-])/,
    window: { before: 0, after: 1100 },
    validate: bearerToken,
  },
  {
    ...common,
    id: 'curl-credentials',
    title: 'User and password on a command line of curl',
    source: 'https://curl.se/docs/manpage.html#-u',
    keywords: ['curl'],
    pattern:
      /curl[^|;]{0,256}?[\t ](?:-[a-zA-Z]{0,4}u[\t ]{0,3}|--(?:proxy-)?user[\t =]{1,3})["']?(?<user>[A-Za-z0-9_.@+%\\-]{1,64}):(?<secret>[!#-&(-;=?-_a-~]{4,128})(?=["'\s]|$)/,
    window: { before: 0, after: 480 },
    next: { of: '^|;', least: 5 },
    validate: userAndPassword,
  },
];
