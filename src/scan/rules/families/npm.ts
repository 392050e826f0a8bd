/** npm: access tokens with a prefix, and the UUIDs that `.npmrc` files still hold from before. */
import type { Rule } from '../rule.ts';
import { checksummed62 } from '../validators/checksum.ts';
import { opaque } from '../validators/opaque.ts';

const remediation = 'Revoke the token with `npm token revoke` or under "Access Tokens" of its owner.';

export const npmRules: readonly Rule[] = [
  {
    id: 'npm-access-token',
    title: 'npm access token',
    severity: 'critical',
    remediation,
    source: 'https://github.blog/security/announcing-npms-new-access-token-format/',
    keywords: ['npm_'],
    pattern: /(?<![A-Za-z0-9_])npm_[A-Za-z0-9]{36}(?![A-Za-z0-9_])/,
    window: { before: 0, after: 36 },
    next: { of: 'A-Za-z0-9', least: 36 },
    validate: checksummed62,
  },
  {
    id: 'npm-legacy-token',
    title: 'npm access token (legacy)',
    severity: 'high',
    remediation,
    source: 'https://docs.npmjs.com/cli/configuring-npm/npmrc#auth-related-configuration',
    keywords: ['_authToken'],
    pattern:
      /_authToken[\t ]{0,8}=[\t ]{0,8}["']?(?<secret>[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})(?![A-Za-z0-9_-])/,
    window: { before: 0, after: 56 },
    next: { of: '\\t =', least: 1 },
    validate: (secret) => opaque(secret, secret),
  },
];
