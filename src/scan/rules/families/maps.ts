/** Maps: Mapbox, HERE, TomTom. Google's map keys are general Google API keys. */
import { BEFORE } from '../authoring/boundaries.ts';
import { named } from '../authoring/builders.ts';
import type { Rule } from '../model/rule.ts';
import { isRecord } from '../validators/json.ts';
import { namedMixed } from '../validators/named-value.ts';
import { opaque } from '../validators/opaque.ts';
import { type Verdict, proven, rejected } from '../model/verdict.ts';

const mapbox = {
  remediation:
    'Rotate the token under "Access tokens" in the Mapbox account, and restrict its scopes and sites.',
  source: 'https://docs.mapbox.com/help/getting-started/access-tokens/',
} as const;

/** `sk.`, `pk.` or `tk.`, claims as a JSON object (`{"u":"`), signature. */
function mapboxToken(kind: string, id: string, title: string, severity: Rule['severity']): Rule {
  return {
    ...mapbox,
    id,
    title,
    severity,
    keywords: [`${kind}.eyJ1`],
    pattern: new RegExp(
      `${BEFORE}${kind}\\.eyJ1[A-Za-z0-9_-]{40,250}\\.[A-Za-z0-9_-]{20,30}(?![A-Za-z0-9_-])`,
    ),
    window: { before: 0, after: 281 },
    next: { of: 'A-Za-z0-9_-', least: 40 },
    validate: mapboxClaims,
  };
}

function mapboxClaims(secret: string): Verdict {
  const [, claims = '', signature = ''] = secret.split('.');
  try {
    const value: unknown = JSON.parse(Buffer.from(claims, 'base64url').toString('utf8'));
    if (!isRecord(value) || typeof value['u'] !== 'string') return rejected;
  } catch {
    return rejected;
  }
  const verdict = opaque(secret, signature);
  return verdict.ok && verdict.severity === undefined ? proven('claims valid') : verdict;
}

export const mapRules: readonly Rule[] = [
  mapboxToken('sk', 'mapbox-secret-token', 'Mapbox secret access token', 'high'),
  mapboxToken('tk', 'mapbox-temporary-token', 'Mapbox temporary access token', 'low'),
  mapboxToken('pk', 'mapbox-public-token', 'Mapbox public access token (public by design)', 'low'),
  named({
    id: 'here-api-key',
    title: 'HERE API key',
    severity: 'medium',
    remediation: 'Delete the key of the app in the HERE platform, then create a new one.',
    source: 'https://www.here.com/docs/bundle/identity-and-access-management-developer-guide-dev',
    names: [
      'here_api',
      'here_app',
      'hereapi',
      'heremaps',
      'here_maps',
      'here.api',
      'here.access',
      'here_access',
    ],
    of: 'A-Za-z0-9_-',
    length: [43, 86],
    validate: namedMixed,
  }),
  named({
    id: 'tomtom-api-key',
    title: 'TomTom API key',
    severity: 'medium',
    remediation: 'Delete the key in the TomTom developer dashboard, then create a new one.',
    source: 'https://developer.tomtom.com/how-to-get-tomtom-api-key',
    names: ['tomtom'],
    rest: 'key|token|secret',
    of: 'A-Za-z0-9',
    length: 32,
    validate: namedMixed,
  }),
];
