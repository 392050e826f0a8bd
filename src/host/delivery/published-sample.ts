/** Some of the records that were published and are not confirmed: enough to look for them where they should have arrived. */
import { type Level, type LogRecord, atLeast } from '../log/index.ts';

/** Records of each kind that are remembered. */
const MAX_REMEMBERED = 64;

export class PublishedSample {
  /** The most recent ones, of level `Warning` and above, and below it: a flood of the latter does not displace the former. */
  #important: LogRecord[] = [];
  #others: LogRecord[] = [];
  #connection = 0;
  /** The last important record of each earlier connection. */
  readonly #earlier: LogRecord[] = [];

  /** @param connection the number of the connection that the record was acknowledged on */
  add(record: LogRecord, connection: number): void {
    if (connection !== this.#connection) this.#begin(connection);
    const list = atLeast(record.level, 'Warning') ? this.#important : this.#others;
    list.push(record);
    if (list.length > MAX_REMEMBERED) list.shift();
  }

  /** Those of this level and above that were published on this connection. */
  from(minimum: Level, connection: number): LogRecord[] {
    if (connection !== this.#connection) return [];
    return [...this.#important, ...this.#others].filter(({ level }) => atLeast(level, minimum));
  }

  /** The last important record of each connection before this one. */
  before(connection: number): readonly LogRecord[] {
    const last = this.#important.at(-1);
    return connection === this.#connection || last === undefined ? this.#earlier : [...this.#earlier, last];
  }

  /** Everything so far has arrived. */
  confirm(): void {
    this.#important = [];
    this.#others = [];
    this.#earlier.length = 0;
  }

  #begin(connection: number): void {
    const last = this.#important.at(-1);
    if (last !== undefined) this.#earlier.push(last);
    if (this.#earlier.length > MAX_REMEMBERED) this.#earlier.shift();
    this.#connection = connection;
    this.#important = [];
    this.#others = [];
  }
}
