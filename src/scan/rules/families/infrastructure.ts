/** Self-hosted infrastructure and networking: Proxmox, Rancher, OpenShift, Portainer, Tailscale, ngrok ... */
import { BEFORE } from '../authoring/boundaries.ts';
import { named, prefixed } from '../authoring/builders.ts';
import type { Rule } from '../model/rule.ts';
import { namedMixed, namedUuid } from '../validators/named-value.ts';
import { isMixed, opaque } from '../validators/opaque.ts';
import { namedPassword } from '../validators/password.ts';
import { rejected } from '../model/verdict.ts';

const netbird = {
  remediation:
    'Revoke the key under "Setup Keys", or the access token of the user, in the NetBird dashboard.',
  source: 'https://docs.netbird.io/api/guides/authentication',
} as const;
const ngrok = {
  severity: 'high',
  remediation: 'Reset the authtoken, or delete the API key, in the ngrok dashboard.',
  source: 'https://ngrok.com/docs/agent/config/',
} as const;

export const infrastructureRules: readonly Rule[] = [
  {
    id: 'proxmox-api-token',
    title: 'Proxmox VE API token',
    severity: 'critical',
    remediation:
      'Remove the token under "Datacenter > Permissions > API Tokens" in Proxmox VE, then create a new one.',
    source: 'https://pve.proxmox.com/wiki/Proxmox_VE_API#API_Tokens',
    keywords: ['PVEAPIToken', 'PBSAPIToken', 'PMGAPIToken'],
    pattern:
      /P(?:VE|BS|MG)APIToken[= ][A-Za-z0-9._-]{1,64}@[A-Za-z0-9._-]{2,32}![A-Za-z0-9._-]{1,64}[=:](?<secret>[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})(?![A-Za-z0-9_-])/,
    window: { before: 0, after: 204 },
    next: { of: '= ', least: 1 },
    validate: (secret) => opaque(secret, secret),
  },
  {
    id: 'proxmox-token-secret',
    title: 'Proxmox VE API token secret',
    severity: 'critical',
    confidence: 'medium',
    remediation:
      'Remove the token under "Datacenter > Permissions > API Tokens" in Proxmox VE, then create a new one.',
    source: 'https://pve.proxmox.com/wiki/User_Management#pveum_tokens',
    // `root@pam!name=UUID`, as providers of Terraform take it, and the two on their own.
    keywords: ['@pam!', '@pve!', 'token_secret', 'TOKEN_SECRET'],
    pattern:
      /(?:@p(?:am|ve)![A-Za-z0-9._-]{1,64}[=:]|(?:token_secret|TOKEN_SECRET)["']?[\t ]{0,8}[=:][\t ]{0,8}["']?)(?<secret>[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})(?![A-Za-z0-9_-])/,
    window: { before: 0, after: 104 },
    validate: (secret) => opaque(secret, secret),
  },
  named({
    id: 'virtualisation-password',
    title: 'Virtualization platform password (vSphere, Nutanix, Proxmox)',
    severity: 'critical',
    remediation:
      'Change the password of the account, and give automation its own account with minimal rights.',
    source: 'https://github.com/vmware/govmomi/blob/main/govc/README.md#usage',
    names: ['vsphere', 'vcenter', 'nutanix', 'govc_', 'proxmox', 'esxi'],
    rest: 'pass|pwd|secret',
    of: 'A-Za-z0-9!@#%^&*_+/=.$-',
    length: [8, 64],
    validate: namedPassword,
  }),
  {
    id: 'rancher-api-token',
    title: 'Rancher API token',
    severity: 'critical',
    remediation: 'Delete the key under "Account & API Keys" in Rancher, then create a new one.',
    source: 'https://ranchermanager.docs.rancher.com/reference-guides/user-settings/api-keys',
    keywords: ['token-'],
    pattern: new RegExp(
      `${BEFORE}(?:kubeconfig-user-|kubeconfig-u-|)token-[a-z0-9]{5}:[a-z0-9]{54}(?![A-Za-z0-9_-])`,
    ),
    window: { before: 16, after: 60 },
    next: [
      { of: 'a-z0-9', least: 5 },
      { of: ':', least: 1 },
      { of: 'a-z0-9', least: 54 },
    ],
    validate: (secret) => opaque(secret, secret.slice(-54)),
  },
  prefixed({
    id: 'openshift-token',
    title: 'OpenShift access token',
    severity: 'high',
    remediation: 'Log out with `oc logout`, or delete the OAuthAccessToken in the OpenShift cluster.',
    source:
      'https://docs.redhat.com/en/documentation/openshift_container_platform/4.17/html/authentication_and_authorization/managing-oauth-access-tokens',
    prefix: 'sha256~',
    of: 'A-Za-z0-9_-',
    length: 43,
  }),
  {
    id: 'portainer-token',
    title: 'Portainer access token',
    severity: 'critical',
    remediation: 'Remove the token under "My account > Access tokens" in Portainer, then create a new one.',
    source: 'https://docs.portainer.io/api/access',
    keywords: ['ptr_'],
    pattern: new RegExp(`${BEFORE}ptr_[A-Za-z0-9+/]{43}=(?![A-Za-z0-9+/=_-])`),
    window: { before: 0, after: 44 },
    next: { of: 'A-Za-z0-9+/', least: 43 },
    validate: (secret) => (isMixed(secret) ? opaque(secret, secret.slice(4)) : rejected),
  },
  {
    id: 'tailscale-key',
    title: 'Tailscale key',
    severity: 'critical',
    remediation:
      'Revoke the key under "Settings > Keys" in the Tailscale admin console, then create a new one.',
    source: 'https://tailscale.com/kb/1277/key-prefixes',
    keywords: ['tskey-'],
    // The kind (`auth`, `api`, `client`, `scim`, `webhook`), an id and the secret; without the kind before 2022.
    pattern: new RegExp(
      `${BEFORE}tskey-(?:[a-z]{3,10}-)?[A-Za-z0-9]{6,24}-[A-Za-z0-9]{16,64}(?![A-Za-z0-9_-])`,
    ),
    window: { before: 0, after: 101 },
    next: { of: 'A-Za-z0-9-', least: 23 },
    validate: (secret) => opaque(secret, secret.slice(secret.lastIndexOf('-') + 1)),
  },
  named({
    ...ngrok,
    id: 'ngrok-authtoken',
    title: 'ngrok authtoken or API key',
    names: ['ngrok'],
    near: 'authtoken',
    of: 'A-Za-z0-9_',
    length: [40, 52],
    validate: (secret, context) =>
      /^[0-9A-Za-z]{20,27}_[0-9A-Za-z]{18,24}$/.test(secret) ? namedMixed(secret, context) : rejected,
  }),
  {
    ...ngrok,
    id: 'ngrok-command-authtoken',
    title: 'ngrok authtoken on a command line',
    keywords: ['authtoken '],
    pattern: /authtoken[ ]{1,4}["']?(?<secret>[0-9A-Za-z]{20,27}_[0-9A-Za-z]{18,24})(?![A-Za-z0-9_])/,
    window: { before: 0, after: 60 },
    next: { of: ' "\'A-Za-z0-9_', least: 39 },
    validate: (secret) => (isMixed(secret) ? opaque(secret, secret) : rejected),
  },
  named({
    id: 'zerotier-token',
    title: 'ZeroTier API token',
    severity: 'high',
    remediation: 'Delete the token under "Account" in ZeroTier Central, then create a new one.',
    source: 'https://docs.zerotier.com/api/tokens/',
    names: ['zerotier', 'zt_token', 'zt_api', 'zt_central'],
    of: 'A-Za-z0-9',
    length: 32,
    validate: namedMixed,
  }),
  prefixed({
    ...netbird,
    id: 'netbird-token',
    title: 'NetBird access token',
    severity: 'critical',
    prefix: 'nbp_',
    of: 'A-Za-z0-9',
    length: 36,
  }),
  named({
    ...netbird,
    id: 'netbird-setup-key',
    title: 'NetBird setup key',
    severity: 'high',
    names: ['netbird', 'nb_setup', 'setup-key', 'setup_key'],
    rest: 'key|(?<=key)',
    of: 'A-Fa-f0-9-',
    length: 36,
    validate: namedUuid,
  }),
];
