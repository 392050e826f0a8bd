/**
 * The records of the spool that are published but not confirmed: which of them are sent again, and when. The spool adds and removes
 * them.
 */
import type { Store } from '../platform/index.ts';

/** The interval doubles with each repetition, at most so often. */
const MAX_DOUBLINGS = 20;

export interface PublishedRecordsOptions {
  readonly store: Store;
  /** Identifies the configuration that records are published with. */
  readonly link: string;
  readonly now: () => number;
  /** Writes what is acknowledged and not marked yet. */
  readonly writeMarks: () => void;
}

export class PublishedRecords {
  readonly #store: Store;
  readonly #link: string;
  readonly #now: () => number;
  readonly #writeMarks: () => void;
  /** Marks what this run has published. */
  readonly #run: number;
  /** Numbers of the records that are to be sent again. */
  readonly #again = new Set<number>();
  /** False once no announcement of an earlier run is left. */
  #hasEarlier = true;
  readonly #statements;

  constructor({ store, link, now, writeMarks }: PublishedRecordsOptions) {
    this.#writeMarks = writeMarks;
    this.#store = store;
    this.#link = link;
    this.#now = now;
    store.onRollback(() => {
      this.#hasEarlier = true;
    });
    const last = store.prepare('SELECT max(published_in) AS last FROM spool').get()?.['last'];
    this.#run = Number(last ?? 0) + 1;
    this.#statements = {
      mark: store.prepare(
        'UPDATE spool SET published_in = ?, published_at = ?, times = times + 1, link = ? WHERE number = ?',
      ),
      // This run's own ones may still be confirmed.
      oldest: store.prepare(
        `SELECT number FROM spool WHERE published_in IS NOT NULL AND published_in <> ? AND owner IS NOT NULL
         ORDER BY owner = ? DESC, number LIMIT 1`,
      ),
    };
  }

  /** Records that a publication of this run is acknowledged. */
  mark(number: number): void {
    this.#statements.mark.run(this.#run, this.#now(), this.#link, number);
    this.#again.delete(number);
  }

  /** The next record to send again. */
  takeAgain(): number | undefined {
    const [number] = this.#again;
    if (number !== undefined) this.#again.delete(number);
    return number;
  }

  /** The oldest announcement that an earlier run has published, first among those of this owner. */
  oldestOf(owner: string): number | undefined {
    if (!this.#hasEarlier) return undefined;
    const number = this.#statements.oldest.get(this.#run, owner)?.['number'];
    this.#hasEarlier = number !== undefined;
    return number === undefined ? undefined : Number(number);
  }

  /** The records that this run has published. */
  ofThisRun(): number[] {
    return this.#numbers('published_in = ?', this.#run);
  }

  /** The number of important records that are published and not confirmed. */
  get importantCount(): number {
    this.#writeMarks();
    const important = 'published_in IS NOT NULL AND (important = 1 OR owner IS NOT NULL)';
    const row = this.#store.prepare(`SELECT count(*) AS count FROM spool WHERE ${important}`).get();
    return Number(row?.['count'] ?? 0);
  }

  /** Sends again what earlier runs have published. @returns how many records */
  sendEarlierAgain(): number {
    return this.#sendAgain(this.#numbers('published_in <> ?', this.#run));
  }

  /**
   * Sends again the important records for which it is time, and those that were published with another configuration.
   * @param interval milliseconds from the first publication to the second; undefined for never
   */
  sendDueAgain(interval: number | undefined): number {
    const important = '(important = 1 OR owner IS NOT NULL)';
    const changed = `published_in <> ? AND ${important} AND link <> ?`;
    const numbers = this.#numbers(changed, this.#run, this.#link);
    if (interval === undefined) return this.#sendAgain(numbers);
    // The clock may have been set back.
    const due = `published_in <> ? AND ${important}
       AND abs(? - published_at) >= ? * (1 << min(times - 1, ${MAX_DOUBLINGS}))`;
    return this.#sendAgain([...numbers, ...this.#numbers(due, this.#run, this.#now(), interval)]);
  }

  /** They did not arrive: the next run sends them as if they had never been sent. */
  withdraw(): void {
    this.#writeMarks();
    this.#store.prepare('UPDATE spool SET published_in = NULL WHERE published_in = ?').run(this.#run);
  }

  /** Those of this run that are not important enough to be sent again without a reason. */
  unimportantOfThisRun(): number[] {
    return this.#numbers('published_in = ? AND important = 0 AND owner IS NULL', this.#run);
  }

  #sendAgain(numbers: readonly number[]): number {
    for (const number of numbers) this.#again.add(number);
    return this.#again.size;
  }

  #numbers(condition: string, ...values: (number | string)[]): number[] {
    this.#writeMarks();
    const rows = this.#store.prepare(`SELECT number FROM spool WHERE ${condition} ORDER BY number`);
    return rows.all(...values).map(({ number }) => Number(number));
  }
}
