/** DigitalOcean: personal access tokens, OAuth tokens, and the keys of Spaces. */
import { named, prefixed } from '../authoring/builders.ts';
import type { Rule } from '../model/rule.ts';

const source = 'https://docs.digitalocean.com/reference/api/create-personal-access-token/';
const remediation = 'Delete the token under "API" in the DigitalOcean control panel, then create a new one.';

export const digitalOceanRules: readonly Rule[] = [
  prefixed({
    id: 'digitalocean-personal-token',
    title: 'DigitalOcean personal access token',
    severity: 'critical',
    remediation,
    source,
    prefix: 'dop_v1_',
    of: 'a-f0-9',
    length: 64,
  }),
  prefixed({
    id: 'digitalocean-oauth-token',
    title: 'DigitalOcean OAuth token',
    severity: 'high',
    remediation,
    source: 'https://docs.digitalocean.com/reference/api/oauth/',
    prefix: ['doo_v1_', 'dor_v1_'],
    of: 'a-f0-9',
    length: 64,
  }),
  named({
    id: 'digitalocean-legacy-token',
    title: 'DigitalOcean personal access token (old format)',
    severity: 'critical',
    remediation,
    source,
    names: ['digitalocean', 'digital_ocean', 'do_token', 'do_api', 'do_pat', 'do_access'],
    of: 'a-f0-9',
    length: 64,
  }),
  named({
    id: 'digitalocean-spaces-secret-key',
    title: 'DigitalOcean Spaces secret key',
    severity: 'high',
    remediation:
      'Delete the access key under "Spaces Object Storage > Access Keys" in the DigitalOcean control panel, then create a new one.',
    source: 'https://docs.digitalocean.com/products/spaces/how-to/manage-access/',
    names: ['spaces', 'digitalocean', 'do_secret'],
    rest: 'secret',
    of: 'A-Za-z0-9+/',
    length: 43,
  }),
];
