/** GitHub: the tokens with a prefix, classic and fine-grained. The 40 hexadecimal digits of before 2021 look like any SHA-1. */
import type { Rule } from '../rule.ts';
import { checksummed62 } from '../validators/checksum.ts';
import { opaque } from '../validators/opaque.ts';

const source =
  'https://docs.github.com/en/authentication/keeping-your-account-and-data-secure/about-authentication-to-github#githubs-token-formats';
const remediation =
  'Revoke the token in the settings of the account or app that issued it, and review its security log.';

/** Prefix, 30 random characters, 6 of checksum. */
function classic(prefix: string, id: string, title: string, severity: Rule['severity']): Rule {
  return {
    id,
    title,
    severity,
    remediation,
    source,
    keywords: [prefix],
    pattern: new RegExp(`(?<![A-Za-z0-9_])${prefix}[A-Za-z0-9]{36}(?![A-Za-z0-9_])`),
    window: { before: 0, after: 36 },
    next: { of: 'A-Za-z0-9', least: 36 },
    validate: checksummed62,
  };
}

export const gitHubRules: readonly Rule[] = [
  classic('ghp_', 'github-classic-token', 'GitHub personal access token (classic)', 'critical'),
  classic('gho_', 'github-oauth-token', 'GitHub OAuth access token', 'high'),
  classic('ghu_', 'github-app-user-token', 'GitHub App user access token', 'high'),
  classic('ghs_', 'github-app-installation-token', 'GitHub App installation access token', 'high'),
  classic('ghr_', 'github-app-refresh-token', 'GitHub App refresh token', 'high'),
  {
    id: 'github-app-installation-jwt',
    title: 'GitHub App installation access token (stateless form)',
    severity: 'high',
    remediation,
    source:
      'https://docs.github.com/en/apps/creating-github-apps/authenticating-with-a-github-app/generating-an-installation-access-token-for-a-github-app',
    keywords: ['ghs_'],
    // `ghs_APPID_JWT`. GitHub asks clients not to depend on what the JWT holds.
    pattern:
      /(?<![A-Za-z0-9_])ghs_[0-9]{1,20}_eyJ[A-Za-z0-9_-]{10,512}\.[A-Za-z0-9_-]{10,2048}\.[A-Za-z0-9_-]{20,1024}(?![A-Za-z0-9_-])/,
    window: { before: 0, after: 3700 },
    next: { of: '0-9', least: 1 },
    validate: (secret) => opaque(secret, secret.slice(4), 'stateless form', 'lives for an hour'),
  },
  {
    id: 'github-fine-grained-token',
    title: 'GitHub fine-grained personal access token',
    severity: 'critical',
    remediation,
    source,
    keywords: ['github_pat_'],
    pattern: /(?<![A-Za-z0-9_])github_pat_[A-Za-z0-9]{22}_[A-Za-z0-9]{59}(?![A-Za-z0-9_])/,
    window: { before: 0, after: 82 },
    next: { of: 'A-Za-z0-9', least: 22 },
    validate: (secret) => opaque(secret, secret.slice(11)),
  },
];
