/** Application hosting: Fly.io, Heroku, Netlify, Railway, Render, Vercel. */
import { named, prefixed } from '../authoring/builders.ts';
import type { Rule } from '../model/rule.ts';
import { namedMixed, namedUuid } from '../validators/named-value.ts';
import { opaque } from '../validators/opaque.ts';

const fly = {
  remediation: 'Revoke the token with `fly tokens revoke`, then create one with a narrower scope.',
  source: 'https://fly.io/docs/security/tokens/',
} as const;
const heroku = {
  severity: 'critical',
  remediation:
    'Regenerate the key under "API Key" in the Heroku account settings, or revoke the authorization.',
  source: 'https://devcenter.heroku.com/articles/authentication',
} as const;
const netlify = {
  severity: 'critical',
  remediation: 'Revoke the token under "Applications" in the Netlify user settings, then create a new one.',
  source: 'https://docs.netlify.com/api/get-started/#authentication',
} as const;
const railway = {
  severity: 'high',
  remediation: 'Delete the token under "Tokens" in the Railway account or project, then create a new one.',
  source: 'https://docs.railway.com/reference/public-api',
} as const;
const vercel = {
  severity: 'critical',
  remediation: 'Delete the token under "Tokens" in the Vercel account settings, then create a new one.',
  source: 'https://vercel.com/docs/rest-api#authentication',
} as const;

export const hostingRules: readonly Rule[] = [
  prefixed({
    ...fly,
    id: 'fly-access-token',
    title: 'Fly.io access token',
    severity: 'critical',
    prefix: ['fm1r_', 'fm1a_', 'fm2_'],
    of: 'A-Za-z0-9+/=_-',
    length: [80, 2000],
  }),
  prefixed({
    ...fly,
    id: 'fly-personal-token',
    title: 'Fly.io personal access token',
    severity: 'critical',
    prefix: 'fo1_',
    of: 'A-Za-z0-9_-',
    length: 43,
  }),
  prefixed({
    ...heroku,
    id: 'heroku-token',
    title: 'Heroku API token',
    prefix: 'HRKU-',
    of: 'A-Za-z0-9_-',
    length: [36, 80],
  }),
  named({
    ...heroku,
    id: 'heroku-api-key',
    title: 'Heroku API key',
    names: ['heroku'],
    rest: 'key|token|secret|auth|password',
    of: 'A-Fa-f0-9-',
    length: 36,
    validate: namedUuid,
  }),
  prefixed({
    ...netlify,
    id: 'netlify-token',
    title: 'Netlify access token',
    prefix: ['nfp_', 'nfc_', 'nfo_', 'nfb_', 'nfu_'],
    of: 'A-Za-z0-9',
    length: [36, 48],
  }),
  named({
    ...netlify,
    id: 'netlify-legacy-token',
    title: 'Netlify access token (old format)',
    names: ['netlify'],
    rest: 'key|token|secret|auth',
    of: 'A-Za-z0-9_-',
    length: [40, 46],
    validate: namedMixed,
  }),
  named({
    ...railway,
    id: 'railway-token',
    title: 'Railway token',
    names: ['railway'],
    rest: 'key|token|secret',
    of: 'A-Fa-f0-9-',
    length: 36,
    validate: namedUuid,
  }),
  prefixed({
    id: 'render-api-key',
    title: 'Render API key',
    severity: 'critical',
    remediation: 'Revoke the key under "API Keys" in the Render account settings, then create a new one.',
    source: 'https://render.com/docs/api#1-create-an-api-key',
    prefix: 'rnd_',
    of: 'A-Za-z0-9',
    length: [28, 40],
  }),
  prefixed({
    ...vercel,
    id: 'vercel-token',
    title: 'Vercel access token',
    source: 'https://vercel.com/changelog/new-token-formats-and-secret-scanning',
    prefix: ['vcp_', 'vci_', 'vca_', 'vcr_', 'vck_'],
    of: 'A-Za-z0-9',
    length: [24, 72],
  }),
  named({
    ...vercel,
    id: 'vercel-legacy-token',
    title: 'Vercel access token (old format)',
    names: ['vercel', 'zeit_', 'now_token'],
    rest: 'key|token|secret|auth|(?<=now_token)',
    of: 'A-Za-z0-9',
    length: 24,
    validate: namedMixed,
  }),
  prefixed({
    ...vercel,
    id: 'vercel-blob-token',
    title: 'Vercel Blob read-write token',
    severity: 'high',
    remediation: 'Rotate the token of the Blob store under "Storage" of the Vercel project.',
    source: 'https://vercel.com/docs/vercel-blob/using-blob-sdk',
    prefix: 'vercel_blob_rw_',
    of: 'A-Za-z0-9_',
    length: [40, 64],
  }),
  {
    id: 'deploy-hook-url',
    title: 'Deploy hook URL (Netlify, Render, Vercel)',
    severity: 'medium',
    remediation: 'Delete or regenerate the hook in the site settings at Netlify, Render or Vercel.',
    source: 'https://render.com/docs/deploy-hooks',
    keywords: [
      'api.render.com/deploy/',
      'api.netlify.com/build_hooks/',
      'api.vercel.com/v1/integrations/deploy/',
    ],
    pattern:
      /api\.(?:render\.com\/deploy\/[a-z]{3}-[a-z0-9]{16,24}\?key=(?<secret>[A-Za-z0-9_-]{8,24})|netlify\.com\/build_hooks\/(?<secret>[a-f0-9]{24})|vercel\.com\/v1\/integrations\/deploy\/prj_[A-Za-z0-9]{16,40}\/(?<secret>[A-Za-z0-9]{8,16}))(?![A-Za-z0-9_-])/,
    window: { before: 0, after: 70 },
    validate: (secret) => opaque(secret, secret),
  },
];
