/** Slack: tokens of apps and workspaces, and the URLs that post without a token. */
import { BEFORE } from '../authoring/boundaries.ts';
import { named } from '../authoring/builders.ts';
import type { Rule } from '../model/rule.ts';
import { opaque } from '../validators/opaque.ts';

const tokens = 'https://docs.slack.dev/authentication/tokens';
const remediation =
  'Revoke the token under "OAuth & Permissions > Revoke All OAuth Tokens" in the Slack app settings or with `auth.revoke`, then reinstall the app.';

const signOut = 'Sign out of all sessions under "Account settings" in Slack.';

/** `xox?-`, two or three numbers of the workspace and its members, then a random part. */
function numbered(letters: string, id: string, title: string, remedy = remediation): Rule {
  return {
    id,
    title,
    severity: 'high',
    remediation: remedy,
    source: tokens,
    keywords: Array.from(letters, (letter) => `xox${letter}-`),
    pattern: new RegExp(
      `(?<![A-Za-z0-9])xox[${letters}]-(?:2-)?(?:[0-9]{6,16}-){1,3}[A-Za-z0-9]{16,64}(?![A-Za-z0-9_-])`,
    ),
    window: { before: 0, after: 117 },
    next: { of: '0-9-', least: 7 },
    validate: (secret) => opaque(secret, secret.slice(secret.lastIndexOf('-') + 1)),
  };
}

export const slackRules: readonly Rule[] = [
  numbered('b', 'slack-bot-token', 'Slack bot token'),
  numbered('p', 'slack-user-token', 'Slack user token'),
  numbered('aors', 'slack-legacy-token', 'Slack legacy workspace token'),
  numbered('c', 'slack-browser-token', 'Slack browser session token', signOut),
  {
    id: 'slack-configuration-token',
    title: 'Slack configuration or rotating token',
    severity: 'high',
    remediation:
      'Revoke the token under "Your App Configuration Tokens" at api.slack.com/apps or with `auth.revoke`.',
    source: 'https://docs.slack.dev/authentication/using-token-rotation',
    keywords: ['xoxe'],
    pattern: /(?<![A-Za-z0-9])xoxe(?:\.xox[abp])?-(?:[0-9]{1,2}-)?[A-Za-z0-9]{40,280}(?![A-Za-z0-9_-])/,
    window: { before: 0, after: 290 },
    next: { of: '.-', least: 1 },
    validate: (secret) => opaque(secret, secret.slice(secret.lastIndexOf('-') + 1)),
  },
  {
    id: 'slack-app-level-token',
    title: 'Slack app-level token',
    severity: 'high',
    remediation:
      'Revoke the token under "Basic Information > App-Level Tokens" in the Slack app settings, then create a new one.',
    source: tokens,
    keywords: ['xapp-'],
    pattern: /(?<![A-Za-z0-9])xapp-[0-9]-[A-Z0-9]{8,16}-[0-9]{10,16}-[a-f0-9]{64}(?![A-Za-z0-9_-])/,
    window: { before: 0, after: 100 },
    next: { of: 'A-Z0-9-', least: 10 },
    validate: (secret) => opaque(secret, secret.slice(secret.lastIndexOf('-') + 1)),
  },
  {
    id: 'slack-workflow-token',
    title: 'Slack workflow token',
    severity: 'medium',
    remediation,
    source: tokens,
    keywords: ['xwfp-'],
    pattern: /(?<![A-Za-z0-9])xwfp-(?:[0-9]{6,16}-){1,4}[A-Za-z0-9]{16,64}(?![A-Za-z0-9_-])/,
    window: { before: 0, after: 135 },
    next: { of: '0-9-', least: 7 },
    validate: (secret) => opaque(secret, secret.slice(secret.lastIndexOf('-') + 1)),
  },
  {
    id: 'slack-webhook',
    title: 'Slack webhook URL',
    severity: 'medium',
    remediation:
      'Remove the webhook in the Slack app settings, or the trigger in Workflow Builder, then create a new one.',
    source: 'https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks',
    keywords: ['hooks.slack.com/', 'hooks.slack-gov.com/'],
    pattern:
      /https:\/\/hooks\.slack(?:-gov)?\.com\/(?:services\/T[A-Z0-9]{6,14}\/B[A-Z0-9]{6,14}\/[A-Za-z0-9]{20,32}|(?:triggers\/[TE][A-Z0-9]{6,14}|workflows\/T[A-Z0-9]{6,14}\/A[A-Z0-9]{6,14})\/[0-9]{8,20}\/[A-Za-z0-9]{20,40})(?![A-Za-z0-9_-])/,
    window: { before: 8, after: 112 },
    next: { of: 'stw', least: 1 },
    validate: (secret) => opaque(secret, secret.slice(secret.lastIndexOf('/') + 1)),
  },
  {
    id: 'slack-session-cookie',
    title: 'Slack session cookie',
    severity: 'high',
    remediation: signOut,
    source: tokens,
    keywords: ['xoxd-'],
    pattern: new RegExp(`${BEFORE}xoxd-[A-Za-z0-9%+/=_-]{40,400}(?![A-Za-z0-9%+/=_-])`),
    window: { before: 0, after: 400 },
    next: { of: 'A-Za-z0-9%+/=_-', least: 40 },
    validate: (secret) => opaque(secret, secret.slice(5)),
  },
  named({
    id: 'slack-signing-secret',
    title: 'Slack signing secret',
    severity: 'medium',
    remediation: 'Regenerate the signing secret under "Basic Information" in the Slack app settings.',
    source: 'https://docs.slack.dev/authentication/verifying-requests-from-slack',
    names: ['signing_secret', 'signingsecret', 'signing-secret', 'signing.secret'],
    of: 'a-f0-9',
    length: 32,
  }),
  named({
    id: 'slack-client-secret',
    title: 'Slack client secret',
    severity: 'high',
    remediation: 'Regenerate the client secret under "Basic Information" in the Slack app settings.',
    source: 'https://docs.slack.dev/authentication/installing-with-oauth',
    names: ['slack'],
    rest: 'client|secret',
    of: 'a-f0-9',
    length: 32,
  }),
  named({
    id: 'slack-verification-token',
    title: 'Slack verification token',
    severity: 'low',
    remediation:
      'Regenerate the verification token under "Basic Information" in the Slack app settings, and verify signatures instead.',
    source: 'https://docs.slack.dev/authentication/verifying-requests-from-slack',
    names: ['slack'],
    rest: 'verif',
    of: 'A-Za-z0-9',
    length: 24,
  }),
];
