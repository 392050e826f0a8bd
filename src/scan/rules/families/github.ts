/**
 * GitHub: the tokens with a prefix, classic and fine-grained; by their names, the 40 hexadecimal digits used before
 * 2021, which look like any SHA-1, and the secrets of apps and webhooks.
 */
import { BEFORE } from '../authoring/boundaries.ts';
import { named } from '../authoring/builders.ts';
import type { Rule } from '../model/rule.ts';
import { checksummed62 } from '../validators/checksum.ts';
import { opaque } from '../validators/opaque.ts';

const source =
  'https://docs.github.com/en/authentication/keeping-your-account-and-data-secure/about-authentication-to-github#githubs-token-formats';
const remediation =
  'Revoke the token in the GitHub settings of the user or app that issued it, then review the security log.';

/** Prefix, 30 random characters, 6 of checksum. */
function classic(prefix: string, id: string, title: string, severity: Rule['severity']): Rule {
  return {
    id,
    title,
    severity,
    remediation,
    source,
    keywords: [prefix],
    pattern: new RegExp(`${BEFORE}${prefix}[A-Za-z0-9]{36}(?![A-Za-z0-9_])`),
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
    title: 'GitHub App installation access token (stateless)',
    severity: 'high',
    remediation,
    source:
      'https://docs.github.com/en/apps/creating-github-apps/authenticating-with-a-github-app/generating-an-installation-access-token-for-a-github-app',
    keywords: ['ghs_'],
    // `ghs_APPID_JWT`. GitHub asks clients not to depend on what the JWT holds.
    pattern: new RegExp(
      `${BEFORE}ghs_[0-9]{1,20}_eyJ[A-Za-z0-9_-]{10,512}\\.[A-Za-z0-9_-]{10,2048}\\.[A-Za-z0-9_-]{20,1024}(?![A-Za-z0-9_-])`,
    ),
    window: { before: 0, after: 3700 },
    next: { of: '0-9', least: 1 },
    validate: (secret) => opaque(secret, secret.slice(4), 'stateless form', 'lives for an hour'),
  },
  {
    id: 'github-fine-grained-token',
    title: 'GitHub personal access token (fine-grained)',
    severity: 'critical',
    remediation,
    source,
    keywords: ['github_pat_'],
    pattern: new RegExp(`${BEFORE}github_pat_[A-Za-z0-9]{22}_[A-Za-z0-9]{59}(?![A-Za-z0-9_])`),
    window: { before: 0, after: 82 },
    next: { of: 'A-Za-z0-9', least: 22 },
    validate: (secret) => opaque(secret, secret.slice(11)),
  },
  {
    id: 'github-token-in-url',
    title: 'GitHub token in a URL (old format)',
    severity: 'critical',
    confidence: 'medium',
    remediation,
    source,
    keywords: ['@github.com', ':x-oauth-basic@'],
    pattern:
      /:\/\/(?:[A-Za-z0-9_.-]{1,40}:)?(?<secret>[a-f0-9]{40})(?::x-oauth-basic@|@github\.com(?![A-Za-z0-9_-]))/,
    window: { before: 84, after: 0 },
    validate: (secret) => opaque(secret, secret),
  },
  named({
    id: 'github-client-secret',
    title: 'GitHub OAuth client secret',
    severity: 'high',
    remediation: 'Create a new client secret in the GitHub settings of the OAuth app, then delete this one.',
    source: 'https://docs.github.com/en/apps/oauth-apps/building-oauth-apps/authorizing-oauth-apps',
    names: ['github'],
    rest: 'secret',
    of: 'a-f0-9',
    length: 40,
  }),
  named({
    id: 'github-legacy-token',
    title: 'GitHub personal access token (old format)',
    severity: 'critical',
    remediation,
    source:
      'https://github.blog/engineering/platform-security/behind-githubs-new-authentication-token-formats/',
    names: ['github', 'gh_'],
    rest: 'token|oauth|auth|pat\\b|pass|key|cred',
    of: 'a-f0-9',
    length: 40,
  }),
  named({
    id: 'github-webhook-secret',
    title: 'GitHub webhook secret',
    severity: 'medium',
    remediation:
      'Change the secret in the webhook settings of the GitHub repository, organization or app, and in the service that receives the webhook.',
    source: 'https://docs.github.com/en/webhooks/using-webhooks/validating-webhook-deliveries',
    names: ['github'],
    rest: 'webhook[_. -]?secret',
    of: 'A-Za-z0-9+/=_-',
    length: [16, 64],
  }),
];
