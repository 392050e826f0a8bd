/** Packs of git with changed bytes and changed deltas: whatever they contain, they are read in bounded steps, and only what is expected is thrown. */
import * as fc from 'fast-check';
import { BLOB, NOTHING, OFFSET_DELTA, REF_DELTA, copyOf, idOf, packOf } from '../../fixtures/git-packs.ts';
import { loadTools } from '../../src/scan/task-build.ts';
import { type FuzzProperty, fuzz, mutated } from './property.ts';

const { ContainerError, ObjectCache, PackReader } = await loadTools();

const CACHE_BYTES = 64 * 1024;
const MAX_MS = 10_000;

/** Reads all entries, and then all objects again, in the other direction. */
async function readAll(bytes: Buffer): Promise<void> {
  const start = performance.now();
  const fs = {
    read: (_: number, target: Uint8Array, offset: number, length: number, position = 0) =>
      bytes.copy(target, offset, position, position + length),
  };
  const offsets: number[] = [];
  const named = {
    offsetOf: (id: Buffer) => offsets[id[0] ?? 0],
    elsewhere: () => undefined,
  };
  const file = { fs, descriptor: 0, size: bytes.length };
  const reader = new PackReader(file, 20, named, new ObjectCache(CACHE_BYTES).of(0));
  try {
    for await (const entry of reader.entries()) {
      offsets.push(entry.offset);
      if (entry.kind === 'stream') for await (const _ of entry.content);
    }
    for (const offset of offsets.toReversed()) {
      const content = reader.contentAt(offset);
      if (content !== undefined && !(content instanceof Buffer)) for await (const _ of content);
    }
  } catch (error) {
    if (!(error instanceof ContainerError)) throw error;
  }
  if (performance.now() - start > MAX_MS) throw new Error('takes too long');
}

const base = Buffer.from('a line of a file\n'.repeat(40));
const whole = packOf([
  [BLOB, NOTHING, base],
  [REF_DELTA, idOf(base), copyOf(base.length)],
  [BLOB, NOTHING, Buffer.from('another file')],
]);
const delta = Buffer.concat([copyOf(base.length), Buffer.from([5]), Buffer.from('added')]);

export const gitProperties: readonly FuzzProperty[] = [
  fuzz('a damaged pack is read as far as it goes', 1000, mutated([whole], 8), readAll),
  fuzz(
    'deltas with any instructions, of any base, end',
    1000,
    fc.tuple(
      mutated([delta], 6),
      mutated([delta], 6),
      fc.integer({ min: 0, max: 127 }),
      fc.integer({ min: 0, max: 4 }),
    ),
    async ([first, second, distance, id]) => {
      const name = Buffer.alloc(20, id);
      const pack = packOf([
        [BLOB, NOTHING, base],
        [OFFSET_DELTA, Buffer.from([distance]), first],
        [REF_DELTA, name, second],
        [REF_DELTA, name, first],
      ]);
      await readAll(pack);
    },
  ),
];
