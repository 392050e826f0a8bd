/**
 * Publishes a run's records in order, with a bounded number in flight, and waits for each acknowledgement. It is a log sink from the
 * first record on; records wait until a transport is available. It knows neither MQTT nor the task.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { type LogEvent, type LogRecord, type Sink, atLeast } from '../log/index.ts';
import { type PayloadOptions, logPayload } from './log-payload.ts';
import { type Outgoing, type Queue, RecordQueue } from './record-queue.ts';
import type { Spool } from './spool.ts';

/** Topic of the agent's log pipeline; a job must list it among its `allowedPublications`. */
const LOG_TOPIC = 'KeeperLogger';

/** Publications without an acknowledgement at any time. */
const MAX_IN_FLIGHT = 32;

/** Milliseconds for closing the transport: usually, and when the run must end at once. */
const CLOSE_MS = 2000;
const QUICK_CLOSE_MS = 100;

/** The events that the delivery logs. */
export const deliveryEvents = {
  lost: {
    id: 'delivery.lost',
    level: 'Warning',
    text: 'Records of earlier runs were lost: they could not be delivered, and the queue was full',
  },
} as const satisfies Record<string, LogEvent>;

/** The publication arrived and was denied. */
export class PublicationDenied extends Error {
  override readonly name = 'PublicationDenied';
}

/** A way out of the process for publications. */
export interface Transport {
  /**
   * Resolves once the publication is acknowledged.
   * @throws PublicationDenied when it is acknowledged with an error; other errors when the connection is gone.
   */
  publish(topic: string, payload: string): Promise<void>;
  /** Resolves when there is no point in waiting any longer. */
  readonly broken: Promise<unknown>;
  /** Each acknowledgement restarts the timeout, for slow readers. */
  readonly isPatient?: boolean;
  /** `timeout` in milliseconds; `acknowledged` if nothing is in flight any more. */
  close(how: { readonly acknowledged: boolean; readonly timeout: number }): Promise<void>;
}

/** The result of a run's publications. */
export interface Delivery {
  readonly delivered: number;
  /** Acknowledged with an error. */
  readonly denied: number;
  /** Not acknowledged, and in the store: the next run will send them. */
  readonly kept: number;
  /** Not acknowledged, and lost: dropped from a full queue, or not stored. */
  readonly lost: number;
  /** Why the transport broke before the end, if it did. */
  readonly brokenBy: unknown;
  /** The first undelivered ones of level `Warning` or above. */
  readonly important: readonly Outgoing[];
  /** The store's first error; undefined when there was none. */
  readonly storeFailure: unknown;
}

export interface PublisherOptions {
  readonly payload: PayloadOptions;
  /** Milliseconds to wait for the last acknowledgements. */
  readonly timeout: number;
  /** Ends the waits of `close` when it aborts. */
  readonly limit?: AbortSignal;
  /** Undelivered records that `close` lists, at most. */
  readonly maxListed: number;
}

export class Publisher implements Sink {
  readonly #options: PublisherOptions;
  #memory = new RecordQueue();
  #spool: Spool | undefined;
  readonly #underWay = new Map<Outgoing, Queue>();
  #transport: Transport | undefined;
  #delivered = 0;
  #denied = 0;
  #isPumpDue = false;
  #storeFailure: unknown;
  #onIdle: (() => void) | undefined;

  constructor(options: PublisherOptions) {
    this.#options = options;
  }

  write(record: LogRecord): void {
    const payload = logPayload(record, this.#options.payload);
    this.#add({ topic: LOG_TOPIC, payload, isImportant: atLeast(record.level, 'Warning') });
  }

  offer(record: LogRecord, owner: string): boolean {
    const payload = logPayload(record, this.#options.payload);
    const item = { topic: LOG_TOPIC, payload, isImportant: atLeast(record.level, 'Warning'), owner };
    try {
      if (!(this.#spool ?? this.#memory).offer(item)) return false;
    } catch (error) {
      // The surrounding transaction will be rolled back.
      if (this.#spool?.isInTransaction === true) throw error;
      this.#storeFailure ??= error;
      return false;
    }
    this.#pumpSoon();
    return true;
  }

  /** Publishes something other than a record, in order. */
  publish(topic: string, payload: string): void {
    this.#add({ topic, payload, isImportant: false });
  }

  /** From here on, records survive the process. Those of earlier runs are sent first. */
  persistTo(spool: Spool): void {
    const early = this.#memory;
    this.#memory = new RecordQueue();
    this.#spool = spool;
    for (let item = early.take(); item !== undefined; item = early.take()) this.#add(item);
  }

  /** Starts sending. */
  begin(transport: Transport): void {
    this.#transport = transport;
    this.#pumpSoon();
  }

  /** Waits for the acknowledgements, within the timeout, and closes the transport. */
  async close(): Promise<Delivery> {
    const { timeout, maxListed } = this.#options;
    const transport = this.#transport;
    let brokenBy: unknown;
    if (transport !== undefined) {
      const idle = new Promise<void>((resolve) => {
        this.#onIdle = resolve;
      });
      this.#pump();
      const noteBreak = async () => {
        brokenBy = await transport.broken;
      };
      const wait = new AbortController();
      await Promise.race([idle, noteBreak(), this.#timeUp(transport, wait.signal)]);
      wait.abort();
      this.#transport = undefined;
      const closing = Math.min(timeout, this.#options.limit?.aborted === true ? QUICK_CLOSE_MS : CLOSE_MS);
      await transport.close({ acknowledged: this.#underWay.size === 0, timeout: closing });
    }
    const here = this.#inMemory();
    const kept = this.#inStore(maxListed);
    const dropped = this.#memory.dropped + (this.#spool?.dropped ?? 0);
    return {
      delivered: this.#delivered,
      denied: this.#denied,
      kept: kept.count,
      lost: here.length + dropped + kept.unreadable,
      brokenBy,
      important: [...here.filter(({ isImportant }) => isImportant), ...kept.important].slice(0, maxListed),
      storeFailure: this.#storeFailure ?? this.#spool?.failure,
    };
  }

  /** The records that the next run will find in the store. */
  #inStore(limit: number) {
    try {
      return { count: 0, important: [], ...this.#spool?.left(limit), unreadable: 0 };
    } catch (error) {
      this.#storeFailure ??= error;
      return { count: 0, important: [], unreadable: this.#spool?.size ?? 0 };
    }
  }

  /**
   * Resolves when nothing was acknowledged during a timeout (patient transports), after one timeout (others), or at the limit.
   */
  async #timeUp(transport: Transport, end: AbortSignal): Promise<void> {
    const { timeout, limit } = this.#options;
    const signal = limit === undefined ? end : AbortSignal.any([end, limit]);
    let delivered: number;
    do {
      delivered = this.#delivered;
      await sleep(timeout, undefined, { signal }).catch(() => undefined);
    } while (!signal.aborted && transport.isPatient === true && this.#delivered > delivered);
  }

  /** The records that will be lost with the process. */
  #inMemory(): Outgoing[] {
    const left = Array.from(this.#underWay).flatMap(([item, queue]) => (queue === this.#spool ? [] : [item]));
    for (let item = this.#memory.take(); item !== undefined; item = this.#memory.take()) left.push(item);
    return left;
  }

  #add(item: Outgoing): void {
    try {
      (this.#spool ?? this.#memory).add(item);
    } catch (error) {
      // The surrounding transaction is rolled back, and the next attempt writes the record again.
      if (this.#spool?.isInTransaction === true) throw error;
      this.#storeFailure ??= error;
      this.#memory.add(item);
    }
    this.#pumpSoon();
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
      const kept = this.#takeKept();
      const item = kept ?? this.#memory.take();
      if (item === undefined) break;
      const queue = kept !== undefined && this.#spool !== undefined ? this.#spool : this.#memory;
      this.#underWay.set(item, queue);
      void this.#send(transport, item, queue);
    }
    if (this.#underWay.size === 0) this.#onIdle?.();
  }

  #takeKept(): Outgoing | undefined {
    try {
      return this.#spool?.take();
    } catch (error) {
      this.#storeFailure ??= error;
      return undefined;
    }
  }

  async #send(transport: Transport, item: Outgoing, queue: Queue): Promise<void> {
    try {
      await transport.publish(item.topic, item.payload);
      this.#delivered += 1;
      queue.settle(item);
    } catch (error) {
      // The connection is gone: the record stays in flight.
      if (!(error instanceof PublicationDenied)) return;
      this.#denied += 1;
    }
    this.#underWay.delete(item);
    this.#pump();
  }
}
