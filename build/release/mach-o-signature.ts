/**
 * An ad-hoc signature for a 64-bit Mach-O executable, made without Apple's tools. The kernel of an arm64 Mac requires one for every
 * executable. Like a checksum, it does not identify the author of the file. The structures are Apple's `mach-o/loader.h`
 * and `kern/cs_blobs.h` (xnu). There is no hardened runtime: it would need entitlements for V8's compiler.
 */
import { taskBuild } from '../task.ts';
import { createHash } from 'node:crypto';
import {
  HEADER_SIZE,
  LC_CODE_SIGNATURE,
  LC_SEGMENT_64,
  type Segment,
  commandsEndOf,
  loadCommandsOf,
  resizeSegment,
  roundUp,
  segmentAt,
} from './mach-o.ts';

const SIGNATURE_COMMAND_SIZE = 16;

const CSMAGIC_EMBEDDED_SIGNATURE = 0xfade0cc0;
const CSMAGIC_CODEDIRECTORY = 0xfade0c02;
const CSMAGIC_REQUIREMENTS = 0xfade0c01;
const CSMAGIC_BLOBWRAPPER = 0xfade0b01;
const CSSLOT_CODEDIRECTORY = 0;
const CSSLOT_REQUIREMENTS = 2;
const CSSLOT_SIGNATURESLOT = 0x10000;
/** The version that supports the executable segment. */
const CS_SUPPORTSEXECSEG = 0x20400;
const CS_ADHOC = 2;
const CS_HASHTYPE_SHA256 = 2;
const CS_EXECSEG_MAIN_BINARY = 1;

const CODE_DIRECTORY_SIZE = 88;
/** The signature's name for the program; the hashes follow its closing zero. */
const IDENTIFIER = taskBuild.name;
const HASHES = CODE_DIRECTORY_SIZE + IDENTIFIER.length + 1;
const HASH_SIZE = 32;
const PAGE_BITS = 12;
const PAGE = 1 << PAGE_BITS;

interface Layout {
  readonly text: Segment;
  readonly linkEdit: Segment;
  /** Where the load commands end. */
  readonly commandsEnd: number;
  /** Where the file's first section begins, which load commands must not reach. */
  readonly firstSection: number;
  /** Of `LC_CODE_SIGNATURE`, when the file has one: its load command, and where the signature begins. */
  readonly signature: { readonly command: number; readonly offset: number } | undefined;
}

/**
 * The executable with an ad-hoc signature instead of its previous one, if any. The same code gives the same bytes, whatever the previous
 * signature.
 * @throws Error when the file is not a 64-bit Mach-O or has no room for the load command
 */
export function signAdHoc(executable: Buffer): Buffer {
  const layout = layoutOf(executable);
  const { text, linkEdit } = layout;
  const codeEnd = layout.signature?.offset ?? linkEdit.offset + linkEdit.size;
  const codeLimit = roundUp(codeEnd, 16);
  const signatureSize = sizeOfSignature(codeLimit);
  const signed = Buffer.alloc(codeLimit + signatureSize);
  executable.copy(signed, 0, 0, codeEnd);

  const command = layout.signature?.command ?? addCommand(signed, layout);
  writeAll(signed, command, [LC_CODE_SIGNATURE, SIGNATURE_COMMAND_SIZE, codeLimit, signatureSize]);
  resizeSegment(signed, linkEdit, signed.length - linkEdit.offset);

  superBlob(signed.subarray(0, codeLimit), text).copy(signed, codeLimit);
  return signed;
}

/** The PKCS #7 message in the executable's signature; undefined when there is none, as in an ad-hoc one. */
export function appleSignature(executable: Buffer): Buffer | undefined {
  const offset = layoutOf(executable).signature?.offset;
  if (offset === undefined) return undefined;
  for (let index = 0; index < executable.readUInt32BE(offset + 8); index += 1) {
    const entry = offset + 12 + 8 * index;
    if (executable.readUInt32BE(entry) !== CSSLOT_SIGNATURESLOT) continue;
    const blob = offset + executable.readUInt32BE(entry + 4);
    const message = executable.subarray(blob + 8, blob + executable.readUInt32BE(blob + 4));
    if (message.length > 0) return message;
  }
  return undefined;
}

function layoutOf(file: Buffer): Layout {
  const commands = loadCommandsOf(file);
  const segments = commands.filter(({ kind }) => kind === LC_SEGMENT_64).map(({ at }) => segmentAt(file, at));
  const [text, linkEdit] = ['__TEXT', '__LINKEDIT'].map((name) => segments.find((one) => one.name === name));
  if (text === undefined || linkEdit === undefined) throw new Error('a Mach-O without __TEXT or __LINKEDIT');
  const end = linkEdit.offset + linkEdit.size;
  if (end !== file.length) throw new Error(`__LINKEDIT ends at ${end}, the file at ${file.length}`);
  // Sections of zeros take no space in the file.
  const sections = segments.flatMap(({ command }) => sectionOffsets(file, command)).filter(Boolean);
  const signature = commands.find(({ kind }) => kind === LC_CODE_SIGNATURE);
  return {
    text,
    linkEdit,
    commandsEnd: commandsEndOf(file),
    firstSection: Math.min(file.length, ...sections),
    signature: signature && { command: signature.at, offset: file.readUInt32LE(signature.at + 8) },
  };
}

function sectionOffsets(file: Buffer, segment: number): number[] {
  const count = file.readUInt32LE(segment + 64);
  return Array.from({ length: count }, (_, index) => file.readUInt32LE(segment + 72 + index * 80 + 48));
}

/** Increments the number of load commands in the header and returns the new one's offset. */
function addCommand(file: Buffer, { commandsEnd, firstSection }: Layout): number {
  const end = commandsEnd + SIGNATURE_COMMAND_SIZE;
  if (end > firstSection) throw new Error('no room for the load command of a signature');
  writeAll(file, 16, [file.readUInt32LE(16) + 1, end - HEADER_SIZE]);
  return commandsEnd;
}

/** The fixed part, the identifier, and the hashes. */
function sizeOfDirectory(codeLimit: number): number {
  return HASHES + HASH_SIZE * (CSSLOT_REQUIREMENTS + Math.ceil(codeLimit / PAGE));
}

/** The super blob's head with three entries, the directory, empty requirements and an empty signature. */
function sizeOfSignature(codeLimit: number): number {
  return roundUp(12 + 3 * 8 + sizeOfDirectory(codeLimit) + 12 + 8, 16);
}

function superBlob(code: Buffer, text: Segment): Buffer {
  const requirements = bigEndian([CSMAGIC_REQUIREMENTS, 12, 0]);
  const blobs = [
    { slot: CSSLOT_CODEDIRECTORY, blob: codeDirectory(code, text, requirements) },
    { slot: CSSLOT_REQUIREMENTS, blob: requirements },
    { slot: CSSLOT_SIGNATURESLOT, blob: bigEndian([CSMAGIC_BLOBWRAPPER, 8]) },
  ];
  let end = 12 + 8 * blobs.length;
  const index = blobs.flatMap(({ slot, blob }) => {
    const offset = end;
    end += blob.length;
    return [slot, offset];
  });
  const head = bigEndian([CSMAGIC_EMBEDDED_SIGNATURE, end, blobs.length, ...index]);
  return Buffer.concat([head, ...blobs.map(({ blob }) => blob)]);
}

/** The hash of each page, and before them, counted backwards, those of the requirements and of an Info.plist (none). */
function codeDirectory(code: Buffer, text: Segment, requirements: Buffer): Buffer {
  const hashOffset = HASHES + CSSLOT_REQUIREMENTS * HASH_SIZE;
  const directory = Buffer.alloc(sizeOfDirectory(code.length));
  bigEndian([
    CSMAGIC_CODEDIRECTORY,
    directory.length,
    CS_SUPPORTSEXECSEG,
    CS_ADHOC,
    hashOffset,
    CODE_DIRECTORY_SIZE, // where the identifier is
    CSSLOT_REQUIREMENTS, // special slots
    Math.ceil(code.length / PAGE),
    code.length,
  ]).copy(directory);
  directory.set([HASH_SIZE, CS_HASHTYPE_SHA256, 0, PAGE_BITS], 36);
  // From 40 on: no scatter vector, no team, no 64-bit limit.
  directory.writeBigUInt64BE(BigInt(text.offset), 64);
  directory.writeBigUInt64BE(BigInt(text.size), 72);
  directory.writeBigUInt64BE(BigInt(CS_EXECSEG_MAIN_BINARY), 80);
  directory.write(IDENTIFIER, CODE_DIRECTORY_SIZE, 'latin1');
  sha256(requirements).copy(directory, HASHES);
  for (let page = 0; page * PAGE < code.length; page += 1) {
    sha256(code.subarray(page * PAGE, (page + 1) * PAGE)).copy(directory, hashOffset + page * HASH_SIZE);
  }
  return directory;
}

function sha256(bytes: Buffer): Buffer {
  return createHash('sha256').update(bytes).digest();
}

function bigEndian(words: readonly number[]): Buffer {
  const bytes = Buffer.alloc(words.length * 4);
  for (const [index, word] of words.entries()) bytes.writeUInt32BE(word, index * 4);
  return bytes;
}

/** Load commands are in the byte order of the machine, blobs of a signature in the network's. */
function writeAll(file: Buffer, at: number, words: readonly number[]): void {
  for (const [index, word] of words.entries()) file.writeUInt32LE(word, at + index * 4);
}
