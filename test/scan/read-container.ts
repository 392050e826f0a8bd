/** Reads a whole container with its reader: what each entry contains, or why that cannot be read. */
import {
  type ContainerBytes,
  ContainerError,
  type ContainerReader,
} from '../../src/scan/containers/container.ts';

export interface ReadContainer {
  /** By name: the entry's text. Ends with `[reason]` where reading it ended early. */
  readonly entries: ReadonlyMap<string, string>;
  /** Why the container was not read to its end. */
  readonly problem: string | undefined;
}

/** @param isOver called by the reader; by default, there is no limit of time */
export async function readContainer(
  reader: ContainerReader,
  bytes: Uint8Array,
  isOver: () => boolean = () => false,
): Promise<ReadContainer> {
  const entries = new Map<string, string>();
  const limits = { memoryBytes: 16 * 1024 * 1024, isOver };
  const parts =
    reader.needs === 'bytes'
      ? reader.read(inMemory(bytes), 'sample', limits)
      : reader.read(inPieces(bytes), 'sample', limits);
  try {
    for await (const { name: given, content } of parts) {
      const name = entries.has(given) ? `${given} (${entries.size})` : given;
      entries.set(name, typeof content === 'string' ? `[${content}]` : await textOf(content));
    }
  } catch (error) {
    return { entries, problem: reasonOf(error) };
  }
  return { entries, problem: undefined };
}

async function textOf(content: AsyncIterable<Uint8Array>): Promise<string> {
  const pieces: Uint8Array[] = [];
  const text = () => Buffer.concat(pieces).toString();
  try {
    for await (const piece of content) pieces.push(Uint8Array.from(piece));
  } catch (error) {
    return `${text()}[${reasonOf(error)}]`;
  }
  return text();
}

/** @throws the error itself if a reader must not throw it */
function reasonOf(error: unknown): string {
  if (!(error instanceof ContainerError)) throw error;
  return error.reason;
}

function inMemory(bytes: Uint8Array): ContainerBytes {
  return {
    size: bytes.length,
    read(target, offset, length, position) {
      const part = bytes.subarray(position, position + length);
      target.set(part, offset);
      return part.length;
    },
  };
}

async function* inPieces(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += 1000) {
    await Promise.resolve();
    yield bytes.subarray(at, at + 1000);
  }
}
