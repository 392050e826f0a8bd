/**
 * Hashes of Windows' passwords, as tools print and take them. With some of them, one logs in without the password;
 * others must be guessed.
 */
import type { Rule } from '../model/rule.ts';
import { isDegenerate } from '../validators/opaque.ts';
import { type Verdict, accepted, doubtful, rejected } from '../model/verdict.ts';

const common = {
  severity: 'medium',
  remediation: 'Change the password of the account, and find out who collected the hash and why.',
} as const;

/** Of the empty password: Windows stores these for accounts without one. */
const empty = /^(?:31d6cfe0d16ae931b73c59d7e0c089c0|aad3b435b51404eeaad3b435b51404ee)$/i;

function hash(secret: string): Verdict {
  if (isDegenerate(secret.slice(-32))) return rejected;
  if (empty.test(secret)) return doubtful('hash of the empty password');
  return accepted('hash, not the password itself');
}

const HEX = '[0-9a-fA-F]';

export const windowsHashRules: readonly Rule[] = [
  {
    ...common,
    id: 'ntlm-hash',
    title: 'NTLM password hash',
    confidence: 'medium',
    source: 'https://learn.microsoft.com/en-us/openspecs/windows_protocols/ms-nlmp/',
    keywords: ['NTLM', 'ntlm', 'NTHASH', 'nthash', 'NThash', 'NT_HASH', 'nt_hash', '-hashes', '/rc4:'],
    // `* NTLM     : …`, `nt_hash = "…"`, `-hashes :…`, `/ntlm:…`.
    pattern: new RegExp(
      `(?:(?:NTLM|ntlm|NTHASH|nthash|NThash|NT_HASH|nt_hash)(?:[_ -]?(?:hash|HASH|Hash))?["']?[\\t ]{0,12}(?:=>?|:)[\\t ]{0,12}["']?|-hashes[\\t ]{1,4}["']?|\\/rc4:)(?:${HEX}{32})?:?(?<![0-9a-fA-F]{33})(?<secret>${HEX}{32})(?![0-9A-Za-z_])`,
    ),
    window: { before: 0, after: 110 },
    validate: hash,
  },
  {
    ...common,
    id: 'ntlm-response',
    title: 'NTLM authentication response',
    source: 'https://learn.microsoft.com/en-us/openspecs/windows_protocols/ms-nlmp/',
    keywords: [':0101000000000000', ':1122334455667788'],
    pattern: new RegExp(
      `(?<![!#-&(-\\\\^-~])[^\\s:"']{1,64}::[^\\s:"']{0,64}:(?<secret>${HEX}{16}:${HEX}{32}:0101000000000000${HEX}{40,2000}|${HEX}{48}:${HEX}{48}:1122334455667788)(?![0-9A-Za-z_])`,
    ),
    window: { before: 250, after: 2020 },
    validate: hash,
  },
  {
    ...common,
    id: 'kerberos-hash',
    title: 'Kerberos ticket encrypted with a password',
    source: 'https://www.rfc-editor.org/rfc/rfc4757',
    keywords: ['$krb5tgs$', '$krb5asrep$', '$krb5pa$'],
    pattern: new RegExp(
      `\\$krb5(?:tgs|asrep|pa)\\$(?:(?:17|18|23)\\$)?[^\\s"'<>]{1,300}?[$:](?<secret>${HEX}{24,64}(?:\\$${HEX}{32,6000})?)(?![0-9A-Za-z$_])`,
    ),
    window: { before: 0, after: 6400 },
    next: { of: '^\\s"\'<>', least: 26 },
    validate: hash,
  },
  {
    ...common,
    id: 'cached-domain-credential',
    title: 'Cached Windows domain credential',
    source: 'https://learn.microsoft.com/en-us/windows-server/security/kerberos/passwords-technical-overview',
    keywords: ['$DCC2$', '$DCC$'],
    pattern: new RegExp(`\\$DCC2?\\$(?:\\d{1,7}#)?[^\\s#"']{1,64}#(?<secret>${HEX}{32})(?![0-9A-Za-z_])`),
    window: { before: 0, after: 110 },
    validate: hash,
  },
];
