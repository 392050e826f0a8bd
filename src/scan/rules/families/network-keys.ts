/** Keys of networks and of names: onion services, mesh networks, signed zones. */
import { BEFORE } from '../authoring/boundaries.ts';
import { prefixed } from '../authoring/builders.ts';
import { describe } from '../authoring/table.ts';
import type { Rule } from '../model/rule.ts';
import { opaque } from '../validators/opaque.ts';

const TOR_CONTROL = 'https://spec.torproject.org/control-spec/commands.html#add_onion';
const TOR_CLIENT = 'https://community.torproject.org/onion-services/advanced/client-auth/';

export const networkKeyRules: readonly Rule[] = [
  prefixed({
    ...describe('Tor onion service', 'private key', 'critical', TOR_CONTROL),
    id: 'tor-private-key-of-an-onion-service',
    remediation: 'Move the onion service to a new address. The key of an address cannot be changed.',
    prefix: 'ED25519-V3:',
    of: 'A-Za-z0-9+/=',
    length: [86, 88],
    form: '[A-Za-z0-9+/]{86}={0,2}',
  }),
  {
    ...describe('Tor onion service', 'client key', 'high', TOR_CLIENT),
    id: 'tor-client-key-of-an-onion-service',
    remediation:
      'Remove the public key from "authorized_clients" of the onion service, then create a new key pair.',
    keywords: [':descriptor:x25519:'],
    // The public half, in files of the service, has no address before it.
    pattern: /(?<![A-Za-z0-9])[a-z2-7]{56}:descriptor:x25519:(?<secret>[A-Z2-7]{52})(?![A-Za-z0-9=])/,
    window: { before: 56, after: 52 },
    next: { of: 'A-Z2-7', least: 52 },
    validate: (secret) => opaque(secret, secret),
  },
  prefixed({
    ...describe(
      'Tailscale',
      'node private key',
      'critical',
      'https://tailscale.com/docs/reference/key-secret-management',
    ),
    id: 'tailscale-private-key-of-a-node',
    remediation: 'Remove the device in the Tailscale admin console, then log it in again.',
    prefix: 'privkey:',
    of: 'a-f0-9',
    length: 64,
  }),
  {
    ...describe(
      'DNSSEC',
      'private key',
      'high',
      'https://bind9.readthedocs.io/en/latest/manpages.html#dnssec-keygen-dnssec-key-generation-tool',
    ),
    remediation: 'Roll over the key of the zone, then withdraw the old one.',
    keywords: ['Private-key-format:'],
    pattern: new RegExp(
      `${BEFORE}Private-key-format: v1\\.[0-9](?:\\r?\\n[A-Z][A-Za-z0-9]{2,20}: [^\\r\\n]{1,700}){1,4}?\\r?\\nPriv(?:ateKey|ateExponent): (?<secret>[A-Za-z0-9+/]{40,700}={0,2})(?![A-Za-z0-9+/=])`,
    ),
    window: { before: 0, after: 3800 },
    validate: (secret) => opaque(secret, secret),
  },
];
