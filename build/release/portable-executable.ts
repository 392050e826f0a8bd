/**
 * What a Windows executable says of itself, and its checksum (Microsoft, "PE Format", "VS_VERSIONINFO"). Reads and writes
 * bytes only; it signs nothing.
 */
import { taskBuild } from '../task.ts';
import manifest from '../../package.json' with { type: 'json' };

/** Numbers of entries in the optional header's table. */
const RESOURCES = 2;
const SECURITY = 4;
const RT_VERSION = 16;

/** What a person sees in the file's properties. */
const properties = {
  CompanyName: taskBuild.publisher,
  FileDescription: taskBuild.description,
  FileVersion: manifest.version,
  InternalName: taskBuild.name,
  LegalCopyright: manifest.license,
  OriginalFilename: `${taskBuild.name}.exe`,
  ProductName: taskBuild.title,
  ProductVersion: manifest.version,
} as const;

/** A stock Node that names this project and version in its properties, and without its signature, which that breaks. */
export function describeExecutable(node: Buffer): Buffer {
  const executable = withoutSignature(node);
  const { entry, offset, size } = versionResource(executable);
  const version = versionInfo();
  if (version.length > size)
    throw new Error(`the properties need ${version.length} bytes; there are ${size}`);
  executable.fill(0, offset, offset + size);
  version.copy(executable, offset);
  executable.writeUInt32LE(version.length, entry + 4);
  return writeChecksum(executable);
}

/** The same executable without a signature, and with its right checksum. */
export function withoutSignature(executable: Buffer): Buffer {
  const { directories } = headerOf(executable);
  const entry = directories + 8 * SECURITY;
  const start = executable.readUInt32LE(entry);
  const unsigned = Buffer.from(start === 0 ? executable : executable.subarray(0, start));
  unsigned.fill(0, entry, entry + 8);
  return writeChecksum(unsigned);
}

/** The PKCS #7 message of an Authenticode signature, if there is one. */
export function authenticodeSignature(executable: Buffer): Buffer | undefined {
  const { directories } = headerOf(executable);
  const start = executable.readUInt32LE(directories + 8 * SECURITY);
  if (start === 0) return undefined;
  return executable.subarray(start + 8, start + executable.readUInt32LE(start));
}

/** Writes the optional header's checksum: the file's 16-bit words added with carry, and its length. */
export function writeChecksum(executable: Buffer): Buffer {
  const { checksum } = headerOf(executable);
  executable.writeUInt32LE(0, checksum);
  let sum = 0;
  for (let at = 0; at < executable.length; at += 2) {
    sum += at + 1 < executable.length ? executable.readUInt16LE(at) : executable.readUInt8(at);
    sum = (sum & 0xffff) + (sum >>> 16);
  }
  executable.writeUInt32LE(sum + executable.length, checksum);
  return executable;
}

interface Header {
  /** Offset of the checksum. */
  readonly checksum: number;
  /** Offset of the table of directories: 8 bytes each, address and size. */
  readonly directories: number;
  /** Offset of the table of sections, and their number. */
  readonly sections: number;
  readonly sectionCount: number;
}

function headerOf(file: Buffer): Header {
  const header = file.readUInt32LE(0x3c);
  const optional = header + 24;
  if (file.readUInt32LE(header) !== 0x00004550 || file.readUInt16LE(optional) !== 0x20b) {
    throw new Error('no 64-bit Windows executable');
  }
  return {
    checksum: optional + 64,
    directories: optional + 112,
    sections: optional + file.readUInt16LE(header + 20),
    sectionCount: file.readUInt16LE(header + 6),
  };
}

/** Where in the file an address of the loaded executable is. */
function offsetOf(file: Buffer, address: number): number {
  const { sections, sectionCount } = headerOf(file);
  for (let at = sections; at < sections + 40 * sectionCount; at += 40) {
    const within = address - file.readUInt32LE(at + 12);
    if (within >= 0 && within < file.readUInt32LE(at + 16)) return file.readUInt32LE(at + 20) + within;
  }
  throw new Error(`no section has the address ${address}`);
}

/** The first version resource: the offset of its entry (address and size), and where its bytes are. */
function versionResource(file: Buffer): { entry: number; offset: number; size: number } {
  const root = offsetOf(file, file.readUInt32LE(headerOf(file).directories + 8 * RESOURCES));
  // Three levels: kind, name, language. The first of each of the last two will do.
  let table = root;
  for (const wanted of [RT_VERSION, undefined, undefined]) {
    const count = file.readUInt16LE(table + 12) + file.readUInt16LE(table + 14);
    const entries = Array.from({ length: count }, (_, index) => table + 16 + 8 * index);
    const found = entries.find((entry) => wanted === undefined || file.readUInt32LE(entry) === wanted);
    if (found === undefined) throw new Error('no version resource');
    table = root + (file.readUInt32LE(found + 4) & 0x7fffffff);
  }
  return {
    entry: table,
    offset: offsetOf(file, file.readUInt32LE(table)),
    size: file.readUInt32LE(table + 4),
  };
}

/** `VS_VERSIONINFO` for American English in Unicode. */
function versionInfo(): Buffer {
  const [major = 0, minor = 0, patch = 0] = manifest.version
    .split('.')
    .map((part) => Number.parseInt(part, 10));
  const version = [major * 0x10000 + minor, patch * 0x10000];
  // Signature, structure version, file version, product version, mask, flags, NT, application, no subtype, no date.
  const fixed = words([0xfeef04bd, 0x10000, ...version, ...version, 0x3f, 0, 0x40004, 1, 0, 0, 0]);
  const strings = Object.entries(properties).map(([key, text]) =>
    block(key, 1, Buffer.from(`${text}\0`, 'utf16le')),
  );
  return block('VS_VERSION_INFO', 0, fixed, [
    block('StringFileInfo', 1, undefined, [block('040904b0', 1, undefined, strings)]),
    block('VarFileInfo', 1, undefined, [block('Translation', 0, words([0x04b00409]))]),
  ]);
}

/** Length, length of the value (in characters for text, kind 1), kind, key, value, children; parts begin at 4 bytes. */
function block(
  key: string,
  kind: 0 | 1,
  value: Buffer = Buffer.alloc(0),
  children: readonly Buffer[] = [],
): Buffer {
  const head = Buffer.alloc(6);
  const parts = [Buffer.concat([head, Buffer.from(`${key}\0`, 'utf16le')]), value, ...children];
  const padded = parts.map((part, index) => (index < parts.length - 1 ? pad(part) : part));
  const whole = Buffer.concat(padded);
  whole.writeUInt16LE(whole.length, 0);
  whole.writeUInt16LE(kind === 1 ? value.length / 2 : value.length, 2);
  whole.writeUInt16LE(kind, 4);
  return whole;
}

function pad(part: Buffer): Buffer {
  return Buffer.concat([part, Buffer.alloc(-part.length & 3)]);
}

function words(values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(values.length * 4);
  for (const [index, value] of values.entries()) bytes.writeUInt32LE(value, index * 4);
  return bytes;
}
