/** GitLab: all tokens whose prefix is documented, in the old and the routable format. */
import { BEFORE } from '../authoring/boundaries.ts';
import { named, prefixed } from '../authoring/builders.ts';
import type { Rule } from '../model/rule.ts';
import { checksummed36 } from '../validators/checksum.ts';
import { namedValue } from '../validators/named-value.ts';
import { isMixed, opaque } from '../validators/opaque.ts';
import { type Verdict, rejected } from '../model/verdict.ts';

const remediation =
  'Revoke or rotate the token in the user, project, group or runner settings of GitLab, and review the audit events.';

/** Prefix, id, title, severity, as the "Token prefixes" table names them. */
const kinds = [
  ['glpat-', 'gitlab-access-token', 'GitLab personal, project or group access token', 'critical'],
  ['gloas-', 'gitlab-oauth-application-secret', 'GitLab OAuth application secret', 'high'],
  ['gldt-', 'gitlab-deploy-token', 'GitLab deploy token', 'high'],
  ['glrt-', 'gitlab-runner-token', 'GitLab runner authentication token', 'high'],
  [
    'glrtr-',
    'gitlab-registered-runner-token',
    'GitLab runner authentication token (from registration)',
    'high',
  ],
  ['glcbt-', 'gitlab-job-token', 'GitLab CI/CD job token', 'medium'],
  ['glptt-', 'gitlab-trigger-token', 'GitLab pipeline trigger token', 'high'],
  ['glft-', 'gitlab-feed-token', 'GitLab feed token', 'medium'],
  ['glimt-', 'gitlab-incoming-mail-token', 'GitLab incoming email token', 'medium'],
  ['glagent-', 'gitlab-agent-token', 'GitLab agent for Kubernetes token', 'high'],
  ['glwt-', 'gitlab-workspace-token', 'GitLab workspace token', 'medium'],
  ['glsoat-', 'gitlab-scim-token', 'GitLab SCIM token', 'high'],
  ['glffct-', 'gitlab-feature-flags-token', 'GitLab feature flags client token', 'medium'],
] as const;

const prefixedRules: readonly Rule[] = kinds.map(([prefix, id, title, severity]) => ({
  id,
  title,
  severity,
  remediation,
  source: 'https://docs.gitlab.com/security/tokens/#token-prefixes',
  keywords: [prefix],
  // 20 random characters (64 for secrets of applications, 50 for agents), or a routable token: payload, version, length
  // and checksum ("Cells: Routable Tokens"; the version came later).
  pattern: new RegExp(
    `${BEFORE}${prefix}(?:[A-Za-z0-9_-]{27,300}\\.(?:[0-9a-z]{2}\\.)?[0-9a-z]{9}|[A-Za-z0-9_-]{20,72})(?![A-Za-z0-9_-])`,
  ),
  window: { before: 0, after: 313 },
  next: { of: 'A-Za-z0-9_-', least: 20 },
  validate,
}));

function validate(secret: string): Verdict {
  if (/\.[0-9a-z]{9}$/.test(secret)) return checksummed36(secret);
  const body = secret.slice(secret.indexOf('-') + 1);
  // `glft-` also begins names that are made of words; a random token of this length has a capital or a digit.
  return /[A-Z0-9]/.test(body) ? opaque(secret, body) : rejected;
}

export const gitLabRules: readonly Rule[] = [
  ...prefixedRules,
  prefixed({
    id: 'gitlab-runner-registration-token',
    title: 'GitLab runner registration token',
    severity: 'high',
    remediation:
      'Reset the registration token under "CI/CD > Runners" of the project, group or instance in GitLab.',
    source: 'https://docs.gitlab.com/security/tokens/#runner-registration-tokens-deprecated',
    prefix: 'GR1348941',
    of: 'A-Za-z0-9_-',
    length: [20, 50],
  }),
  {
    id: 'gitlab-session-cookie',
    title: 'GitLab session cookie',
    severity: 'medium',
    remediation: 'End the session under "Active sessions" in the GitLab user settings.',
    source: 'https://docs.gitlab.com/user/profile/active_sessions/',
    keywords: ['_gitlab_session'],
    pattern:
      /_gitlab_session(?:_[a-z0-9]{1,64})?["']?[\t ]{0,4}[=:,][\t ]{0,4}["']?(?<secret>[a-f0-9]{32,64})(?![A-Za-z0-9_-])/,
    window: { before: 0, after: 150 },
    next: { of: 'a-z0-9_"\'=:,\\t ', least: 1 },
    validate: (secret) => opaque(secret, secret),
  },
  named({
    id: 'gitlab-legacy-token',
    title: 'GitLab token (old format)',
    severity: 'critical',
    remediation,
    source: 'https://docs.gitlab.com/api/rest/authentication/',
    names: ['gitlab', 'private-token', 'private_token', 'gl_token', 'ci_job_token'],
    rest: 'token|private|pass|secret|key',
    of: 'A-Za-z0-9_-',
    length: 20,
    validate: (secret, context) => (isMixed(secret) ? namedValue(secret, context) : rejected),
  }),
];
