/**
 * The link between a run and its agent: finds the broker, publishes every record on `KeeperLogger`, waits for every
 * acknowledgement within a deadline. It is a log sink from the first line on; what comes before the connection queues.
 * Knows nothing of what the task does.
 */
import type { Log, LogRecord, Sink } from '../log/index.ts';
import type { Platform } from '../platform/index.ts';
import { BrokerConnection, PublicationDenied } from './broker-connection.ts';
import { clientId } from './client-id.ts';
import { agentEvents } from './events.ts';
import { type PayloadOptions, logPayload } from './log-payload.ts';
import { readBrokerEndpoint } from './plugin-settings.ts';
import { type Outgoing, RecordQueue } from './record-queue.ts';
import { readAuthorities } from './tls-policy.ts';

/** Topic of the agent's log pipeline; a job must list it among its `allowedPublications`. */
const LOG_TOPIC = 'KeeperLogger';

/** Publications without an acknowledgement at any time. */
const WINDOW = 32;

/** The part of the configuration that the link is made of. */
export interface AgentLinkOptions {
  readonly keeperApiBase: string;
  readonly caFile: string | undefined;
  readonly clientIdTemplate: string;
  readonly mqttVersion: '3.1.1' | '5';
  /** Milliseconds: each wait for the agent. */
  readonly agentTimeout: number;
  readonly jobId: string;
  readonly jobName: string;
  readonly platform: Platform;
  readonly payload: PayloadOptions;
  readonly log: Log;
  /** Ends the waits of `open` early. */
  readonly signal: AbortSignal;
}

/** What became of the publications. */
export interface Delivery {
  readonly delivered: number;
  /** Answered with an error by the broker. */
  readonly denied: number;
  readonly dropped: number;
  /** Never acknowledged, in order. */
  readonly undelivered: readonly Outgoing[];
}

export class AgentLink implements Sink {
  readonly #options: AgentLinkOptions;
  readonly #queue = new RecordQueue();
  readonly #inFlight = new Set<Outgoing>();
  #connection: BrokerConnection | undefined;
  #delivered = 0;
  #denied = 0;
  #onIdle: (() => void) | undefined;

  constructor(options: AgentLinkOptions) {
    this.#options = options;
  }

  write(record: LogRecord): void {
    this.#queue.add({ topic: LOG_TOPIC, payload: logPayload(record, this.#options.payload), record });
    this.#pump();
  }

  /** Publishes something else than a record, in its turn. */
  publish(topic: string, payload: string): void {
    this.#queue.add({ topic, payload, record: undefined });
    this.#pump();
  }

  /** Finds the broker and connects. @throws TaskError of any `agent-*` kind, or `config` for the CA file. */
  async open(): Promise<void> {
    const { keeperApiBase, caFile, clientIdTemplate, mqttVersion, log, platform, signal } = this.#options;
    const authorities = caFile === undefined ? undefined : readAuthorities(caFile);
    const timeout = this.#options.agentTimeout;
    const endpoint = await readBrokerEndpoint({ apiBase: keeperApiBase, authorities, timeout, signal });
    log(agentEvents.settingsRead, { broker: `${endpoint.address}:${endpoint.port}` });
    const id = clientId(clientIdTemplate, { ...this.#options, pid: platform.pid });
    this.#connection = await BrokerConnection.open({
      endpoint,
      authorities,
      clientId: id,
      mqttVersion,
      timeout,
      signal,
    });
    log(agentEvents.brokerConnected, { clientId: id, mqttVersion });
    this.#pump();
  }

  /** Waits for the acknowledgements, at most for the agent's timeout, and ends the connection. */
  async close(): Promise<Delivery> {
    const { agentTimeout } = this.#options;
    const connection = this.#connection;
    if (connection !== undefined) {
      const idle = new Promise<void>((resolve) => {
        this.#onIdle = resolve;
      });
      this.#pump();
      await Promise.race([idle, connection.broken, timeUp(agentTimeout)]);
      this.#connection = undefined;
      await connection.close({ acknowledged: this.#isIdle, timeout: Math.min(agentTimeout, 2000) });
    }
    const undelivered = [...this.#inFlight];
    for (let next = this.#queue.take(); next !== undefined; next = this.#queue.take()) undelivered.push(next);
    return { delivered: this.#delivered, denied: this.#denied, dropped: this.#queue.dropped, undelivered };
  }

  /** Everything is acknowledged. */
  get #isIdle(): boolean {
    return this.#queue.size === 0 && this.#inFlight.size === 0;
  }

  #pump(): void {
    const connection = this.#connection;
    if (connection === undefined) return;
    while (this.#inFlight.size < WINDOW) {
      const next = this.#queue.take();
      if (next === undefined) break;
      this.#inFlight.add(next);
      void this.#send(connection, next);
    }
    if (this.#isIdle) this.#onIdle?.();
  }

  async #send(connection: BrokerConnection, item: Outgoing): Promise<void> {
    try {
      await connection.publish(item.topic, item.payload);
      this.#delivered += 1;
    } catch (error) {
      // The connection ended for good: the record stays among those in flight and is counted as undelivered.
      if (!(error instanceof PublicationDenied)) return;
      this.#denied += 1;
    }
    this.#inFlight.delete(item);
    this.#pump();
  }
}

function timeUp(milliseconds: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, milliseconds).unref();
  });
}
