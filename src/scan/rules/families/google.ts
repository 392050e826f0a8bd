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
      'Delete the key, or restrict it to its APIs, sites and apps, under "APIs & Services > Credentials" in the Google Cloud console.',
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
      'Add a new secret to the OAuth client under "APIs & Services > Credentials" in the Google Cloud console, switch the app to it, then disable and delete the old secret.',
    source: 'https://support.google.com/cloud/answer/15549257',
    keywords: ['GOCSPX-'],
    pattern: /(?<![A-Za-z0-9])GOCSPX-[A-Za-z0-9_-]{28}(?![A-Za-z0-9_-])/,
    window: { before: 0, after: 28 },
    next: { of: 'A-Za-z0-9_-', least: 28 },
    validate: (secret) => opaque(secret, secret.slice(7)),
  },
];
