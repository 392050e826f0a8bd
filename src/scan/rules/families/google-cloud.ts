/** Google Cloud and Google's sign-in: service accounts, OAuth tokens, HMAC keys, Firebase server keys, client ids. */
import { BEFORE } from '../authoring/boundaries.ts';
import { named, prefixed } from '../authoring/builders.ts';
import type { Rule } from '../model/rule.ts';
import { namedMixed } from '../validators/named-value.ts';
import { isMixed, opaque } from '../validators/opaque.ts';
import { privateKey } from '../validators/pem.ts';
import { rejected } from '../model/verdict.ts';

const oauth = {
  remediation:
    'Revoke the token under "Third-party apps & services" in the Google Account, or at https://oauth2.googleapis.com/revoke.',
  source: 'https://developers.google.com/identity/protocols/oauth2#size',
} as const;
const hmac = {
  remediation:
    'Deactivate and delete the HMAC key under "Cloud Storage > Settings > Interoperability" in the Google Cloud console.',
  source: 'https://docs.cloud.google.com/storage/docs/authentication/hmackeys',
} as const;
const client = {
  remediation:
    'Add a new secret to the OAuth client under "APIs & Services > Credentials" in the Google Cloud console, switch the app to it, then disable and delete the old secret.',
  source: 'https://support.google.com/cloud/answer/15549257',
} as const;

export const googleCloudRules: readonly Rule[] = [
  {
    id: 'google-service-account-key',
    title: 'Google service account key',
    severity: 'critical',
    remediation:
      'Delete the key under "IAM & Admin > Service Accounts" in the Google Cloud console. Use workload identity federation instead of keys.',
    source: 'https://docs.cloud.google.com/iam/docs/keys-create-delete',
    // The order of fields is that of the file which Google makes.
    keywords: ['service_account"', 'service_account\\'],
    pattern:
      /service_account\\{0,3}",[^{}]{0,40}?\\{0,3}"project_id\\{0,3}":[ ]{0,4}\\{0,3}"(?<project>[a-z0-9.:-]{4,64})\\{0,3}"[^{}]{0,120}?\\{0,3}"private_key\\{0,3}":[ ]{0,4}\\{0,3}"(?<secret>-----BEGIN[A-Z ]{1,20}PRIVATE KEY-----[A-Za-z0-9+/=\\\r\n -]{60,4600})(?=\\{0,3}")/,
    window: { before: 0, after: 5000 },
    next: { of: '\\\\",', least: 1 },
    validate: (secret, { groups }) => {
      const verdict = privateKey(secret);
      const project = groups['project'];
      return verdict.ok && project !== undefined
        ? { ...verdict, evidence: [`Google Cloud project ${project}`, ...verdict.evidence] }
        : verdict;
    },
  },
  prefixed({
    ...oauth,
    id: 'google-oauth-refresh-token',
    title: 'Google OAuth refresh token',
    severity: 'high',
    prefix: '1//0',
    of: 'A-Za-z0-9_-',
    length: [38, 512],
    validate: (secret) => (isMixed(secret) ? opaque(secret, secret.slice(4)) : rejected),
  }),
  prefixed({
    ...oauth,
    id: 'google-oauth-access-token',
    title: 'Google OAuth access token',
    severity: 'medium',
    prefix: 'ya29.',
    of: 'A-Za-z0-9_.-',
    length: [20, 2048],
    validate: (secret) => opaque(secret, secret.slice(5), 'lives for an hour'),
  }),
  prefixed({
    ...oauth,
    id: 'google-bound-api-key',
    title: 'Google API key bound to a service account',
    severity: 'high',
    remediation:
      'Delete the key under "APIs & Services > Credentials" in the Google Cloud console, then create a new one.',
    source: 'https://docs.cloud.google.com/docs/authentication/api-keys',
    prefix: 'AQ.Ab',
    of: 'A-Za-z0-9_-',
    length: [40, 80],
  }),
  {
    ...hmac,
    id: 'google-hmac-secret-near-id',
    title: 'Google Cloud Storage HMAC access ID and secret',
    severity: 'high',
    keywords: ['GOOG'],
    pattern:
      /(?<![A-Za-z0-9])GOOG(?:1E[A-Z0-9]{55}|[A-Z0-9]{20})(?![A-Za-z0-9])[^]{0,120}?(?<![A-Za-z0-9/+]|[A-Za-z0-9/+]{22}={1,2})(?<secret>[A-Za-z0-9/+]{40})(?![A-Za-z0-9/+=])/,
    window: { before: 0, after: 230 },
    next: { of: 'A-Z0-9', least: 20 },
    validate: (secret) => (isMixed(secret) ? opaque(secret, secret) : rejected),
  },
  {
    ...hmac,
    id: 'google-hmac-access-id',
    title: 'Google Cloud Storage HMAC access ID (no access without its secret)',
    severity: 'medium',
    keywords: ['GOOG'],
    pattern: /(?<![A-Za-z0-9])GOOG(?:1E[A-Z0-9]{55}|1[A-Z0-9]{56}|[A-Z0-9]{20})(?![A-Za-z0-9_])/,
    window: { before: 0, after: 57 },
    next: { of: 'A-Z0-9', least: 20 },
    validate: (secret) => (/[0-9]/.test(secret.slice(5)) ? opaque(secret, secret.slice(4)) : rejected),
  },
  {
    id: 'firebase-server-key',
    title: 'Firebase Cloud Messaging server key',
    severity: 'high',
    remediation:
      'Delete the server key in the project settings of the Firebase console. The API that it belongs to was shut down in 2024.',
    source: 'https://firebase.google.com/docs/cloud-messaging/migrate-v1',
    keywords: [':APA91b'],
    pattern: /(?<![A-Za-z0-9])AAAA[A-Za-z0-9_-]{7}:APA91b[A-Za-z0-9_-]{130,150}(?![A-Za-z0-9_-])/,
    window: { before: 11, after: 150 },
    next: { of: 'A-Za-z0-9_-', least: 130 },
    validate: (secret) => opaque(secret, secret.slice(18)),
  },
  named({
    ...client,
    id: 'google-legacy-client-secret',
    title: 'Google OAuth client secret (old format)',
    severity: 'high',
    names: ['google', 'gcp_', 'gapi', 'gmail', 'youtube', 'gdrive'],
    rest: 'secret',
    of: 'A-Za-z0-9_-',
    length: 24,
    validate: namedMixed,
  }),
  named({
    id: 'firebase-database-secret',
    title: 'Firebase database secret',
    severity: 'high',
    remediation:
      'Delete the secret under "Project settings > Service accounts > Database secrets" in the Firebase console.',
    source: 'https://firebase.google.com/docs/database/rest/auth#legacy_tokens',
    names: ['firebase'],
    rest: 'secret|token|auth',
    of: 'A-Za-z0-9',
    length: 40,
    validate: namedMixed,
  }),
  named({
    id: 'google-recaptcha-secret',
    title: 'Google reCAPTCHA secret key',
    severity: 'medium',
    remediation: 'Create a new key pair in the reCAPTCHA admin console, then delete this one.',
    source: 'https://developers.google.com/recaptcha/docs/verify',
    names: ['captcha'],
    rest: 'secret|private',
    of: 'A-Za-z0-9_-',
    length: 40,
    validate: (secret, context) => (secret.startsWith('6L') ? namedMixed(secret, context) : rejected),
  }),
  {
    id: 'google-signed-url',
    title: 'Google Cloud Storage signed URL',
    severity: 'low',
    remediation: 'Delete the key that signed the URL, or let the URL expire (after seven days at most).',
    source: 'https://docs.cloud.google.com/storage/docs/access-control/signed-urls',
    keywords: ['X-Goog-Signature='],
    pattern: /X-Goog-Signature=(?<secret>[0-9a-f]{128,1024})(?![A-Za-z0-9_-])/,
    window: { before: 0, after: 1024 },
    next: { of: '0-9a-f', least: 128 },
    validate: (secret) => opaque(secret, secret, 'lives for seven days at most'),
  },
  {
    ...client,
    id: 'google-oauth-client-id',
    title: 'Google OAuth client ID (identifier)',
    severity: 'low',
    remediation:
      'Look for the client secret that belongs to it. The ID alone identifies an app and need not be revoked.',
    keywords: ['.apps.googleusercontent.com'],
    pattern: new RegExp(
      `${BEFORE}[0-9]{6,20}-[a-z0-9]{32}\\.apps\\.googleusercontent\\.com(?![A-Za-z0-9_-])`,
    ),
    window: { before: 53, after: 0 },
    validate: (secret) => opaque(secret, secret.slice(0, -27)),
  },
];
