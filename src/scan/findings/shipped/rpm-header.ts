/**
 * What the database of rpm keeps of a package: a header of tags (rpm's "RPM V4 package format", `doc/manual/format_v4.md`, and
 * "RPM Tag Listing").
 */

/** A file of a package. */
export interface PackagedFile {
  readonly package: string;
  readonly digest: string;
  readonly algorithm: 'md5' | 'sha256' | 'sha512';
}

const TAG = {
  name: 1000,
  version: 1001,
  release: 1002,
  digests: 1035,
  folderOf: 1116,
  names: 1117,
  folders: 1118,
  algorithm: 5011,
} as const;
/** By the number that OpenPGP gives it (RFC 4880, section 9.4); 1 where the tag is missing. */
const algorithms = new Map<number, PackagedFile['algorithm']>([
  [1, 'md5'],
  [8, 'sha256'],
  [10, 'sha512'],
]);

/** A file of a package, if the package has this path. @param index the file's number in the package */
export function packagedFile(header: Buffer, index: number, path: string): PackagedFile | undefined {
  const tags = new Tags(header);
  const folder = tags.text(TAG.folders, tags.number(TAG.folderOf, index));
  const algorithm = algorithms.get(tags.number(TAG.algorithm, 0) ?? 1);
  const digest = tags.text(TAG.digests, index);
  if (`${folder}${tags.text(TAG.names, index)}` !== path || algorithm === undefined) return undefined;
  if (digest === undefined || digest === '') return undefined;
  const release = `${tags.text(TAG.version, 0)}-${tags.text(TAG.release, 0)}`;
  return { package: `${tags.text(TAG.name, 0)} ${release}`, digest, algorithm };
}

const PREAMBLE_BYTES = 8;
const ENTRY_BYTES = 16;

class Tags {
  readonly #data: Buffer;
  readonly #offsets = new Map<number, { readonly at: number; readonly count: number }>();

  constructor(header: Buffer) {
    const count = header.length < PREAMBLE_BYTES ? 0 : header.readUInt32BE(0);
    const begin = PREAMBLE_BYTES + count * ENTRY_BYTES;
    this.#data = header.subarray(begin);
    for (let at = PREAMBLE_BYTES; at < begin && at + ENTRY_BYTES <= header.length; at += ENTRY_BYTES) {
      const [tag, offset] = [header.readUInt32BE(at), header.readUInt32BE(at + 8)];
      this.#offsets.set(tag, { at: offset, count: header.readUInt32BE(at + 12) });
    }
  }

  /** A number of 32 bits in an array of them. */
  number(tag: number, index: number): number | undefined {
    const { at, count } = this.#offsets.get(tag) ?? { at: 0, count: 0 };
    const place = at + 4 * index;
    return index < count && place + 4 <= this.#data.length ? this.#data.readUInt32BE(place) : undefined;
  }

  /** A text in an array of them, each ended by a NUL. */
  text(tag: number, index: number | undefined): string | undefined {
    const { at, count } = this.#offsets.get(tag) ?? { at: 0, count: 0 };
    if (index === undefined || index >= count) return undefined;
    let start = at;
    for (let skipped = 0; ; skipped += 1) {
      const end = this.#data.indexOf(0, start);
      if (end < 0) return undefined;
      if (skipped === index) return this.#data.toString('utf8', start, end);
      start = end + 1;
    }
  }
}
