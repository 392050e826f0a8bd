/**
 * Private keys in text armour: PKCS#1, PKCS#8, SEC 1, DSA, OpenSSH and PGP. Public keys and certificates are
 * not secret.
 */
import type { Rule } from '../model/rule.ts';
import { privateKey } from '../validators/pem.ts';

const BLANK = '(?:[ +]|%(?:25)?20)';
const LABEL = `${BLANK}(?:[A-Z0-9]{2,12}${BLANK}){0,3}PRIVATE${BLANK}KEY(?:${BLANK}BLOCK)?`;

export const privateKeyRules: readonly Rule[] = [
  {
    id: 'private-key',
    title: 'Private key',
    severity: 'high',
    remediation:
      'Replace the key pair wherever the public key is trusted, then delete this file or protect it with a passphrase.',
    source: 'https://www.rfc-editor.org/rfc/rfc7468',
    keywords: ['PRIVATE KEY', 'PRIVATE%20KEY', 'PRIVATE%2520KEY', 'PRIVATE+KEY'],
    // BEGIN, up to 24 KiB of whatever carries the lines, END. Without an END the rest still counts, since half a key file is
    // half a leak: header lines (RFC 1421, RFC 4880), up to 16 KiB of base64 with what a string literal puts between
    // its lines. Nothing after BEGIN can fail, so nothing is tried twice.
    pattern: new RegExp(
      String.raw`-----BEGIN${LABEL}-----(?:(?:[^-]|-(?!----)){0,24000}-{0,3}-----END${LABEL}-----|(?:(?:[\s"'+,]|\\[nrt\\]){0,32}(?:Proc-Type|DEK-Info|Version|Comment|Hash|Charset): [^\r\n\\"]{0,120}){0,6}[A-Za-z0-9+/=\s\\"',]{0,16384})`,
    ),
    window: { before: 70, after: 24_100 },
    // A hyphen, or the blank before BLOCK.
    next: { of: ' %+-', least: 1 },
    validate: privateKey,
  },
];
