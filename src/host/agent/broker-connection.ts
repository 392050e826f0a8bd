/**
 * One MQTT connection to the agent's broker: connects within a timeout, publishes with QoS 1, reports acknowledgements. It reconnects
 * automatically and repeats what was not acknowledged. It also decides what a refusal means.
 */
import { MqttClient } from 'mqtt';
import { type Acknowledgement, PublicationDenied, type Transport } from '../delivery/index.ts';
import { TaskError, asError, codeOf, errorKind } from '../exit/task-error.ts';
import { type LoopbackEndpoint, hostPort } from '../platform/index.ts';
import { connectToPeer } from './agent-socket.ts';
import { BrokerStream } from './broker-stream.ts';
import type { BrokerLogin } from './broker-login.ts';
import { OwnReturns } from './own-returns.ts';
import { MAX_PACKET_BYTES, PacketGuard } from './packet-guard.ts';
import type { PeerCheck } from './peer-check.ts';
import { brokerRefusal, codeOfMqtt } from './refusals.ts';
import type { Authorities } from './tls-policy.ts';

export type MqttVersion = '3.1.1' | '5';

export interface BrokerOptions {
  readonly endpoint: LoopbackEndpoint;
  /** Finds the broker again, after a connection was refused; undefined if that is not possible. */
  readonly findAgain?: (signal: AbortSignal) => Promise<LoopbackEndpoint | undefined>;
  readonly authorities: Authorities | undefined;
  readonly peers: PeerCheck;
  readonly clientId: string;
  readonly login?: BrokerLogin | undefined;
  /** The executable's name, for errors. */
  readonly program: string;
  /** `auto`: 5, and 3.1.1 with a broker that does not speak 5. */
  readonly mqttVersion: 'auto' | MqttVersion;
  /** Subscribe to this topic, to see the connection's own publications come back. */
  readonly watchedTopic?: string | undefined;
  /** Milliseconds until the broker must have accepted the connection. */
  readonly timeout: number;
  readonly signal: AbortSignal;
}

/** The broker has ended a connection without an answer to CONNECT: perhaps it does not speak this version of MQTT. */
class NotAccepted extends TaskError {}

/** The reason code of a PUBACK for a publication on a topic without a subscriber (MQTT 5, section 3.4.2.1). */
const NO_MATCHING_SUBSCRIBERS = 16;

/** Publications that may be repeated after a reconnection: as many as can be unacknowledged. */
const RESENT = 64;

export class BrokerConnection implements Transport {
  readonly #client: MqttClient;
  readonly mqttVersion: MqttVersion;
  readonly #program: string;
  #endpoint: LoopbackEndpoint;
  /** Why the connection will not come back, once that is known. */
  readonly broken: Promise<TaskError>;
  /** Ids of publications that were acknowledged without a subscriber, until they are reported. */
  readonly #unheard = new Set<number>();
  readonly #returns: OwnReturns | undefined;
  /** There was a connection to the broker, even if the client was not accepted. */
  #wasReached = false;
  /** Why the last attempt failed to connect, if it did. */
  #failure: Error | undefined;
  /** A connection was lost after the last acknowledgement. */
  #isLost = false;
  #published = 0;
  /** Connections that the broker has accepted, with reconnections. */
  connections = 0;

  private constructor(options: BrokerOptions, mqttVersion: MqttVersion) {
    const { authorities, peers, timeout, login, findAgain } = options;
    this.mqttVersion = mqttVersion;
    this.#program = options.program;
    this.#endpoint = options.endpoint;
    this.#returns = options.watchedTopic === undefined ? undefined : new OwnReturns(options.watchedTopic);
    const { promise, resolve } = Promise.withResolvers<TaskError>();
    this.broken = promise;
    const connect = async (signal: AbortSignal, wasRefused: boolean) => {
      if (wasRefused) this.#endpoint = (await findAgain?.(signal)) ?? this.#endpoint;
      const socket = await connectToPeer({ endpoint: this.#endpoint, authorities, peers, signal });
      this.#wasReached = true;
      return socket;
    };
    const stream = () => {
      const before = this.#published;
      const wasRefused = codeOf(this.#failure) === 'ECONNREFUSED';
      const published = () => this.#published - before + RESENT;
      const guard = new PacketGuard(mqttVersion, published, this.#returns !== undefined);
      const made = new BrokerStream(
        (signal) => connect(AbortSignal.any([signal, AbortSignal.timeout(timeout)]), wasRefused),
        guard,
      );
      return made.on('error', (error) => {
        this.#failure = error;
        if (!(error instanceof TaskError)) return;
        resolve(error);
        // Another attempt would reach the same process.
        this.#client.end(true);
      });
    };
    this.#client = new MqttClient(stream, {
      clientId: options.clientId,
      ...(login !== undefined && { username: login.user }),
      ...(login?.password !== undefined && { password: login.password }),
      protocolVersion: mqttVersion === '5' ? 5 : 4,
      clean: true,
      keepalive: 30,
      connectTimeout: timeout,
      reconnectPeriod: 1000,
      resubscribe: false,
      ...(mqttVersion === '5' && { properties: { maximumPacketSize: MAX_PACKET_BYTES } }),
    });
    this.#client.on('connect', () => this.#onConnect());
    // The client itself reports code 16 as a success like any other.
    this.#client.on('packetreceive', (packet) => {
      if (packet.cmd !== 'puback') return;
      this.#isLost = false;
      if (packet.reasonCode === NO_MATCHING_SUBSCRIBERS) this.#unheard.add(packet.messageId ?? 0);
    });
    this.#client.on('close', () => {
      this.#isLost = true;
    });
    this.#client.on('message', (topic, payload) => this.#returns?.received(topic, payload));
    this.#client.on('error', (error) => {
      const meaning = brokerRefusal(error, this.#program);
      if (meaning !== undefined) resolve(meaning);
    });
  }

  /** Connects. @throws TaskError `agent-unreachable`, `agent-refused` or `agent-reply`. */
  static async open(options: BrokerOptions): Promise<BrokerConnection> {
    const { mqttVersion, signal, timeout } = options;
    const limit = AbortSignal.any([signal, AbortSignal.timeout(timeout)]);
    const attempt = async (version: MqttVersion) => {
      const connection = new BrokerConnection(options, version);
      await connection.#open(options, limit);
      return connection;
    };
    if (mqttVersion !== 'auto') return await attempt(mqttVersion);
    try {
      return await attempt('5');
    } catch (error) {
      const mayBeOlder = error instanceof NotAccepted || errorKind(error) === 'agent-reply';
      if (!mayBeOlder || limit.aborted) throw error;
      return await attempt('3.1.1');
    }
  }

  async #open({ endpoint }: BrokerOptions, limit: AbortSignal): Promise<void> {
    try {
      await this.#connected(limit);
    } catch (cause) {
      this.#client.end(true);
      if (cause instanceof TaskError) throw cause;
      const message = `the agent's broker does not accept connections at ${hostPort(endpoint)}`;
      throw this.#wasReached
        ? new NotAccepted('agent-unreachable', message, { cause })
        : new TaskError('agent-unreachable', message, { cause });
    }
  }

  #onConnect(): void {
    this.#failure = undefined;
    this.connections += 1;
    if (this.#returns === undefined) return;
    this.#returns.begin();
    // Whether it is granted does not matter: a denial is silent, too.
    this.#client.subscribe(this.#returns.topic, { qos: 0 }, () => undefined);
  }

  /** Waits for the first connection; a failed attempt ends the wait. */
  #connected(signal: AbortSignal): Promise<void> {
    const client = this.#client;
    return new Promise((resolve, reject) => {
      const fail = (error: Error) => reject(brokerRefusal(error, this.#program) ?? error);
      client.once('connect', () => resolve());
      client.once('error', fail);
      client.once('close', () =>
        fail(this.#failure ?? new Error('the connection was closed before it was accepted')),
      );
      const abort = () => fail(asError(signal.reason));
      if (signal.aborted) abort();
      else signal.addEventListener('abort', abort, { once: true });
    });
  }

  /** That a connection was lost, and why another attempt failed; undefined if something was acknowledged since. */
  get failure(): TaskError | undefined {
    if (!this.#isLost) return undefined;
    const message = `the connection to the agent's broker at ${hostPort(this.#endpoint)} was lost`;
    return new TaskError('agent-unreachable', message, { cause: this.#failure });
  }

  /** True if it is subscribed to its own topic; whether something has come back is in `hasReturned`. */
  get isWatching(): boolean {
    return this.#returns !== undefined;
  }

  /** True once the broker has sent back a publication of this connection, as to any subscriber. */
  get hasReturned(): boolean {
    return this.#returns?.hasOne === true;
  }

  /**
   * Publishes and waits for the acknowledgement, across reconnections.
   * @throws PublicationDenied when the broker acknowledges with an error (MQTT 5 only; 3.1.1 has no such codes).
   */
  publish(topic: string, payload: string): Promise<Acknowledgement> {
    this.#published += 1;
    this.#returns?.sent(topic, payload);
    return new Promise((resolve, reject) => {
      // The packet is the publication, with its id.
      this.#client.publish(topic, payload, { qos: 1 }, (error, packet) => {
        const isUnheard = this.#unheard.delete(packet?.messageId ?? 0);
        if (!error) resolve({ heard: isUnheard ? 'nobody' : 'unknown' });
        else reject(codeOfMqtt(error) === undefined ? error : new PublicationDenied(error.message));
      });
    });
  }

  /**
   * Ends the connection within `timeout` milliseconds: with a DISCONNECT if everything is acknowledged, otherwise at once,
   * because the client would wait for the acknowledgements without a limit.
   */
  async close({ acknowledged, timeout }: Parameters<Transport['close']>[0]): Promise<void> {
    const client = this.#client;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(() => {
        client.stream.destroy();
        resolve();
      }, timeout);
      client.end(!acknowledged || !client.connected, () => {
        clearTimeout(timer);
        resolve();
      });
    });
  }
}
