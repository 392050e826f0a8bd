/** For which system an executable was built, from the first bytes of its format. */

const ELF_MACHINES: Readonly<Record<number, string>> = { 62: 'linux-x64', 183: 'linux-arm64' };
/** `cputype` of `<mach/machine.h>`. */
const MACH_O_CPUS: Readonly<Record<number, string>> = { 0x100_0007: 'macOS-x64', 0x100_000c: 'macOS-arm64' };
/** `IMAGE_FILE_HEADER.Machine` of the PE format. */
const PE_MACHINES: Readonly<Record<number, string>> = { 0x8664: 'windows-x64', 0xaa64: 'windows-arm64' };

const ELF = 0x7f45_4c46;
const MACH_O_64 = 0xfeed_facf;
const PE_OFFSET_AT = 0x3c;
const FEW_BYTES = 64;

/** `linux-x64`, `macOS-arm64` ...; undefined for a script or an unknown format. */
export function systemOf(executable: Buffer): string | undefined {
  if (executable.length < FEW_BYTES) return undefined;
  if (executable.readUInt32BE(0) === ELF) return ELF_MACHINES[executable.readUInt16LE(18)];
  if (executable.readUInt32LE(0) === MACH_O_64) return MACH_O_CPUS[executable.readUInt32LE(4)];
  if (executable.toString('latin1', 0, 2) !== 'MZ') return undefined;
  const header = executable.readUInt32LE(PE_OFFSET_AT);
  if (header + 6 > executable.length) return undefined;
  return PE_MACHINES[executable.readUInt16LE(header + 4)];
}
