/**
 * Containers with a few changed bytes: whatever a reader gets, it ends within its limits, throws only what it may throw, and yields small
 * pieces.
 */
import * as fc from 'fast-check';
import { containerSamples } from '../../fixtures/containers/samples.ts';
import { makeZip } from '../../fixtures/containers/make-archives.ts';
import {
  CONTENT_XML,
  DOCUMENT_XML,
  SHEET_XML,
  TEXTS_XML,
} from '../../fixtures/containers/office-documents.ts';
import { type ContainerReader, loadTools } from '../../src/scan/task-build.ts';
import { type FuzzProperty, fuzz, mutated, mutatedText } from './property.ts';

const { ContainerError, containerReaders } = await loadTools();
const readers = await containerReaders();

const MEMORY_BYTES = 4 * 1024 * 1024;
/** A reader is told to stop when it has produced this much, or this many entries, and must then end soon. */
const MAX_BYTES = 4 * 1024 * 1024;
const MAX_ENTRIES = 5000;
/** What it may produce after that: the pieces and entries that it had begun. */
const MAX_REST = 512 * 1024;
const MAX_PIECE = 300 * 1024;
const MAX_MS = 10_000;

/** Reads everything. @throws when a reader does what it must not do */
async function readAll(reader: ContainerReader, bytes: Buffer, pieceSize: number): Promise<void> {
  let [produced, entries] = [0, 0];
  const isOver = () => produced > MAX_BYTES || entries > MAX_ENTRIES;
  const start = performance.now();
  const check = () => {
    if (produced > MAX_BYTES + MAX_REST) throw new Error('goes on when it should end');
    if (performance.now() - start > MAX_MS) throw new Error('takes too long');
  };
  const limits = { memoryBytes: MEMORY_BYTES, isOver };
  const content =
    reader.needs === 'bytes'
      ? reader.read(inMemory(bytes), 'sample', limits)
      : reader.read(inPieces(bytes, pieceSize), 'sample', limits);
  await onlyContainerErrors(async () => {
    for await (const entry of content) {
      entries += 1;
      check();
      const { content: source } = entry;
      if (typeof source === 'string') continue;
      await onlyContainerErrors(async () => {
        for await (const { length } of source) {
          produced += length;
          if (length > MAX_PIECE) throw new Error(`a piece of ${length} bytes`);
          check();
        }
      });
    }
  });
}

async function onlyContainerErrors(action: () => Promise<void>): Promise<void> {
  try {
    await action();
  } catch (error) {
    if (!(error instanceof ContainerError)) throw error;
  }
}

function inMemory(bytes: Buffer) {
  return {
    size: bytes.length,
    read(target: Uint8Array, offset: number, length: number, position: number) {
      if (!(position >= 0 && length >= 0 && offset >= 0 && offset + length <= target.length)) {
        throw new Error(`reads ${length} bytes at ${position}`);
      }
      return bytes.copy(
        target,
        offset,
        Math.min(position, bytes.length),
        Math.min(position + length, bytes.length),
      );
    },
  };
}

/** Uses the same memory for each piece, as a file's reader may do. */
async function* inPieces(bytes: Buffer, size: number): AsyncGenerator<Uint8Array> {
  const memory = Buffer.alloc(size);
  for (let at = 0; at < bytes.length; at += size) {
    await Promise.resolve();
    yield memory.subarray(0, bytes.copy(memory, 0, at, Math.min(at + size, bytes.length)));
  }
}

/** The containers of one reader, changed. */
function changed(name: string): fc.Arbitrary<Buffer> {
  const samples = containerSamples.filter(([reader]) => reader === name).map(([, bytes]) => bytes);
  if (samples.length === 0)
    throw new Error(`fixtures/containers/samples.ts: no sample for the reader ${name}`);
  return fc.oneof(mutated(samples, 3), mutated(samples, 30));
}

const damaged = [...readers].map(([name, reader]) =>
  fuzz(
    `a damaged container is read as far as it goes: ${name}`,
    1000,
    fc.tuple(changed(name), fc.constantFrom(1, 7, 500, 65_536)),
    async ([bytes, pieceSize]) => {
      await readAll(reader, bytes, pieceSize);
    },
  ),
);

/** A document of which every part that is read as text is the same. */
function documentOf(xml: string): Buffer {
  return makeZip({
    '[Content_Types].xml': '',
    'word/document.xml': xml,
    'xl/sharedStrings.xml': xml,
    'xl/worksheets/sheet1.xml': xml,
  });
}

export const containerProperties: readonly FuzzProperty[] = [
  ...damaged,
  fuzz(
    'a document with damaged XML is read as far as it goes',
    1000,
    mutatedText([DOCUMENT_XML, SHEET_XML, TEXTS_XML, CONTENT_XML], 8),
    async (xml) => {
      const reader = readers.get('zip');
      if (reader === undefined) throw new Error('there is no reader for zip');
      await readAll(reader, documentOf(xml), 1);
      await readAll(reader, makeZip({ mimetype: '', 'content.xml': xml }), 1);
    },
  ),
];
