/**
 * JSON Web Tokens in compact serialisation, signed (RFC 7515). Encrypted ones have five parts and are not
 * detected.
 */
import type { Rule } from '../model/rule.ts';
import { jsonWebToken } from '../validators/jwt.ts';

export const jwtRules: readonly Rule[] = [
  {
    id: 'json-web-token',
    title: 'JSON Web Token',
    severity: 'medium',
    remediation:
      'End the session or revoke the token at its issuer. If it cannot be revoked, replace the key that signed it.',
    source: 'https://www.rfc-editor.org/rfc/rfc7519',
    keywords: ['eyJ'],
    // `eyJ` is the base64url of `{"`. Parts up to 1 KiB, 8 KiB and 2 KiB.
    pattern:
      /(?<![A-Za-z0-9_])eyJ[A-Za-z0-9_-]{10,1024}\.[A-Za-z0-9_-]{10,8192}\.[A-Za-z0-9_-]{0,2048}(?![A-Za-z0-9_-])/,
    window: { before: 0, after: 11_280 },
    next: { of: 'A-Za-z0-9_-', least: 10 },
    validate: jsonWebToken,
  },
];
