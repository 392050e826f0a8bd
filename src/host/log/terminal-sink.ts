/** Sinks that need no network. */
import type { Sink } from './logger.ts';
import { printable } from './printable.ts';
import type { LogRecord } from './record.ts';

/** A destination for lines. */
export interface LineWriter {
  write(text: string): unknown;
}

/** One line per record for people: time, level, message. */
export function terminalSink(out: LineWriter): Sink {
  return {
    write: ({ timestamp, level, message }) => {
      out.write(`${timestamp.slice(11, 23)} ${level.padEnd(11)} ${printable(message)}\n`);
    },
  };
}

/** Keeps the records, in order. */
export function memorySink(): Sink & { readonly records: LogRecord[] } {
  const records: LogRecord[] = [];
  return { records, write: (record) => void records.push(record) };
}
