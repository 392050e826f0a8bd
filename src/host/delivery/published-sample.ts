/** Some of the records that were published: enough to look for them where they should have arrived. */
import { type Level, type LogRecord, atLeast } from '../log/index.ts';

/** Records of each kind that are remembered. */
const MAX_REMEMBERED = 64;

export class PublishedSample {
  /** The most recent ones, of level `Warning` and above, and below it: a flood of the latter does not displace the former. */
  readonly #important: LogRecord[] = [];
  readonly #others: LogRecord[] = [];

  add(record: LogRecord): void {
    const list = atLeast(record.level, 'Warning') ? this.#important : this.#others;
    list.push(record);
    if (list.length > MAX_REMEMBERED) list.shift();
  }

  /** Those of this level and above. */
  from(minimum: Level): LogRecord[] {
    return [...this.#important, ...this.#others].filter(({ level }) => atLeast(level, minimum));
  }
}
