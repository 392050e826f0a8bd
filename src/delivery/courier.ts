/**
 * Takes a run's records to where they are read, in order, with a bounded number under way, and waits for each
 * acknowledgement. It is a log sink from the first line on; what comes before the way is open waits. Knows neither MQTT nor
 * what the task does.
 */
import { type LogEvent, type LogRecord, type Sink, atLeast } from '../log/index.ts';
import { type PayloadOptions, logPayload } from './log-payload.ts';
import { type Outgoing, type Queue, RecordQueue } from './record-queue.ts';
import type { Spool } from './spool.ts';

/** Topic of the agent's log pipeline; a job must list it among its `allowedPublications`. */
const LOG_TOPIC = 'KeeperLogger';

/** Publications without an acknowledgement at any time. */
const WINDOW = 32;

/** The events that the delivery logs. */
export const deliveryEvents = {
  lost: {
    id: 'delivery.lost',
    level: 'Warning',
    text: 'Records of earlier runs were lost: they could not be delivered and had to make room',
  },
} as const satisfies Record<string, LogEvent>;

/** A publication that was answered with an error: it arrived and was denied. */
export class PublicationDenied extends Error {
  override readonly name = 'PublicationDenied';
}

/** A way out of the process. */
export interface Transport {
  /**
   * Resolves once the publication is acknowledged.
   * @throws PublicationDenied when it is answered with an error; anything else when the way is gone.
   */
  publish(topic: string, payload: string): Promise<void>;
  /** Resolves when there is no use in waiting any longer. */
  readonly broken: Promise<unknown>;
  /** `timeout` in milliseconds; `acknowledged` when nothing is under way any more. */
  close(how: { readonly acknowledged: boolean; readonly timeout: number }): Promise<void>;
}

/** What became of the publications. */
export interface Delivery {
  readonly delivered: number;
  /** Answered with an error. */
  readonly denied: number;
  readonly dropped: number;
  /** Never acknowledged. */
  readonly undelivered: number;
  /** Why the way out was gone before the end, if it was. */
  readonly brokenBy: unknown;
  /** They are kept, and will be sent by the next run. */
  readonly isKept: boolean;
  /** The first of those that matter. */
  readonly important: readonly Outgoing[];
}

export interface CourierOptions {
  readonly payload: PayloadOptions;
  /** Milliseconds: the wait for the last acknowledgements. */
  readonly timeout: number;
  /** How many undelivered records `close` tells of. */
  readonly told: number;
}

export class Courier implements Sink {
  readonly #options: CourierOptions;
  #memory = new RecordQueue();
  #spool: Spool | undefined;
  readonly #underWay = new Map<Outgoing, Queue>();
  #transport: Transport | undefined;
  #delivered = 0;
  #denied = 0;
  #isPumpDue = false;
  #onIdle: (() => void) | undefined;

  constructor(options: CourierOptions) {
    this.#options = options;
  }

  write(record: LogRecord): void {
    const payload = logPayload(record, this.#options.payload);
    this.#add({ topic: LOG_TOPIC, payload, isImportant: atLeast(record.level, 'Warning') });
  }

  /** Publishes something else than a record, in its turn. */
  publish(topic: string, payload: string): void {
    this.#add({ topic, payload, isImportant: false });
  }

  /** From here on what is written outlives the process. What earlier runs left goes out first. */
  keepIn(spool: Spool): void {
    const early = this.#memory;
    this.#memory = new RecordQueue();
    this.#spool = spool;
    for (let item = early.take(); item !== undefined; item = early.take()) this.#add(item);
  }

  /** Opens the way out. */
  begin(transport: Transport): void {
    this.#transport = transport;
    this.#pumpSoon();
  }

  /** Waits for the acknowledgements, within the timeout, and closes the way out. */
  async close(): Promise<Delivery> {
    const { timeout, told } = this.#options;
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
      await Promise.race([idle, noteBreak(), timeUp(timeout)]);
      this.#transport = undefined;
      await transport.close({ acknowledged: this.#underWay.size === 0, timeout: Math.min(timeout, 2000) });
    }
    const here = this.#inMemory();
    const kept = this.#spool?.left(told) ?? { count: 0, important: [] };
    return {
      delivered: this.#delivered,
      denied: this.#denied,
      brokenBy,
      dropped: this.#memory.dropped + (this.#spool?.dropped ?? 0),
      undelivered: here.length + kept.count,
      isKept: here.length === 0,
      important: [...here.filter(({ isImportant }) => isImportant), ...kept.important].slice(0, told),
    };
  }

  /** What will be gone with the process. */
  #inMemory(): Outgoing[] {
    const left = Array.from(this.#underWay).flatMap(([item, queue]) => (queue === this.#spool ? [] : [item]));
    for (let item = this.#memory.take(); item !== undefined; item = this.#memory.take()) left.push(item);
    return left;
  }

  #add(item: Outgoing): void {
    try {
      (this.#spool ?? this.#memory).add(item);
    } catch {
      // The store cannot be written any more; whoever else writes to it will say so.
      this.#memory.add(item);
    }
    this.#pumpSoon();
  }

  /** Not at once: a record that is written within a transaction must not leave before the commit. */
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
    while (this.#underWay.size < WINDOW) {
      const kept = this.#spool?.take();
      const item = kept ?? this.#memory.take();
      if (item === undefined) break;
      const queue = kept !== undefined && this.#spool !== undefined ? this.#spool : this.#memory;
      this.#underWay.set(item, queue);
      void this.#send(transport, item, queue);
    }
    if (this.#underWay.size === 0) this.#onIdle?.();
  }

  async #send(transport: Transport, item: Outgoing, queue: Queue): Promise<void> {
    try {
      await transport.publish(item.topic, item.payload);
      this.#delivered += 1;
      queue.settle(item);
    } catch (error) {
      // The way is gone: the record stays among those under way.
      if (!(error instanceof PublicationDenied)) return;
      this.#denied += 1;
    }
    this.#underWay.delete(item);
    this.#pump();
  }
}

function timeUp(milliseconds: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, milliseconds).unref();
  });
}
