/** The sink of a dry run. */
import type { Sink } from './logger.ts';
import { printable } from './printable.ts';

/** A destination for lines. */
export interface LineWriter {
  write(text: string): unknown;
}

/** A stream that reports when the operating system has accepted a text, such as `StandardStream`. */
export interface AcknowledgingWriter {
  write(text: string, done: (error?: Error | null) => void): unknown;
}

/** One line per record for people: time, level, message. */
export function terminalSink(out: LineWriter): Sink {
  return {
    write: ({ timestamp, level, message }) => {
      out.write(`${timestamp.slice(11, 23)} ${level.padEnd(11)} ${printable(message)}\n`);
    },
  };
}
