/** Makes sound containers at run time, with the system's tools or the libraries that the project has. */
import { spawnSync } from 'node:child_process';
import { buffer } from 'node:stream/consumers';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { pack } from 'tar-stream';
import { ZipFile } from 'yazl';

/** Contents by name. */
export type Entries = Readonly<Record<string, Buffer | string>>;

export async function zipOf(entries: Entries): Promise<Buffer> {
  const zip = new ZipFile();
  for (const [name, content] of Object.entries(entries)) zip.addBuffer(Buffer.from(content), name);
  const whole = buffer(zip.outputStream);
  zip.end();
  return await whole;
}

export async function tarOf(entries: Entries): Promise<Buffer> {
  const tar = pack();
  const whole = buffer(tar);
  for (const [name, content] of Object.entries(entries)) tar.entry({ name }, Buffer.from(content));
  tar.finalize();
  return await whole;
}

export const gzipOf = (content: Buffer): Buffer => gzipSync(content);
export const zstdOf = (content: Buffer): Buffer => zstdCompressSync(content);

/** What a program on PATH makes of its standard input. */
export function madeBy(program: string, parameters: readonly string[], input: Buffer): Buffer {
  const { status, stdout, stderr } = spawnSync(program, parameters, { input, maxBuffer: 2 ** 28 });
  if (status !== 0) throw new Error(`${program}: ${stderr.toString()}`);
  return stdout;
}
