/**
 * npm and Yarn: access tokens with a prefix, and the credentials in `.npmrc` and `.yarnrc.yml` for other
 * registries and older versions.
 */
import type { Rule } from '../model/rule.ts';
import { BEFORE } from '../authoring/boundaries.ts';
import { checksummed62 } from '../validators/checksum.ts';
import { opaque } from '../validators/opaque.ts';
import { type Verdict, proven, rejected, sample } from '../model/verdict.ts';

const remediation =
  'Revoke the token with `npm token revoke` or under "Access Tokens" on npmjs.com, then create a new one.';

export const npmRules: readonly Rule[] = [
  {
    id: 'npm-access-token',
    title: 'npm access token',
    severity: 'critical',
    remediation,
    source: 'https://github.blog/security/announcing-npms-new-access-token-format/',
    keywords: ['npm_'],
    pattern: new RegExp(`${BEFORE}npm_[A-Za-z0-9]{36}(?![A-Za-z0-9_])`),
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
  {
    id: 'npm-registry-token',
    title: 'Package registry token in npm or Yarn settings',
    severity: 'high',
    confidence: 'medium',
    remediation: 'Revoke the token at the registry that is named next to it, then create a new one.',
    source: 'https://docs.npmjs.com/cli/configuring-npm/npmrc#auth-related-configuration',
    keywords: ['_authToken', 'npmAuthToken'],
    pattern:
      /(?:_a|npmA)uthToken["']?[\t ]{0,8}[=:][\t ]{0,8}["']?(?<secret>[A-Za-z0-9+/=_.~-]{16,2000})(?![A-Za-z0-9+/=_.~-])/,
    window: { before: 0, after: 2020 },
    next: [
      { of: '\\t "\'=:', least: 1, most: 20 },
      { of: 'A-Za-z0-9+/=_.~-', least: 1, limit: 2000 },
    ],
    validate: (secret) => (/[0-9]/.test(secret) ? opaque(secret, secret) : rejected),
  },
  {
    id: 'npm-basic-auth',
    title: 'Package registry user name and password in npm or Yarn settings',
    severity: 'high',
    remediation: 'Change the password at the registry that is named next to it.',
    source: 'https://docs.npmjs.com/cli/configuring-npm/npmrc#auth-related-configuration',
    keywords: ['_auth', 'npmAuthIdent'],
    pattern:
      /(?:(?<![A-Za-z0-9])_auth|npmAuthIdent)["']?[\t ]{0,8}[=:][\t ]{0,8}["']?(?<secret>[A-Za-z0-9_.@-]{1,64}:[^\s"']{4,64}|[A-Za-z0-9+/_-]{8,400}={0,2})(?![A-Za-z0-9+/=_-])/,
    window: { before: 0, after: 420 },
    next: { of: '\\t "\'=:', least: 1 },
    validate: userAndPassword,
  },
  {
    id: 'npm-password',
    title: 'Package registry password in .npmrc',
    severity: 'high',
    confidence: 'medium',
    remediation: 'Change the password at the registry that is named next to it.',
    source: 'https://docs.npmjs.com/cli/configuring-npm/npmrc#auth-related-configuration',
    keywords: [':_password'],
    pattern:
      /:_password[\t ]{0,8}=[\t ]{0,8}["']?(?<secret>[A-Za-z0-9+/_-]{4,400}={0,2})(?![A-Za-z0-9+/=_-])/,
    window: { before: 0, after: 424 },
    next: { of: '\\t =', least: 1 },
    validate: (secret) =>
      printable(secret) === undefined ? opaque(secret, secret) : proven('base64-encoded text'),
  },
];

/** In the clear, or as base64. */
function userAndPassword(secret: string): Verdict {
  const text = secret.includes(':') ? secret : printable(secret);
  const [, user = '', password = ''] = /^([^:]{1,100}):(.{1,200})$/.exec(text ?? '') ?? [];
  if (user === '' || /^\$\{|^<.*>$/.test(password)) return rejected;
  return /^(?:pass(?:word)?|x+|\*+|secret|token)$/i.test(password)
    ? sample('looks like a placeholder')
    : proven('user name and password');
}

/** What base64 stands for, if it is text. */
function printable(base64: string): string | undefined {
  const text = Buffer.from(base64, 'base64').toString('latin1');
  return /^[ -~]{2,}$/.test(text) ? text : undefined;
}
