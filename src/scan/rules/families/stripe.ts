/** Stripe: secret and restricted keys by mode, and webhook signing secrets. Publishable keys are not secret. */
import type { Rule } from '../model/rule.ts';
import { opaque } from '../validators/opaque.ts';

const source = 'https://docs.stripe.com/keys';
const remediation =
  'Rotate the key under "Developers > API keys" in the Stripe Dashboard, then review the request log for use by others.';

export const stripeRules: readonly Rule[] = [
  {
    id: 'stripe-live-key',
    title: 'Stripe secret or restricted key (live mode)',
    severity: 'critical',
    remediation,
    source,
    keywords: ['sk_live_', 'rk_live_'],
    pattern: /(?<![A-Za-z0-9_])[sr]k_live_[A-Za-z0-9]{16,247}(?![A-Za-z0-9_])/,
    window: { before: 0, after: 247 },
    next: { of: 'A-Za-z0-9', least: 16 },
    validate: (secret) => opaque(secret, secret.slice(8)),
  },
  {
    id: 'stripe-test-key',
    title: 'Stripe secret or restricted key (test mode)',
    severity: 'low',
    remediation,
    source,
    keywords: ['sk_test_', 'rk_test_'],
    pattern: /(?<![A-Za-z0-9_])[sr]k_test_[A-Za-z0-9]{16,247}(?![A-Za-z0-9_])/,
    window: { before: 0, after: 247 },
    next: { of: 'A-Za-z0-9', least: 16 },
    validate: (secret) => {
      const verdict = opaque(secret, secret.slice(8));
      return verdict.ok
        ? { ...verdict, severity: 'low', evidence: ['test mode', ...verdict.evidence] }
        : verdict;
    },
  },
  {
    id: 'stripe-app-signing-secret',
    title: 'Stripe App signing secret',
    severity: 'medium',
    remediation: 'Roll the signing secret of the app under "Developers > Apps" in the Stripe Dashboard.',
    source: 'https://docs.stripe.com/stripe-apps/build-backend',
    keywords: ['absec_'],
    pattern: /(?<![A-Za-z0-9_])absec_[A-Za-z0-9]{24,128}(?![A-Za-z0-9_])/,
    window: { before: 0, after: 128 },
    next: { of: 'A-Za-z0-9', least: 24 },
    validate: (secret) => opaque(secret, secret.slice(6)),
  },
  {
    id: 'stripe-webhook-secret',
    title: 'Webhook signing secret (Stripe, Svix)',
    severity: 'medium',
    remediation:
      'Roll the signing secret of the endpoint, for Stripe under "Developers > Webhooks" in the Stripe Dashboard.',
    source: 'https://docs.stripe.com/webhooks#roll-endpoint-secrets',
    keywords: ['whsec_'],
    pattern: /(?<![A-Za-z0-9_])whsec_[A-Za-z0-9+/]{32,128}={0,2}(?![A-Za-z0-9_+/=])/,
    window: { before: 0, after: 130 },
    next: { of: 'A-Za-z0-9+/', least: 32 },
    validate: (secret) => opaque(secret, secret.slice(6)),
  },
];
