/** Which files a tar archive contains (POSIX.1-2017, "pax"; long names of GNU tar too). */

export interface TarEntry {
  readonly name: string;
  readonly content: Buffer;
}

const BLOCK = 512;
/** A regular file, in the ways in which archives say so. */
const FILE = /^[0\0 7]$/;

/** The regular files of an archive; ends where the archive is malformed. */
export function* tarEntries(archive: Buffer): Generator<TarEntry, void, undefined> {
  let longName: string | undefined;
  for (let at = 0; at + BLOCK <= archive.length;) {
    const header = archive.subarray(at, at + BLOCK);
    const size = Number.parseInt(textIn(header, 124, 12).trim() || '0', 8);
    const end = at + BLOCK + size;
    if (header[0] === 0 || !(size >= 0) || end > archive.length) return;
    const content = archive.subarray(at + BLOCK, end);
    const type = String.fromCharCode(header[156] ?? 0);
    if (type === 'x') longName = paxPath(content) ?? longName;
    else if (type === 'L') longName = textIn(content, 0, size);
    else {
      if (FILE.test(type)) yield { name: longName ?? nameIn(header), content };
      longName = undefined;
    }
    at = BLOCK * Math.ceil(end / BLOCK);
  }
}

function nameIn(header: Buffer): string {
  const prefix = textIn(header, 257, 5) === 'ustar' ? textIn(header, 345, 155) : '';
  return (prefix === '' ? '' : `${prefix}/`) + textIn(header, 0, 100);
}

/** Up to the first NUL. */
function textIn(bytes: Buffer, from: number, length: number): string {
  const field = bytes.subarray(from, from + length);
  const end = field.indexOf(0);
  return field.toString('utf8', 0, end < 0 ? field.length : end);
}

/** Records such as `27 path=package/README.md`, each ended by a line feed. */
function paxPath(records: Buffer): string | undefined {
  return /^\d+ path=(.*)$/m.exec(records.toString('utf8'))?.[1];
}
