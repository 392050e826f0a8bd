/** Server hosting: the API credentials of providers, by name or by prefix. */
import { named, prefixed } from '../authoring/builders.ts';
import { nearId } from '../authoring/near-id.ts';
import type { Rule } from '../model/rule.ts';
import { namedMixed, namedPadded, namedUuid, namedValue } from '../validators/named-value.ts';
import { opaque } from '../validators/opaque.ts';
import { rejected } from '../model/verdict.ts';

/** What all of these open: machines, disks, networks. */
const severity = 'critical';

const civo = {
  remediation: 'Regenerate the key under "Security" in the Civo account.',
  source: 'https://www.civo.com/docs/account/api-keys',
} as const;
const exoscale = {
  remediation: 'Revoke the key under "IAM > Keys" in the Exoscale portal, then create a new one.',
  source: 'https://community.exoscale.com/product/iam/',
} as const;
const ibm = {
  remediation: 'Delete the key under "Manage > Access (IAM) > API keys" in IBM Cloud, then create a new one.',
  source: 'https://cloud.ibm.com/docs/account?topic=account-userapikey',
} as const;
const oracle = {
  remediation: 'Delete the credential in the user settings of the OCI console, then create a new one.',
  source: 'https://docs.oracle.com/en-us/iaas/Content/Identity/Tasks/managingcredentials.htm',
} as const;
const ovh = {
  remediation:
    'Delete the application or the consumer key in the OVHcloud API console, then create a new one.',
  source: 'https://help.ovhcloud.com/csm/en-api-getting-started-ovhcloud-api',
} as const;
const scaleway = {
  remediation: 'Delete the API key under "IAM" in the Scaleway console, then create a new one.',
  source: 'https://www.scaleway.com/en/docs/iam/how-to/create-api-keys/',
} as const;
const upcloud = {
  remediation: 'Delete the token under "API tokens" in the UpCloud account, then create a new one.',
  source: 'https://upcloud.com/docs/guides/getting-started-upcloud-api/',
} as const;

export const serverRules: readonly Rule[] = [
  nearId({
    ...scaleway,
    id: 'scaleway-secret-near-id',
    title: 'Scaleway access key and secret key',
    severity,
    keywords: ['SCW'],
    idForm: 'SCW[A-Z0-9]{17}',
    idLength: 20,
    secretForm: '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}',
    secretLength: 36,
    validate: (secret) => opaque(secret, secret),
  }),
  nearId({
    ...exoscale,
    id: 'exoscale-secret-near-id',
    title: 'Exoscale API key and secret',
    severity,
    keywords: ['EXO'],
    idForm: 'EXO[a-f0-9]{24,29}',
    idLength: 32,
    secretForm: '[A-Za-z0-9_-]{43}',
    secretLength: 43,
  }),
  named({
    ...civo,
    id: 'civo-api-key',
    title: 'Civo API key',
    severity,
    names: ['civo_', 'civo-', 'civo.', 'civotoken', 'civoapi', 'civokey'],
    of: 'A-Za-z0-9',
    length: [48, 52],
    validate: namedMixed,
  }),
  named({
    id: 'equinix-metal-token',
    title: 'Equinix Metal API token',
    severity,
    remediation: 'Delete the token under "API Keys" in the Equinix Metal console, then create a new one.',
    source: 'https://deploy.equinix.com/developers/docs/metal/identity-access-management/api-keys/',
    names: ['equinix', 'metal_auth', 'packet_auth', 'packet_api', 'packet_token', 'packetapi'],
    of: 'A-Za-z0-9',
    length: 32,
    validate: namedMixed,
  }),
  named({
    ...exoscale,
    id: 'exoscale-secret-key',
    title: 'Exoscale API secret',
    severity,
    names: ['exoscale', 'exo_'],
    rest: 'secret',
    of: 'A-Za-z0-9_-',
    length: 43,
  }),
  prefixed({
    ...exoscale,
    id: 'exoscale-api-key',
    title: 'Exoscale API key (no access without its secret)',
    severity: 'medium',
    prefix: 'EXO',
    of: 'a-f0-9',
    length: [24, 29],
  }),
  named({
    id: 'hetzner-token',
    title: 'Hetzner Cloud API token',
    severity,
    remediation:
      'Delete the token under "Security > API tokens" of the project in the Hetzner Console, then create a new one.',
    source: 'https://docs.hetzner.cloud/reference/cloud#authentication',
    names: ['hcloud', 'hetzner'],
    of: 'A-Za-z0-9',
    length: 64,
    validate: namedMixed,
  }),
  named({
    ...ibm,
    id: 'ibm-cloud-api-key',
    title: 'IBM Cloud API key',
    severity,
    names: ['ibm', 'bluemix', 'iam_apikey', 'iam_api_key', 'iamapikey', 'watson', '"apikey', '_apikey'],
    rest: 'key|secret|token|(?<=key)',
    of: 'A-Za-z0-9_-',
    length: 44,
    validate: namedMixed,
  }),
  named({
    ...ibm,
    id: 'ibm-cos-hmac-secret',
    title: 'IBM Cloud Object Storage HMAC secret',
    severity: 'high',
    source:
      'https://cloud.ibm.com/docs/cloud-object-storage?topic=cloud-object-storage-uhc-hmac-credentials-main',
    names: ['ibm', 'cos_hmac', 'cos_secret'],
    rest: 'secret|(?<=secret)',
    of: 'a-f0-9',
    length: 48,
  }),
  named({
    ...ibm,
    id: 'softlayer-api-key',
    title: 'IBM Cloud classic infrastructure (SoftLayer) API key',
    severity,
    source: 'https://cloud.ibm.com/docs/account?topic=account-classic_keys',
    names: ['softlayer', 'sl_api', 'iaas_classic'],
    of: 'a-f0-9',
    length: 64,
  }),
  named({
    id: 'linode-token',
    title: 'Linode (Akamai) personal access token',
    severity,
    remediation: 'Revoke the token under "API Tokens" in the Akamai Cloud Manager, then create a new one.',
    source: 'https://techdocs.akamai.com/linode-api/reference/get-started#personal-access-tokens',
    names: ['linode'],
    of: 'a-f0-9',
    length: 64,
  }),
  named({
    ...oracle,
    id: 'oci-customer-secret-key',
    title: 'Oracle Cloud customer secret key',
    severity: 'high',
    names: ['oci_', 'oraclecloud', 'oracle_cloud'],
    rest: 'secret|key',
    of: 'A-Za-z0-9+/=',
    length: 44,
    validate: namedPadded,
  }),
  named({
    ...ovh,
    id: 'ovh-secret',
    title: 'OVHcloud application secret or consumer key',
    severity,
    names: ['ovh_', 'ovh-', 'ovh.', 'ovhapp', 'ovhcon', 'ovhcloud'],
    rest: 'secret|consumer',
    of: 'A-Za-z0-9',
    length: 32,
  }),
  {
    ...ovh,
    id: 'ovh-configuration-secret',
    title: 'OVHcloud credentials in client configuration',
    severity,
    confidence: 'medium',
    // `ovh.conf`: endpoint, application_key, application_secret, consumer_key; JSON and code name them alike.
    keywords: ['application_secret', 'consumer_key', 'applicationSecret', 'consumerKey'],
    pattern:
      /(?:application_secret|applicationSecret|consumer_key|consumerKey)["']?[\t ]{0,8}[=:,][\t ]{0,8}["']?(?<secret>[A-Za-z0-9]{32})(?![A-Za-z0-9_])/,
    window: { before: 0, after: 56 },
    next: [
      { of: '"\'\\t =:,', least: 1, most: 20 },
      { of: 'A-Za-z0-9', least: 32 },
    ],
    validate: namedMixed,
  },
  named({
    ...scaleway,
    id: 'scaleway-secret-key',
    title: 'Scaleway secret key',
    severity,
    names: ['scw_', 'scaleway'],
    rest: 'secret|token|key',
    of: 'A-Fa-f0-9-',
    length: 36,
    validate: namedUuid,
  }),
  prefixed({
    ...scaleway,
    id: 'scaleway-access-key',
    title: 'Scaleway access key (no access without its secret)',
    severity: 'medium',
    prefix: 'SCW',
    of: 'A-Z0-9',
    length: 17,
    validate: (secret, context) => (/[0-9]/.test(secret) ? namedValue(secret, context) : rejected),
  }),
  prefixed({
    ...upcloud,
    id: 'upcloud-token',
    title: 'UpCloud API token',
    severity,
    prefix: 'ucat_',
    of: 'A-Za-z0-9',
    length: [26, 64],
  }),
  named({
    id: 'vultr-api-key',
    title: 'Vultr API key',
    severity,
    remediation: 'Regenerate the key under "Account > API" in the Vultr portal.',
    source: 'https://docs.vultr.com/platform/other/api/regenerate-api-key',
    names: ['vultr'],
    of: 'A-Z0-9',
    length: 36,
  }),
];
