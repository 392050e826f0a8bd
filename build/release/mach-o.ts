/** The load commands of a 64-bit Mach-O executable (Apple, `mach-o/loader.h`). */

const MH_MAGIC_64 = 0xfeedfacf;
export const HEADER_SIZE = 32;
export const LC_SYMTAB = 0x2;
export const LC_DYSYMTAB = 0xb;
export const LC_SEGMENT_64 = 0x19;
export const LC_CODE_SIGNATURE = 0x1d;
/** Segments end at pages of an arm64 machine, which x64 accepts too. */
const SEGMENT_PAGE = 0x4000;

export interface LoadCommand {
  readonly kind: number;
  /** Where it is in the file. */
  readonly at: number;
}

export interface Segment {
  readonly name: string;
  /** Where its load command is. */
  readonly command: number;
  readonly offset: number;
  readonly size: number;
}

/** @throws Error when the file is not a 64-bit Mach-O */
export function loadCommandsOf(file: Buffer): LoadCommand[] {
  if (file.length < HEADER_SIZE || file.readUInt32LE(0) !== MH_MAGIC_64)
    throw new Error('not a 64-bit Mach-O');
  const commands: LoadCommand[] = [];
  for (let at = HEADER_SIZE; at < commandsEndOf(file); at += file.readUInt32LE(at + 4)) {
    commands.push({ kind: file.readUInt32LE(at), at });
  }
  return commands;
}

/** Where the load commands end. */
export function commandsEndOf(file: Buffer): number {
  return HEADER_SIZE + file.readUInt32LE(20);
}

/** Reads the `LC_SEGMENT_64` at this offset. */
export function segmentAt(file: Buffer, command: number): Segment {
  return {
    name: file.toString('latin1', command + 8, command + 24).replace(/\0.*/s, ''),
    command,
    offset: Number(file.readBigUInt64LE(command + 40)),
    size: Number(file.readBigUInt64LE(command + 48)),
  };
}

/** Writes into an `LC_SEGMENT_64` how many bytes of the file the segment has; in memory they fill whole pages. */
export function resizeSegment(file: Buffer, { command }: Segment, size: number): void {
  file.writeBigUInt64LE(BigInt(roundUp(size, SEGMENT_PAGE)), command + 32);
  file.writeBigUInt64LE(BigInt(size), command + 48);
}

export function roundUp(size: number, unit: number): number {
  return Math.ceil(size / unit) * unit;
}
