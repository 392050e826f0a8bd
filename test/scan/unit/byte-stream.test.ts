/** Streams that are read like files: all bytes, in order, whatever the pieces. */
import { expect, test } from '@jest/globals';
import { scanOnce } from '../scan-once.ts';
import { ByteStream, PORTION_BYTES } from '../../../src/scan/files/byte-stream.ts';

const bytes = Buffer.from(Uint8Array.from({ length: 1_500_000 }, (_, index) => (index * 7) % 251));

async function* pieces(...sizes: readonly number[]) {
  for (let at = 0, n = 0; at < bytes.length; n += 1) {
    const size = sizes[n % sizes.length] ?? 1;
    yield bytes.subarray(at, at + size);
    at += size;
  }
}

test.each([
  ['of one byte and none', [1, 1, 0, 1, 0, 900]],
  ['of all sizes', [1, 65_536, 3, 0, 10_000]],
  ['larger than what is held', [1_400_000]],
])('pieces %s', async (_, sizes) => {
  const stream = new ByteStream(pieces(...sizes));
  const target = Buffer.alloc(2 * PORTION_BYTES);
  const read: Buffer[] = [];
  for (let length = PORTION_BYTES, isAtEnd = false; !isAtEnd; length = Math.max(1000, length - 4099)) {
    await stream.prepare();
    const count = stream.read(0, target, 5, length);
    read.push(Buffer.from(target.subarray(5, 5 + count)));
    isAtEnd = count < length;
  }
  expect(Buffer.concat(read).equals(bytes)).toBe(true);
  await stream.prepare();
  expect(stream.read(0, target, 0, 10)).toBe(0);
});

test('standard input of a run that must end is not taken for empty', async () => {
  const { coverage } = await scanOnce({ roots: ['-'] }, { signal: AbortSignal.abort() });
  expect(coverage).toMatchObject({ files: 0, unexamined: { 'stopped-early': 1 } });
});
