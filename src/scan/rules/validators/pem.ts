/**
 * Private keys in PEM and OpenSSH armour (RFC 7468, RFC 1421, PROTOCOL.key of OpenSSH): does the armour contain a
 * key, of which kind and size, and does using it require a passphrase? The armour is often found in source code and
 * JSON, with `\n` spelled out.
 */
import { type KeyObject, createPrivateKey } from 'node:crypto';
import { type Verdict, accepted, doubtful, proven, regraded, rejected, sample } from '../model/verdict.ts';
import type { MatchContext } from '../model/rule.ts';
import { type ArmourBody, resolved, undecorated } from './armour.ts';
import { isDegenerate } from './opaque.ts';

/** Armour has lines of 64 characters (RFC 7468, section 2), and no key fits into less than half of one. */
const SHORTEST_LINE = 32;

/** @param context of the match, if it stands in a file */
export function privateKey(secret: string, { before = '' }: Partial<MatchContext> = {}): Verdict {
  const text = resolved(secret);
  const label = /^-----BEGIN[ +]([A-Z0-9 +]+)-----/.exec(text)?.[1]?.replaceAll('+', ' ');
  if (label === undefined) return rejected;
  const end = /-----END[ +][A-Z0-9 +]{1,60}-----/.exec(text)?.index;
  const inner = text.slice(label.length + 16, end);
  const plain = unescaped(inner);
  const headers = plain.match(/^(?:\s*[A-Z][A-Za-z-]+: [^\n]*\n)*/)?.[0] ?? '';
  const body = /^\s*([A-Za-z0-9+/=\s]*)/.exec(plain.slice(headers.length))?.[1] ?? '';
  const isWhole =
    end !== undefined && /^[\s"'+,;]*$/.test(plain.slice(headers.length).trimStart().slice(body.length));
  const verdict = judged({ label, headers, body, isWhole });
  if (end === undefined || (isWhole && verdict.ok && verdict.severity !== 'low')) return verdict;
  const carried = undecorated(inner, before);
  const other = judged({ ...carried, label, isWhole: true });
  return other.ok && (other.severity !== 'low' || carried.isRegular) ? other : verdict;
}

/** The parts of armour. */
interface Armour extends Pick<ArmourBody, 'headers' | 'body'> {
  readonly label: string;
  /** It has its last line. */
  readonly isWhole: boolean;
}

function judged({ label, headers, body, isWhole }: Armour): Verdict {
  const [line = ''] = body.trimStart().split(/\s+/, 1);
  if (line.length < SHORTEST_LINE || isDegenerate(line)) return rejected;
  const evidence = isWhole ? [] : ['no END line'];
  const key = Buffer.from(body, 'base64');
  if (label.startsWith('PGP')) return accepted('PGP', ...evidence);
  if (label.startsWith('OPENSSH')) return openSsh(key, evidence);
  if (label.startsWith('ENCRYPTED') || headers.includes('ENCRYPTED')) {
    return regraded('medium', kindOf(label), ...evidence, 'encrypted');
  }
  // DER: a SEQUENCE holds every kind of key (RFC 5208, RFC 5915, RFC 8017).
  if (key[0] !== 0x30) return doubtful(kindOf(label), ...evidence, 'invalid structure');
  if (!isWhole) return accepted(kindOf(label), ...evidence, 'not encrypted');
  const lines = linesOf(key);
  const kind = parsedKind(label, lines);
  if (kind === undefined) return doubtful(kindOf(label), 'invalid structure');
  // Anybody can derive it from the public key.
  if (/^(?:RSA|DSA) [1-7]?\d{1,2}$/.test(kind)) return sample(kind, 'too short for a key in use');
  return { ...proven(kind, 'not encrypted'), canonical: armoured(label, lines) };
}

/** What the label says about the key. A label without a word of its own is the armour of PKCS#8. */
function kindOf(label: string): string {
  const kind = label.replace(/ ?PRIVATE KEY(?: BLOCK)?$/, '');
  return kind === '' || kind === 'ENCRYPTED' ? 'PKCS#8' : kind;
}

/** The kind and size of a key that parses: `RSA 2048`. The armour's size, 16 KiB, bounds the work. */
function parsedKind(label: string, lines: readonly string[]): string | undefined {
  try {
    return describeKey(createPrivateKey(armoured(label, lines)));
  } catch {
    return undefined;
  }
}

/** The lines of a key, as RFC 7468 has them and as tools write them, however a text escapes or breaks them. */
function linesOf(key: Buffer): readonly string[] {
  return key.toString('base64').match(/.{1,64}/g) ?? [];
}

function armoured(label: string, lines: readonly string[]): string {
  return [`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`].join('\n');
}

/** The kind and size of a key. */
export function describeKey({ asymmetricKeyType: type, asymmetricKeyDetails: details }: KeyObject): string {
  const name = type === 'rsa' || type === 'ec' || type === 'dsa' ? type.toUpperCase() : type;
  return [name, details?.modulusLength ?? details?.namedCurve ?? ''].join(' ').trim();
}

/** `openssh-key-v1`, NUL, then strings with their length before them: cipher, derivation, its options; a count; public key. */
function openSsh(key: Buffer, evidence: readonly string[]): Verdict {
  const magic = 'openssh-key-v1\0';
  if (key.length < 64 || key.toString('latin1', 0, magic.length) !== magic) {
    return doubtful('OPENSSH', ...evidence, 'invalid structure');
  }
  let at = magic.length;
  const next = () => {
    const length = at + 4 <= key.length ? key.readUInt32BE(at) : 0;
    const value = key.subarray(at + 4, at + 4 + length);
    at += 4 + length;
    return value;
  };
  const cipher = next().toString('latin1');
  next();
  next();
  at += 4;
  const type = next().toString('latin1', 4, 24);
  const kind = /^(?:ssh-(?:rsa|dss|ed25519)|ecdsa-sha2-nistp\d{3})/.exec(type)?.[0] ?? 'key';
  return cipher === 'none'
    ? accepted(`OPENSSH ${kind}`, ...evidence, 'not encrypted')
    : regraded('medium', `OPENSSH ${kind}`, ...evidence, 'encrypted');
}

/** Removes quotes and what concatenates: the text as a program would see it. */
function unescaped(text: string): string {
  return text.replaceAll(/["'](?:\s{0,64}[+,])?(?:\s{0,64}["'])?/g, '').replaceAll('\\', '');
}
