/** The way out of a run without an agent: each record is a line of JSON. */
import type { Transport } from './publisher.ts';

/** Something that says when a text has been handed to the system; `StandardStream` does. */
export interface AcknowledgingWriter {
  write(text: string, done: (error?: Error | null) => void): unknown;
}

export function jsonLines(out: AcknowledgingWriter): Transport {
  const { promise: broken, resolve: breakOff } = Promise.withResolvers<unknown>();
  return {
    publish: (_topic, payload) =>
      new Promise((resolve, reject) => {
        out.write(`${payload}\n`, (error) => {
          if (!error) {
            resolve();
            return;
          }
          breakOff(error);
          reject(error);
        });
      }),
    broken,
    isPatient: true,
    close: () => Promise.resolve(),
  };
}
