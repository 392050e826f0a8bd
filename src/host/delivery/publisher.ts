/**
 * Publishes a run's records in order, with a bounded number in flight, and waits for each acknowledgement. It is a log sink from the
 * first record on; records wait until a transport is available. It knows neither MQTT nor the task. Whether what was acknowledged has
 * also arrived is decided elsewhere: `confirm`, `withdraw` and `keepImportant` say so.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { type LogRecord, type Sink, atLeast } from '../log/index.ts';
import type { PayloadOptions } from './log-payload.ts';
import { Outbox, type Remainder, type Taken } from './outbox.ts';
import { PublishedSample } from './published-sample.ts';
import type { Spool } from './spool.ts';
import { contentOf, render } from './stored-record.ts';
import { PublicationDenied, type Transport } from './transport.ts';

/** Topic of the agent's log pipeline; a job must list it among its `allowedPublications`. */
export const LOG_TOPIC = 'KeeperLogger';

/** Publications without an acknowledgement at any time. */
const MAX_IN_FLIGHT = 32;

/** Milliseconds for closing the transport: usually, and when the run must end at once. */
const CLOSE_MS = 2000;
const QUICK_CLOSE_MS = 100;

/** Characters of payload that are published before the run is asked whether they have arrived. */
const BACKLOG = 2 * 1024 * 1024;

/** The result of a run's publications. */
export interface Delivery extends Omit<Remainder, 'important'> {
  /** Acknowledged. */
  readonly delivered: number;
  /** Acknowledged with an error. */
  readonly denied: number;
  /** Acknowledged, but nothing listens on the topic of the log: not delivered. */
  readonly unheard: number;
  /** Why the last acknowledgements did not come, if that is known. */
  readonly brokenBy: unknown;
  /** The first ones of level `Warning` or above that this run has written and that are not confirmed, as they are published. */
  readonly important: readonly string[];
}

export interface PublisherOptions {
  readonly payload: PayloadOptions;
  /** Milliseconds to wait for the last acknowledgements. */
  readonly timeout: number;
  /** Ends the waits when it aborts. */
  readonly limit?: AbortSignal;
  /** Undelivered records that are listed, at most. */
  readonly maxListed: number;
  /** Called when much was published since the last confirmation: once it is known to have arrived, it takes no more room. */
  readonly onBacklog?: () => void;
}

export class Publisher implements Sink {
  readonly #options: PublisherOptions;
  readonly #outbox: Outbox;
  readonly #underWay = new Set<Taken>();
  #transport: Transport | undefined;
  /** Records that were acknowledged and are not confirmed. */
  readonly acknowledged = new PublishedSample();
  readonly #counts = { delivered: 0, denied: 0, unheard: 0 };
  #backlog = 0;
  #brokenBy: unknown;
  #isPumpDue = false;
  /** The acknowledgements did not come in time: there is no point in waiting again. */
  #isStalled = false;
  #onIdle: (() => void) | undefined;

  constructor(options: PublisherOptions) {
    this.#options = options;
    this.#outbox = new Outbox(options.maxListed);
  }

  write(record: LogRecord): void {
    this.#outbox.add(this.#outgoing(record));
    this.#pumpSoon();
  }

  offer(record: LogRecord, owner: string): boolean {
    if (!this.#outbox.offer({ ...this.#outgoing(record), owner })) return false;
    this.#pumpSoon();
    return true;
  }

  /** Publishes something other than a record, in order. */
  publish(topic: string, payload: string): void {
    this.#outbox.add({ topic, payload, isRecord: false, isImportant: false });
    this.#pumpSoon();
  }

  /** From here on, records survive the process. Those of earlier runs are sent first. */
  persistTo(spool: Spool): void {
    this.#outbox.persistTo(spool);
    this.#pumpSoon();
  }

  /** Starts sending. */
  begin(transport: Transport): void {
    this.#transport = transport;
    this.#pumpSoon();
  }

  /** Waits for the acknowledgements, within the timeout. @returns whether all have come */
  async flush(): Promise<boolean> {
    const transport = this.#transport;
    if (transport === undefined || this.#isStalled) return false;
    const idle = new Promise<void>((resolve) => {
      this.#onIdle = resolve;
    });
    this.#pump();
    const noteBreak = async () => {
      this.#brokenBy = await transport.broken;
    };
    const wait = new AbortController();
    await Promise.race([idle, noteBreak(), this.#timeUp(transport, wait.signal)]);
    wait.abort();
    // Even at the limit: standard output acknowledges at once what it has room for.
    if (this.#options.limit?.aborted === true) await Promise.race([idle, sleep(QUICK_CLOSE_MS)]);
    this.#isStalled = this.#underWay.size > 0;
    return !this.#isStalled;
  }

  /** What was acknowledged so far has arrived. */
  confirm(): void {
    this.#backlog = 0;
    this.acknowledged.confirm();
    this.#outbox.confirm();
  }

  /** What was acknowledged so far has not arrived: the next run sends it. */
  withdraw(): void {
    this.#outbox.withdraw();
  }

  /** Whether it has arrived cannot be known: of what was acknowledged so far, only the important records are kept. */
  keepImportant(): void {
    this.#outbox.keepImportant();
  }

  /** Publications that were acknowledged with an error. */
  get denied(): number {
    return this.#counts.denied;
  }

  /** The number of important records that are published, in this run or before, and not confirmed. */
  get unconfirmed(): number {
    return this.#outbox.unconfirmed;
  }

  /** True if nothing listens on the topic of the log. */
  get isUnheard(): boolean {
    return this.#counts.unheard > 0;
  }

  /** Sends again what earlier runs have published, with the next `flush`. @returns how many records */
  sendEarlierAgain(): number {
    return this.#outbox.takeEarlierAgain();
  }

  /** Waits for the last acknowledgements and closes the transport. */
  async close(): Promise<void> {
    const transport = this.#transport;
    if (transport === undefined) return;
    await this.flush();
    if (this.#underWay.size > 0) this.#brokenBy ??= transport.failure;
    this.#transport = undefined;
    const { timeout, limit } = this.#options;
    const closing = Math.min(timeout, limit?.aborted === true ? QUICK_CLOSE_MS : CLOSE_MS);
    await transport.close({ acknowledged: this.#underWay.size === 0, timeout: closing });
  }

  /** What has become of the records, after `close`. */
  result(): Delivery {
    const { important, ...remainder } = this.#outbox.remainder([...this.#underWay]);
    return {
      ...remainder,
      ...this.#counts,
      brokenBy: this.#brokenBy,
      important: important.map((item) => render(item, this.#options.payload).text),
    };
  }

  /**
   * Resolves when nothing was acknowledged during a timeout (patient transports), after one timeout (others), or at the limit.
   */
  async #timeUp(transport: Transport, end: AbortSignal): Promise<void> {
    const { timeout, limit } = this.#options;
    const signal = limit === undefined ? end : AbortSignal.any([end, limit]);
    let delivered: number;
    do {
      ({ delivered } = this.#counts);
      await sleep(timeout, undefined, { signal }).catch(() => undefined);
    } while (!signal.aborted && transport.isPatient === true && this.#counts.delivered > delivered);
  }

  #outgoing(record: LogRecord) {
    const content = contentOf(record, this.#options.payload);
    return { topic: LOG_TOPIC, ...content, isImportant: atLeast(record.level, 'Warning') };
  }

  /** Deferred: a record that is written within a transaction must not be sent before the commit. */
  #pumpSoon(): void {
    if (this.#isPumpDue || this.#transport === undefined) return;
    this.#isPumpDue = true;
    queueMicrotask(() => {
      this.#isPumpDue = false;
      this.#pump();
    });
  }

  #pump(): void {
    const transport = this.#transport;
    if (transport === undefined) return;
    while (this.#underWay.size < MAX_IN_FLIGHT) {
      const taken = this.#outbox.take();
      if (taken === undefined) break;
      this.#underWay.add(taken);
      void this.#send(transport, taken);
    }
    if (this.#underWay.size === 0) this.#onIdle?.();
  }

  async #send(transport: Transport, taken: Taken): Promise<void> {
    const { item, queue } = taken;
    const { text, record } = render(item, this.#options.payload);
    try {
      const { heard } = await transport.publish(item.topic, text);
      if (heard === 'nobody' && item.topic === LOG_TOPIC) this.#counts.unheard += 1;
      else {
        this.#counts.delivered += 1;
        if (record !== undefined) this.acknowledged.add(record, transport.connections ?? 0);
        // What is published on another topic is sent once: it is outdated when the next run could send it again.
        if (transport.isProof === true || item.topic !== LOG_TOPIC) queue.settle(item);
        else this.#outbox.markPublished(taken);
        this.#noteBacklog(text.length);
      }
    } catch (error) {
      // The connection is gone: the record stays in flight.
      if (!(error instanceof PublicationDenied)) return;
      this.#counts.denied += 1;
    }
    this.#underWay.delete(taken);
    this.#pump();
  }

  #noteBacklog(length: number): void {
    this.#backlog += length;
    if (this.#backlog < BACKLOG) return;
    this.#backlog = 0;
    this.#options.onBacklog?.();
  }
}
