/**
 * Removes the sections of a Linux executable that only a debugger needs, like `strip`: a fifth of a stock Node. Loaded sections, including
 * exported symbols, stay unchanged (System V ABI, "Object files").
 */

const ELF_64_LITTLE_ENDIAN = 0x464c457f;
const SECTION_HEADER_SIZE = 64;
const SHT_NOBITS = 8;
const SHF_ALLOC = 2;

interface Section {
  readonly header: Buffer;
  readonly isLoaded: boolean;
  readonly offset: number;
  /** Offset in the file. */
  readonly size: number;
}

/** @throws Error when the file is not a 64-bit ELF, or a loaded section follows one that is not loaded */
export function withoutSymbols(executable: Buffer): Buffer {
  if (executable.readUInt32LE(0) !== ELF_64_LITTLE_ENDIAN || executable.readUInt16LE(4) !== 0x0102)
    throw new Error('not a 64-bit ELF');
  const sections = sectionsOf(executable);
  const count = sections.findLastIndex(({ isLoaded }) => isLoaded) + 1;
  const loaded = sections.slice(0, count);
  const end = Math.max(...loaded.map(({ offset, size }) => offset + size));
  const names = sections[executable.readUInt16LE(62)];
  if (names === undefined || sections.slice(count).some(({ offset }) => offset < end))
    throw new Error('an ELF whose sections are not in the expected order');

  const headersAt = Math.ceil((end + names.size) / 8) * 8;
  const namesHeader = Buffer.from(names.header);
  namesHeader.writeBigUInt64LE(BigInt(end), 24);
  const stripped = Buffer.concat([
    executable.subarray(0, end),
    executable.subarray(names.offset, names.offset + names.size),
    Buffer.alloc(headersAt - end - names.size),
    ...loaded.map(({ header }) => header),
    namesHeader,
  ]);
  stripped.writeBigUInt64LE(BigInt(headersAt), 40);
  stripped.writeUInt16LE(count + 1, 60);
  stripped.writeUInt16LE(count, 62);
  return stripped;
}

function sectionsOf(file: Buffer): Section[] {
  const start = Number(file.readBigUInt64LE(40));
  return Array.from({ length: file.readUInt16LE(60) }, (_, index) => {
    const at = start + index * SECTION_HEADER_SIZE;
    const header = file.subarray(at, at + SECTION_HEADER_SIZE);
    return {
      header,
      isLoaded: (Number(header.readBigUInt64LE(8)) & SHF_ALLOC) !== 0,
      offset: Number(header.readBigUInt64LE(24)),
      size: header.readUInt32LE(4) === SHT_NOBITS ? 0 : Number(header.readBigUInt64LE(32)),
    };
  });
}
