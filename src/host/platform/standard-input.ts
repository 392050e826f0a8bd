/**
 * Standard input, in the pieces that the system delivers. Waiting for the next piece does not block the process, so signals and
 * timeouts still arrive.
 */
import { fstatSync } from 'node:fs';

/**
 * Reads to the end of standard input. To be called at most once.
 * @param signal aborted when the run must end: standard input is closed, and the reader receives an error
 * @throws the system's error; Error for what is none of a file, pipe, socket or character device
 */
export async function* standardInput(signal: AbortSignal): AsyncGenerator<Uint8Array, void, undefined> {
  requireReadable();
  const stream = process.stdin;
  const close = () => void stream.destroy();
  signal.throwIfAborted();
  signal.addEventListener('abort', close, { once: true });
  try {
    for await (const piece of stream) {
      if (piece instanceof Uint8Array) yield piece;
    }
    // Closed, and not at its end.
    signal.throwIfAborted();
  } finally {
    signal.removeEventListener('abort', close);
    close();
  }
}

/** For anything else, such as a folder, Node's stream is empty. */
function requireReadable(): void {
  const status = fstatSync(0);
  const isReadable = status.isFile() || status.isFIFO() || status.isSocket() || status.isCharacterDevice();
  if (!isReadable)
    throw new Error(`it is a ${status.isDirectory() ? 'folder' : 'device'}, not a file or pipe`);
}
