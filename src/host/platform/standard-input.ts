/**
 * Standard input, in the pieces that the system delivers. Waiting for the next piece does not block the process, so signals and
 * timeouts still arrive.
 */

/**
 * Reads to the end of standard input. To be called at most once.
 * @param signal aborted when the run must end: standard input is closed, and the reader receives an error
 */
export async function* standardInput(signal: AbortSignal): AsyncGenerator<Uint8Array, void, undefined> {
  const stream = process.stdin;
  const close = () => void stream.destroy();
  if (signal.aborted) return;
  signal.addEventListener('abort', close, { once: true });
  try {
    for await (const piece of stream) {
      if (piece instanceof Uint8Array) yield piece;
    }
  } finally {
    signal.removeEventListener('abort', close);
    close();
  }
}
