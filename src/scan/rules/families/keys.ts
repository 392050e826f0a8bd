/**
 * Private keys in other formats: PuTTY, age, minisign, signify, WireGuard, OpenVPN, JWK, XML, PKCS#12, base64
 * of PEM.
 */
import { ASSIGNED, prefixed } from '../authoring/builders.ts';
import type { Rule } from '../model/rule.ts';
import {
  ageKey,
  encodedPrivateKey,
  jsonWebKey,
  puttyKey,
  signingKey,
  wireGuardKey,
  xmlRsaKey,
} from '../validators/keys.ts';
import { opaque } from '../validators/opaque.ts';
import { accepted } from '../model/verdict.ts';

const remediation =
  'Replace the key wherever its public key is trusted, then delete this copy or protect it with a passphrase.';

/** What base64 of the armour's first line begins with, as far as whole groups of three bytes go. */
const armourInBase64 = ['', 'RSA ', 'EC ', 'DSA ', 'OPENSSH ', 'ENCRYPTED ', 'PGP '].map((kind) => {
  const bytes = Buffer.from(`-----BEGIN ${kind}PRIVATE KEY`);
  return bytes.toString('base64', 0, bytes.length - (bytes.length % 3));
});

export const keyRules: readonly Rule[] = [
  {
    id: 'putty-private-key',
    title: 'PuTTY private key',
    severity: 'high',
    remediation,
    source: 'https://the.earth.li/~sgtatham/putty/latest/htmldoc/AppendixC.html',
    keywords: ['PuTTY-User-Key-File-'],
    pattern:
      /PuTTY-User-Key-File-[123]: (?<kind>[a-z0-9@.-]{3,40})[^]{1,80}?Encryption: (?<cipher>[a-z0-9-]{3,24})[^]{1,6000}?Private-Lines: \d{1,3}(?:[A-Za-z0-9+/=\s\\]{40,6000}(?:Private-MAC: [0-9a-f]{40,64})?|[^]{40,6000}?Private-MAC: [0-9a-f]{40,64})/,
    window: { before: 0, after: 12_400 },
    next: { of: '123', least: 1 },
    validate: puttyKey,
  },
  {
    id: 'ssh2-private-key',
    title: 'SSH.com (Tectia) private key',
    severity: 'high',
    remediation,
    source: 'https://www.rfc-editor.org/rfc/rfc4716',
    keywords: ['---- BEGIN SSH2 '],
    pattern:
      /---- BEGIN SSH2 (?:ENCRYPTED )?PRIVATE KEY ----[^]{0,400}?[A-Za-z0-9+/=\s]{200,8192}---- END SSH2 (?:ENCRYPTED )?PRIVATE KEY ----/,
    window: { before: 0, after: 8700 },
    next: { of: 'EP', least: 1 },
    validate: () => accepted(),
  },
  prefixed({
    id: 'age-secret-key',
    title: 'age secret key',
    severity: 'high',
    remediation,
    source: 'https://github.com/C2SP/C2SP/blob/main/age.md',
    prefix: 'AGE-SECRET-KEY-1',
    of: 'QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L',
    length: 58,
    validate: ageKey,
  }),
  {
    id: 'age-plugin-identity',
    title: 'age plugin identity',
    // Many only name a key on a token or in a chip.
    severity: 'medium',
    remediation,
    source: 'https://github.com/C2SP/C2SP/blob/main/age-plugin.md',
    keywords: ['AGE-PLUGIN-'],
    pattern:
      /(?<![A-Za-z0-9_])AGE-PLUGIN-[A-Z0-9][A-Z0-9-]{0,39}-1[QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L]{8,512}(?![A-Za-z0-9_])/,
    window: { before: 0, after: 560 },
    next: { of: 'A-Z0-9', least: 1 },
    validate: ageKey,
  },
  {
    id: 'minisign-secret-key',
    title: 'minisign secret key',
    severity: 'high',
    remediation,
    source: 'https://jedisct1.github.io/minisign/#secret-key-format',
    keywords: ['RWRTY0Iy', 'RWQAAEIy'],
    pattern: /(?<![A-Za-z0-9+/])RW(?:RTY0|QAAE)Iy[A-Za-z0-9+/]{200,204}={0,2}(?![A-Za-z0-9+/=_])/,
    window: { before: 0, after: 206 },
    next: { of: 'A-Za-z0-9+/', least: 200 },
    validate: signingKey,
  },
  {
    id: 'signify-secret-key',
    title: 'signify secret key',
    severity: 'high',
    remediation,
    source: 'https://man.openbsd.org/signify',
    keywords: ['RWRCSwAAA'],
    pattern: /(?<![A-Za-z0-9+/])RWRCSwAAA[A-Za-z0-9+/]{129,130}={0,2}(?![A-Za-z0-9+/=_])/,
    window: { before: 0, after: 132 },
    next: { of: 'A-Za-z0-9+/', least: 129 },
    validate: signingKey,
  },
  {
    id: 'wireguard-key',
    title: 'WireGuard private or preshared key',
    severity: 'high',
    remediation:
      "Create a new key with `wg genkey` or `wg genpsk`, then update the peer's entry on the other side.",
    source: 'https://www.wireguard.com/quickstart/',
    keywords: [
      'PrivateKey',
      'PresharedKey',
      'wireguard_private_key',
      'WIREGUARD_PRIVATE_KEY',
      'WIREGUARD_PRESHARED_KEY',
      'wg_private_key',
      'WG_PRIVATE_KEY',
      'preshared_key',
      'preshared-key',
      'private-key',
    ],
    pattern: new RegExp(
      `(?<name>PrivateKey|PresharedKey|(?:wireguard|wg)_private_key|(?:WIREGUARD|WG)_PRIVATE_KEY|WIREGUARD_PRESHARED_KEY|preshared[_-]key|private-key)${ASSIGNED}(?<secret>[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=)(?![A-Za-z0-9+/=_])`,
    ),
    window: { before: 0, after: 160 },
    validate: wireGuardKey,
  },
  {
    id: 'openvpn-static-key',
    title: 'OpenVPN static key',
    severity: 'high',
    remediation: 'Create a new key with `openvpn --genkey`, then install it on all peers.',
    source: 'https://openvpn.net/community-docs/static-key-mini-howto.html',
    keywords: ['BEGIN OpenVPN '],
    pattern:
      /-----BEGIN OpenVPN (?:Static key V\d|tls-crypt-v2 (?:client|server) key)-----[A-Za-z0-9+/=\s\\]{64,4096}(?:-----END OpenVPN |(?![A-Za-z0-9+/=\s\\]))/,
    window: { before: 5, after: 4200 },
    next: { of: 'St', least: 1 },
    validate: (secret) => opaque(secret, secret.slice(50)),
  },
  {
    id: 'json-web-key',
    title: 'JSON Web Key (private)',
    severity: 'high',
    remediation: 'Remove the key from the key set, create a new one, and publish only its public part.',
    source: 'https://www.rfc-editor.org/rfc/rfc7517',
    keywords: ['"kty"', String.raw`"kty\"`],
    pattern: /\{[^{}]{0,4096}?"kty\\?"[^{}]{0,4096}\}/,
    window: { before: 4097, after: 4098 },
    validate: jsonWebKey,
  },
  {
    id: 'xml-rsa-private-key',
    title: 'RSA private key in XML',
    severity: 'high',
    remediation,
    source: 'https://learn.microsoft.com/en-us/dotnet/api/system.security.cryptography.rsa.toxmlstring',
    keywords: ['RSAKeyValue'],
    pattern:
      /(?:<|&lt;)RSAKeyValue(?:>|&gt;)[A-Za-z0-9+/=\s<>&;]{200,8192}?(?:<|&lt;)\/RSAKeyValue(?:>|&gt;)/,
    window: { before: 4, after: 8230 },
    next: { of: '>&', least: 1 },
    validate: xmlRsaKey,
  },
  {
    id: 'private-key-in-base64',
    title: 'Private key in base64',
    severity: 'high',
    remediation,
    source: 'https://www.rfc-editor.org/rfc/rfc7468',
    keywords: armourInBase64,
    pattern: new RegExp(
      `(?:${armourInBase64.map((text) => RegExp.escape(text)).join('|')})[A-Za-z0-9+/]{24,24000}(?:\\r?\\n[\\t ]{0,16}[A-Za-z0-9+/]{60,76}(?![A-Za-z0-9+/])){0,300}(?:\\r?\\n[\\t ]{0,16}[A-Za-z0-9+/]{1,75})?={0,2}`,
    ),
    window: { before: 0, after: 30_000 },
    validate: encodedPrivateKey,
  },
  {
    id: 'pkcs12-in-base64',
    title: 'PKCS #12 keystore in base64',
    severity: 'medium',
    remediation,
    source: 'https://www.rfc-editor.org/rfc/rfc7292',
    confidence: 'medium',
    keywords: ['pfx', 'p12', 'pkcs12', 'keystore'],
    caseless: true,
    pattern: new RegExp(
      `(?i:pfx|p12|pkcs12|keystore)[A-Za-z0-9_. -]{0,40}${ASSIGNED}(?<secret>MI[IJKM][A-Za-z0-9+/]{600,16000}={0,2})(?![A-Za-z0-9+/=_])`,
    ),
    window: { before: 0, after: 16_200 },
    next: [
      // What assigns may begin with blanks and the name of a type.
      { of: 'A-Za-z0-9_. -', least: 0, most: 80 },
      { of: '"\'`\\\\\\])>=:,|?<(+&\\t\\r\\n', least: 1 },
    ],
    validate: (secret) => opaque(secret, secret),
  },
];
