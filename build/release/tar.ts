/** Tar archives of plain files (POSIX.1-1988, "ustar Interchange Format"), names up to 100 bytes. */
import type { Entry } from './archive.ts';

const BLOCK = 512;

export function writeTar(entries: readonly Entry[], time: Date): Buffer {
  const parts = entries.flatMap(({ path, content, executable }) => [
    header(path, content.length, executable ? 0o755 : 0o644, time),
    content,
    Buffer.alloc(-content.length & (BLOCK - 1)),
  ]);
  return Buffer.concat([...parts, Buffer.alloc(2 * BLOCK)]);
}

function header(path: string, size: number, mode: number, time: Date): Buffer {
  const block = Buffer.alloc(BLOCK);
  const octal = (value: number, at: number, length: number) =>
    block.write(`${value.toString(8).padStart(length - 1, '0')}\0`, at, 'latin1');
  if (Buffer.byteLength(path) > 100) throw new Error(`too long a name for this archive: ${path}`);
  block.write(path, 0);
  octal(mode, 100, 8);
  octal(0, 108, 8);
  octal(0, 116, 8);
  octal(size, 124, 12);
  octal(Math.floor(time.getTime() / 1000), 136, 12);
  block.write('        0', 148, 'latin1');
  block.write('ustar\x0000root', 257, 'latin1');
  block.write('root', 297, 'latin1');
  // The checksum counts itself as blanks.
  octal(
    block.reduce((sum, byte) => sum + byte, 0),
    148,
    7,
  );
  return block;
}

/** Reads plain files; folders are left out. @throws Error at links and devices, which these archives have not. */
export function readTar(archive: Buffer): Entry[] {
  const entries: Entry[] = [];
  for (let at = 0; at + BLOCK <= archive.length && archive[at] !== 0;) {
    const text = (from: number, length: number) =>
      archive.toString('utf8', at + from, at + from + length).replace(/\0.*/s, '');
    const size = Number.parseInt(text(124, 12), 8);
    const [path, kind] = [text(0, 100), text(156, 1)];
    const content = archive.subarray(at + BLOCK, at + BLOCK + size);
    if (content.length !== size) throw new Error(`the archive ends within ${path}`);
    if (kind === '0' || kind === '') {
      entries.push({ path, content, executable: (Number.parseInt(text(100, 8), 8) & 0o100) !== 0 });
    } else if (kind !== '5') throw new Error(`${path} is no plain file`);
    at += BLOCK + Math.ceil(size / BLOCK) * BLOCK;
  }
  return entries;
}
