/**
 * Private keys in PEM and OpenSSH armour (RFC 7468, RFC 1421, PROTOCOL.key of OpenSSH): is there a key within the
 * armour, and does it take a passphrase to use it. The armour is often found in source code and JSON, with `\n` spelled
 * out.
 */
import { type Verdict, accepted, doubtful, regraded, rejected } from './verdict.ts';
import { isDegenerate } from './opaque.ts';

/** Armour has lines of 64 characters (RFC 7468, section 2), and no key takes less than half of one. */
const SHORTEST_LINE = 32;

export function privateKey(secret: string): Verdict {
  const label = /^-----BEGIN ([A-Z0-9 ]+)-----/.exec(secret)?.[1];
  if (label === undefined) return rejected;
  const text = unescaped(secret.slice(label.length + 16));
  const headers = text.match(/^(?:\s*[A-Z][A-Za-z-]+: [^\n]*\n)*/)?.[0] ?? '';
  const body = /^\s*([A-Za-z0-9+/=\s]*)/.exec(text.slice(headers.length))?.[1] ?? '';
  const [line = ''] = body.split(/\s+/, 1);
  if (line.length < SHORTEST_LINE || isDegenerate(line)) return rejected;

  const evidence = [kindOf(label), ...(/-----END /.test(text) ? [] : ['no END line'])];
  const key = Buffer.from(body, 'base64');
  if (label.startsWith('PGP')) return accepted(...evidence);
  if (label.startsWith('OPENSSH')) return openSsh(key, evidence);
  if (label.startsWith('ENCRYPTED') || headers.includes('ENCRYPTED')) {
    return regraded('medium', ...evidence, 'encrypted');
  }
  // DER: a SEQUENCE holds every kind of key (RFC 5208, RFC 5915, RFC 8017).
  if (key[0] !== 0x30) {
    return doubtful(...evidence, 'structure does not parse');
  }
  return accepted(...evidence, 'not encrypted');
}

/** What the label says of the key. A label without a word of its own is the armour of PKCS#8. */
function kindOf(label: string): string {
  const kind = label.replace(/ ?PRIVATE KEY(?: BLOCK)?$/, '');
  return kind === '' || kind === 'ENCRYPTED' ? 'PKCS#8' : kind;
}

/** `openssh-key-v1`, NUL, then the cipher's name as a string with its length before it. */
function openSsh(key: Buffer, evidence: readonly string[]): Verdict {
  const magic = 'openssh-key-v1\0';
  if (key.length < 64 || key.toString('latin1', 0, magic.length) !== magic) {
    return doubtful(...evidence, 'structure does not parse');
  }
  const length = key.readUInt32BE(magic.length);
  const cipher = key.toString('latin1', magic.length + 4, magic.length + 4 + Math.min(length, 32));
  return cipher === 'none'
    ? accepted(...evidence, 'not encrypted')
    : regraded('medium', ...evidence, 'encrypted');
}

/** Real line breaks for spelled-out ones, and no quotes: what a program that holds the text would see. */
function unescaped(text: string): string {
  return text
    .replaceAll(/\\{1,2}[nr]/g, '\n')
    .replaceAll(/["'](?:\s{0,64}[+,])?(?:\s{0,64}["'])?/g, '')
    .replaceAll('\\', '');
}
