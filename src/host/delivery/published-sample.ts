/** Some of the records that were published: enough to look for them where they should have arrived. */
import { type Level, type LogRecord, atLeast } from '../log/index.ts';

/** Records of each kind that are remembered. */
const MAX_REMEMBERED = 64;

export class PublishedSample {
  /** The most recent ones, of level `Warning` and above, and below it: a flood of the latter does not displace the former. */
  #important: LogRecord[] = [];
  #others: LogRecord[] = [];
  #connection = 0;

  /** @param connection the number of the connection; records of an earlier one are forgotten */
  add(record: LogRecord, connection: number): void {
    if (connection !== this.#connection) {
      this.#connection = connection;
      this.#important = [];
      this.#others = [];
    }
    const list = atLeast(record.level, 'Warning') ? this.#important : this.#others;
    list.push(record);
    if (list.length > MAX_REMEMBERED) list.shift();
  }

  /** Those of this level and above that were published on this connection. */
  from(minimum: Level, connection: number): LogRecord[] {
    if (connection !== this.#connection) return [];
    return [...this.#important, ...this.#others].filter(({ level }) => atLeast(level, minimum));
  }
}
