/**
 * Private keys in text armour: PKCS#1, PKCS#8, SEC 1, DSA, OpenSSH and PGP. Public keys and certificates are
 * not secret.
 */
import type { Rule } from '../model/rule.ts';
import { privateKey } from '../validators/pem.ts';

export const privateKeyRules: readonly Rule[] = [
  {
    id: 'private-key',
    title: 'Private key',
    severity: 'high',
    remediation:
      'Replace the key pair wherever the public key is trusted, then delete this file or protect it with a passphrase.',
    source: 'https://www.rfc-editor.org/rfc/rfc7468',
    keywords: ['PRIVATE KEY'],
    // BEGIN, header lines (RFC 1421, RFC 4880), up to 16 KiB of base64 with whatever a string literal puts between its
    // lines, END. Without an END the rest still counts: half a key file is half a leak. Nothing after BEGIN can fail, so
    // nothing is tried twice.
    pattern:
      /-----BEGIN (?:[A-Z0-9]{2,12} ){0,3}PRIVATE KEY(?: BLOCK)?-----(?:(?:[\s"'+,]|\\[nrt\\]){0,32}(?:Proc-Type|DEK-Info|Version|Comment|Hash|Charset): [^\r\n\\"]{0,120}){0,6}[A-Za-z0-9+/=\s\\"',]{0,16384}(?:-----END (?:[A-Z0-9]{2,12} ){0,3}PRIVATE KEY(?: BLOCK)?-----)?/,
    window: { before: 52, after: 17_600 },
    // A hyphen, or the blank before BLOCK.
    next: { of: ' -', least: 1 },
    validate: privateKey,
  },
];
