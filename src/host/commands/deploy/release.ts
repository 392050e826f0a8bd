/** An archive of a release, read and checked as a whole. Nothing is written. */
import { createHash } from 'node:crypto';
import { basename, dirname, join } from 'node:path';
import { TaskError, describeError } from '../../exit/task-error.ts';
import type { Os, ReadInput } from '../../platform/index.ts';
import { readArchive } from './archive/archive.ts';
import type { Entry } from './archive/entry.ts';
import { systemOf } from './executable-kind.ts';
import { minisignProblem } from './minisign.ts';
import { placesOf } from './places.ts';

const MAX_ARCHIVE_BYTES = 256 * 1024 * 1024;
const MAX_SUMS_BYTES = 64 * 1024;
const MAX_SIGNATURE_BYTES = 4096;
const SUMS = 'SHA256SUMS';
const SIGNATURE = `${SUMS}.minisig`;

/** What is installed together. */
export interface Version {
  readonly executable: Buffer;
  /** The job document's text. */
  readonly document: string;
}

export interface Release extends Version {
  /** Files beside the executable: their paths are relative to its folder. */
  readonly others: readonly Entry[];
}

export interface ReleaseOptions {
  readonly program: string;
  readonly os: Os;
  /** As Node spells it: `x64`, `arm64`. */
  readonly arch: string;
  readonly checksums: boolean;
  /** Of minisign: the list of checksums must be signed with it. */
  readonly publicKey: string | undefined;
  readonly readInput: ReadInput;
}

/** @throws TaskError `config` for an archive that is missing, damaged, of another program or for another system */
export async function readRelease(path: string, options: ReleaseOptions): Promise<Release> {
  const { program, os, arch, checksums, publicKey, readInput } = options;
  const archive = await readInput(path, { what: 'the archive', maxBytes: MAX_ARCHIVE_BYTES });
  if (checksums) compareWithSums(path, archive, await readSums(path, publicKey, readInput));
  const entries = await entriesOf(path, archive);
  const places = placesOf(program, os);
  const beside = `${places.bin.join('/')}/`;
  const documentPath = `Jobs/${places.document}`;
  const contentOf = (wanted: string) => entries.find((entry) => entry.path === wanted)?.content;
  const executable = contentOf(`${beside}${places.executable}`);
  const document = contentOf(documentPath);
  if (executable === undefined || document === undefined) {
    throw unusable(path, `contains no ${beside}${places.executable}; use the archive for ${os}-${arch}`);
  }
  const system = systemOf(executable);
  if (system !== undefined && system !== `${os}-${arch}`) {
    throw unusable(path, `is for ${system}; use the archive for ${os}-${arch}`);
  }
  const stray = entries.find((entry) => entry.path !== documentPath && !entry.path.startsWith(beside));
  if (stray !== undefined) throw unusable(path, `contains ${stray.path}, which no release of ${program} has`);
  const others = entries
    .filter((entry) => entry.content !== executable && entry.content !== document)
    .map((entry) => ({ ...entry, path: entry.path.slice(beside.length) }));
  return { executable, document: document.toString('utf8'), others };
}

async function entriesOf(path: string, archive: Buffer): Promise<Entry[]> {
  try {
    return await readArchive(basename(path), archive);
  } catch (error) {
    throw unusable(path, `is damaged or not a release archive: ${describeError(error)}`);
  }
}

/** The list of checksums beside an archive. @param publicKey with which it must be signed */
async function readSums(path: string, publicKey: string | undefined, readInput: ReadInput): Promise<string> {
  const read = async (name: string, what: string, maxBytes: number, otherwise: string) => {
    const file = join(dirname(path), name);
    if (await readInput.isThere(file, { what })) return await readInput(file, { what, maxBytes });
    throw unusable(
      path,
      `has no ${name} in the same folder; copy that file from the release, or ${otherwise}`,
    );
  };
  const sums = await read(SUMS, 'the list of checksums', MAX_SUMS_BYTES, 'use --no-checksums');
  if (publicKey !== undefined) {
    const signature = await read(SIGNATURE, 'the signature', MAX_SIGNATURE_BYTES, 'omit --public-key');
    const problem = minisignProblem(sums, signature.toString('utf8'), publicKey);
    if (problem !== undefined) {
      throw unusable(path, `cannot be trusted: its ${SIGNATURE} ${problem}`);
    }
  }
  return sums.toString('utf8');
}

/** The list has the format of `sha256sum`: a hash, a space, a space or an asterisk, and a name. */
function compareWithSums(path: string, archive: Buffer, sums: string): void {
  const list = join(dirname(path), SUMS);
  const name = basename(path);
  const line = sums
    .split(/\r?\n/)
    .find((text) => text.slice(66) === name && /^[0-9a-f]{64} [ *]/i.test(text));
  if (line === undefined)
    throw unusable(path, `is not listed in ${list}; copy that file from the same release`);
  const hash = createHash('sha256').update(archive).digest('hex');
  if (line.slice(0, 64).toLowerCase() !== hash) {
    throw unusable(path, `does not match its checksum in ${list}; it is damaged or not the released file`);
  }
}

function unusable(path: string, problem: string): TaskError {
  return new TaskError('config', `the archive ${path} ${problem}`);
}
