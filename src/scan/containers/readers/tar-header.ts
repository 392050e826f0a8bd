/** The headers of tar: one block for each file, and those of pax, which say more about the next one. */

export const BLOCK = 512;

export interface TarHeader {
  /** 'other' has contents that belong to no file. 'empty' is a folder, a link or a device. */
  readonly kind: 'file' | 'empty' | 'longName' | 'pax' | 'other';
  readonly name: string;
  readonly size: number;
  /** Blocks with more of the map of a sparse file follow. */
  readonly hasSparseMap: boolean;
}

/** @returns undefined if the block is no header */
export function readHeader(block: Buffer): TarHeader | undefined {
  const size = number(block, 124, 12);
  if (!isSumRight(block) || size === undefined) return undefined;
  const type = String.fromCharCode(block.readUInt8(156));
  const magic = text(block, 257, 6);
  const [name, prefix] = [text(block, 0, 100), magic === 'ustar' ? text(block, 345, 155) : ''];
  const kind = kindOf(type, name);
  return {
    kind,
    name: prefix === '' ? name : `${prefix}/${name}`,
    size: kind === 'empty' ? 0 : size,
    hasSparseMap: type === 'S' && block[482] === 1,
  };
}

function kindOf(type: string, name: string): TarHeader['kind'] {
  if (type === 'L') return 'longName';
  if (type === 'x' || type === 'X') return 'pax';
  // Defaults for all files, the target of a long link, the name of the volume, and the list of a folder.
  if ('gKVD'.includes(type)) return 'other';
  if ('123456'.includes(type) || name.endsWith('/')) return 'empty';
  return 'file';
}

/** The sum of all bytes, with spaces for itself; some programs added signed bytes. */
function isSumRight(block: Buffer): boolean {
  const expected = number(block, 148, 8);
  let [unsigned, signed] = [256, 256];
  for (let at = 0; at < BLOCK; at += 1) {
    if (at >= 148 && at < 156) continue;
    const byte = block[at] ?? 0;
    unsigned += byte;
    signed += byte < 0x80 ? byte : byte - 0x100;
  }
  return expected === unsigned || expected === signed;
}

/** Octal digits, or the number itself if the first bit is set. */
function number(block: Buffer, at: number, length: number): number | undefined {
  const bytes = block.subarray(at, at + length);
  if (bytes[0] === 0x80) return bytes.subarray(1).reduce((value, byte) => value * 256 + byte, 0);
  const digits = /^ *([0-7]*)[ \0]*$/.exec(bytes.toString('latin1'))?.[1];
  return digits === undefined ? undefined : Number.parseInt(`0${digits}`, 8);
}

function text(block: Buffer, at: number, length: number): string {
  const end = block.indexOf(0, at);
  return block.toString('utf8', at, end < 0 ? at + length : Math.min(end, at + length)).trimEnd();
}

/** What an extended header of pax says about the next file. */
export function paxFields(bytes: Buffer): { name?: string; size?: number; isSparse?: boolean } {
  const fields = new Map<string, string>();
  for (let at = 0; at < bytes.length;) {
    const length = Number(/^\d{1,7}(?= )/.exec(bytes.toString('latin1', at, at + 8))?.[0] ?? 0);
    if (length === 0) break;
    const [, key, value] = /^\d+ ([^=]*)=(.*)\n$/s.exec(bytes.toString('utf8', at, at + length)) ?? [];
    if (key !== undefined && value !== undefined) fields.set(key, value);
    at += length;
  }
  const name = fields.get('GNU.sparse.name') ?? fields.get('path');
  const size = Number(/^\d{1,15}$/.exec(fields.get('size') ?? '')?.[0] ?? -1);
  return {
    ...(name !== undefined && { name }),
    ...(size >= 0 && { size }),
    ...(fields.get('GNU.sparse.major') === '1' && { isSparse: true }),
  };
}
