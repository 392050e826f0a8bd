/** Google: API keys and OAuth client secrets. The key of a service account is a private key in PEM, found as such. */
import type { Rule } from '../model/rule.ts';
import { opaque } from '../validators/opaque.ts';

export const googleRules: readonly Rule[] = [
  {
    id: 'google-api-key',
    title: 'Google API key',
    // Many are public by design, in web pages and apps, and are held in check by restrictions that no file shows.
    severity: 'medium',
    remediation:
      'Restrict the key to its APIs, sites and apps, or delete it, under "APIs & Services, Credentials" of its project.',
    source: 'https://docs.cloud.google.com/docs/authentication/api-keys',
    keywords: ['AIza'],
    pattern: /(?<![A-Za-z0-9])AIza[A-Za-z0-9_-]{35}(?![A-Za-z0-9_-])/,
    window: { before: 0, after: 35 },
    next: { of: 'A-Za-z0-9_-', least: 35 },
    validate: (secret) => opaque(secret, secret.slice(4)),
  },
  {
    id: 'google-oauth-client-secret',
    title: 'Google OAuth client secret',
    severity: 'high',
    remediation:
      'Add a new secret to the OAuth client, move its users over, then disable and delete this one.',
    source: 'https://support.google.com/cloud/answer/15549257',
    keywords: ['GOCSPX-'],
    pattern: /(?<![A-Za-z0-9])GOCSPX-[A-Za-z0-9_-]{28}(?![A-Za-z0-9_-])/,
    window: { before: 0, after: 28 },
    next: { of: 'A-Za-z0-9_-', least: 28 },
    validate: (secret) => opaque(secret, secret.slice(7)),
  },
];
