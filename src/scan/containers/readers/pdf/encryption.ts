/** Decrypts documents that anyone can open: those that have restrictions, but whose user password is empty (ISO 32000-2, section 7.6). */
import { createCipheriv, createDecipheriv, createHash } from 'node:crypto';
import { type ByteSource, ContainerError } from '../../container.ts';
import { type Dictionary, type ObjectId, isDictionary, nameIn, numberIn } from './values.ts';

type Method = 'none' | 'rc4' | 'aes-128' | 'aes-256';

/** Section 7.6.4.3.2: what fills up a password; an empty one consists of it. */
const PADDING = Buffer.from('28bf4e5e4e758a4164004e56fffa01082e2e00b6d0683e802f0ca9fe6453697a', 'hex');
const NOTHING = Buffer.alloc(0);

const md5 = (...parts: readonly Uint8Array[]) => createHash('md5').update(Buffer.concat(parts)).digest();
const sha = (bits: 256 | 384 | 512, ...parts: readonly Uint8Array[]) =>
  createHash(`sha${bits}`).update(Buffer.concat(parts)).digest();

export class Decryption {
  readonly #key: Buffer;
  readonly #streams: Method;
  readonly #strings: Method;
  readonly isMetadataEncrypted: boolean;

  /**
   * @param id the first of the document's two identifiers
   * @throws ContainerError `encrypted` if a password is needed, or the method is unknown
   */
  constructor(settings: Dictionary, id: string) {
    const version = numberIn(settings, 'V') ?? 0;
    this.isMetadataEncrypted = settings.get('EncryptMetadata') !== false;
    this.#streams = methodOf(settings, version, 'StmF');
    this.#strings = methodOf(settings, version, 'StrF');
    const revision = numberIn(settings, 'R') ?? 0;
    const key =
      revision >= 5 ? newKey(settings, revision) : oldKey(settings, revision, id, this.isMetadataEncrypted);
    if (nameIn(settings, 'Filter') !== 'Standard' || key === undefined)
      throw new ContainerError('encrypted', 'a password is needed');
    this.#key = key;
  }

  text(text: string, id: ObjectId): string {
    if (this.#strings === 'none') return text;
    const bytes = Buffer.from(text, 'latin1');
    const key = this.#keyOf(id, this.#strings);
    if (this.#strings === 'rc4') return new Rc4(key).next(bytes).toString('latin1');
    if (bytes.length < 32) return '';
    try {
      const decipher = createDecipheriv(`${this.#strings}-cbc`, key, bytes.subarray(0, 16));
      return Buffer.concat([decipher.update(bytes.subarray(16)), decipher.final()]).toString('latin1');
    } catch {
      return '';
    }
  }

  async *stream(source: ByteSource, id: ObjectId): ByteSource {
    const method = this.#streams;
    if (method === 'none') {
      yield* source;
      return;
    }
    const key = this.#keyOf(id, method);
    if (method === 'rc4') {
      const rc4 = new Rc4(key);
      for await (const piece of source) yield rc4.next(piece);
      return;
    }
    let start = NOTHING;
    let decipher: ReturnType<typeof createDecipheriv> | undefined;
    for await (const piece of source) {
      if (decipher !== undefined) {
        yield decipher.update(piece);
        continue;
      }
      start = Buffer.concat([start, piece]);
      if (start.length < 16) continue;
      decipher = createDecipheriv(`${method}-cbc`, key, start.subarray(0, 16)).setAutoPadding(false);
      yield decipher.update(start.subarray(16));
    }
  }

  /** Algorithms 1 and 1.A. */
  #keyOf({ number, generation }: ObjectId, method: Method): Buffer {
    if (method === 'aes-256') return this.#key;
    const suffix = Buffer.alloc(5);
    suffix.writeUIntLE(number & 0xff_ffff, 0, 3);
    suffix.writeUInt16LE(generation & 0xffff, 3);
    const salt = method === 'aes-128' ? Buffer.from('sAlT') : NOTHING;
    return md5(this.#key, suffix, salt).subarray(0, Math.min(this.#key.length + 5, 16));
  }
}

function methodOf(settings: Dictionary, version: number, key: string): Method {
  if (version < 4) return 'rc4';
  const all = settings.get('CF');
  const name = nameIn(settings, key);
  const filter = isDictionary(all) ? all.get(name) : undefined;
  if (name === '' || name === 'Identity' || !isDictionary(filter)) return 'none';
  const method = nameIn(filter, 'CFM');
  const found = { V2: 'rc4', AESV2: 'aes-128', AESV3: 'aes-256', None: 'none' } as const;
  const known = Object.entries(found).find(([name]) => name === method);
  if (known === undefined) throw new ContainerError('encrypted', 'the method of encryption is unknown');
  return known[1];
}

function bytesOf(settings: Dictionary, key: string, length: number): Buffer {
  const value = settings.get(key);
  return Buffer.from(typeof value === 'string' ? value : '', 'latin1').subarray(0, length);
}

/** Algorithms 2, 4 and 5. @returns undefined if the password is not empty */
function oldKey(
  settings: Dictionary,
  revision: number,
  id: string,
  isMetadataEncrypted: boolean,
): Buffer | undefined {
  const length = revision === 2 ? 5 : Math.min(16, Math.max(5, (numberIn(settings, 'Length') ?? 40) / 8));
  const permissions = Buffer.alloc(4);
  permissions.writeInt32LE((numberIn(settings, 'P') ?? 0) | 0);
  const idBytes = Buffer.from(id, 'latin1');
  const marker = revision >= 4 && !isMetadataEncrypted ? Buffer.alloc(4, 0xff) : NOTHING;
  let key: Buffer = md5(PADDING, bytesOf(settings, 'O', 32), permissions, idBytes, marker);
  if (revision >= 3) for (let round = 0; round < 50; round += 1) key = md5(key.subarray(0, length));
  key = key.subarray(0, length);
  const expected = bytesOf(settings, 'U', revision === 2 ? 32 : 16);
  let actual: Buffer = revision === 2 ? PADDING : md5(PADDING, idBytes);
  for (let round = 0; round < (revision === 2 ? 1 : 20); round += 1) {
    actual = new Rc4(key.map((byte) => byte ^ round)).next(actual);
  }
  return actual.equals(expected) ? key : undefined;
}

/** Algorithm 2.A, with an empty password. */
function newKey(settings: Dictionary, revision: number): Buffer | undefined {
  const user = bytesOf(settings, 'U', 48);
  const hash = (salt: Buffer) => (revision === 5 ? sha(256, salt) : hardened(salt));
  if (user.length < 48 || !hash(user.subarray(32, 40)).equals(user.subarray(0, 32))) return undefined;
  const wrapped = bytesOf(settings, 'UE', 32);
  if (wrapped.length < 32) return undefined;
  const decipher = createDecipheriv(
    'aes-256-cbc',
    hash(user.subarray(40, 48)),
    Buffer.alloc(16),
  ).setAutoPadding(false);
  return decipher.update(wrapped);
}

/** Algorithm 2.B, with an empty password. */
function hardened(salt: Buffer): Buffer {
  let key = sha(256, salt);
  for (let round = 0, last = 0; round < 64 || last > round - 32; round += 1) {
    const text = Buffer.concat(Array.from({ length: 64 }, () => key));
    const cipher = createCipheriv('aes-128-cbc', key.subarray(0, 16), key.subarray(16, 32)).setAutoPadding(
      false,
    );
    const encrypted = cipher.update(text);
    const remainder = encrypted.subarray(0, 16).reduce((sum, byte) => sum + byte, 0) % 3;
    key = sha(remainder === 0 ? 256 : remainder === 1 ? 384 : 512, encrypted);
    last = encrypted.at(-1) ?? 0;
  }
  return key.subarray(0, 32);
}

/** The cipher that old documents use. It is not among those that every build of OpenSSL has. */
class Rc4 {
  readonly #state = Uint8Array.from({ length: 256 }, (_, index) => index);
  #i = 0;
  #j = 0;

  constructor(key: Uint8Array) {
    for (let i = 0, j = 0; i < 256; i += 1) {
      j = (j + (this.#state[i] ?? 0) + (key[i % key.length] ?? 0)) & 0xff;
      this.#swap(i, j);
    }
  }

  next(bytes: Uint8Array): Buffer {
    const out = Buffer.from(bytes);
    for (let at = 0; at < out.length; at += 1) {
      this.#i = (this.#i + 1) & 0xff;
      this.#j = (this.#j + (this.#state[this.#i] ?? 0)) & 0xff;
      this.#swap(this.#i, this.#j);
      const sum = ((this.#state[this.#i] ?? 0) + (this.#state[this.#j] ?? 0)) & 0xff;
      out[at] = (out[at] ?? 0) ^ (this.#state[sum] ?? 0);
    }
    return out;
  }

  #swap(i: number, j: number): void {
    const value = this.#state[i] ?? 0;
    this.#state[i] = this.#state[j] ?? 0;
    this.#state[j] = value;
  }
}
