/** HTTP credentials: the `Authorization` header (RFC 9110, section 11.6.2). */
import type { Rule } from '../model/rule.ts';
import { basicCredentials, bearerToken } from '../validators/http.ts';

const common = {
  severity: 'high',
  confidence: 'medium',
  remediation:
    'Change the password or revoke the token, and let the program read the new one from a vault or an environment variable.',
} as const;

export const httpRules: readonly Rule[] = [
  {
    ...common,
    id: 'http-basic-credentials',
    title: 'User name and password for HTTP Basic authentication',
    source: 'https://www.rfc-editor.org/rfc/rfc7617',
    keywords: ['basic '],
    caseless: true,
    pattern:
      /(?<![A-Za-z0-9])[Bb][Aa][Ss][Ii][Cc] [\t ]{0,2}(?<secret>[A-Za-z0-9+/]{8,512}={0,2})(?![A-Za-z0-9+/=])/,
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
    title: 'Bearer token in an HTTP request',
    source: 'https://www.rfc-editor.org/rfc/rfc6750',
    keywords: ['bearer ', 'authorization'],
    caseless: true,
    pattern:
      /(?<![A-Za-z0-9])(?:[Bb](?:earer|EARER) [\t ]{0,2}|[Aa](?:uthorization|UTHORIZATION)\\?["']?[\t ]{0,4}[:=,][\t ]{0,4}\\?["'`]?(?:[Tt]oken|TOKEN|[Aa]pi-?[Kk]ey|[Kk]ey|SSWS|[Gg]enie-?[Kk]ey)[\t =]{1,3}(?:[Tt]oken=)?)\\?["'`]?(?<secret>[A-Za-z0-9_.~+/-]{16,1024}={0,2})(?![A-Za-z0-9_.~+/=-])/,
    window: { before: 0, after: 1100 },
    validate: bearerToken,
  },
  {
    ...common,
    id: 'http-basic-key',
    title: 'API key as the user name for HTTP Basic authentication',
    source: 'https://curl.se/docs/manpage.html#-u',
    keywords: ['curl ', 'curl\t'],
    // Without a password, or with a word that stands for none.
    pattern:
      /(?<![A-Za-z0-9_])curl[\t ](?:[^\r\n|;&]{0,120}?[\t ])?(?:-u|--user)[\t =]?["']?(?<secret>[A-Za-z0-9_.~+/-]{16,200}):(?=api_token|x-oauth-basic|[xX]?(?![A-Za-z0-9]))/,
    window: { before: 0, after: 420 },
    validate: bearerToken,
  },
];
