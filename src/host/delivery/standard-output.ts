/** The transport of a run without an agent: one line of JSON per record. */
import type { AcknowledgingWriter } from '../log/index.ts';
import type { Transport } from './transport.ts';

export function jsonLines(out: AcknowledgingWriter): Transport {
  const { promise: broken, resolve: breakOff } = Promise.withResolvers<unknown>();
  return {
    publish: (_topic, payload) =>
      new Promise((resolve, reject) => {
        out.write(`${payload}\n`, (error) => {
          if (!error) {
            resolve({ heard: 'unknown' });
            return;
          }
          breakOff(error);
          reject(error);
        });
      }),
    broken,
    // The operating system has the line.
    isProof: true,
    isPatient: true,
    close: () => Promise.resolve(),
  };
}
