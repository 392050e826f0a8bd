/** Sinks that need no network. The MQTT sink lives with the rest of the agent link. */
import type { Sink } from './logger.ts';
import { printable } from './printable.ts';
import type { LogRecord } from './record.ts';

/** Something to print lines on. */
export interface LineWriter {
  write(text: string): unknown;
}

/** One line a record, for a person: time, level, message. */
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
