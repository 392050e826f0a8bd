/** The format of a block of memory does not depend on where the block is. */
import { expect, test } from '@jest/globals';
import { formatOf } from '../../../src/scan/containers/formats.ts';

test.each([0, 1, 2, 3])('a compound file at address %d of its memory', (at) => {
  const memory = Buffer.alloc(70_000);
  const block = memory.subarray(at, at + 65_536);
  block.write('d0cf11e0a1b11ae1', 'hex');
  const before = formatOf(block, false, 'x')?.kind;
  block.write('__properties_version1.0', 4097, 'utf16le');
  expect([before, formatOf(block, false, 'x')?.kind]).toEqual(['office-document', 'mail']);
});
