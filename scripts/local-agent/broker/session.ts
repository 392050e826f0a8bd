/**
 * One client's connection to the broker. Every packet passes through here; allowed ones go to the broker's core, which routes and stores
 * them. A denied publication is acknowledged and dropped, a denied subscription is granted and left empty, because KEPM denies silently
 * (documentation, "Job and plugin MQTT topic permissions"). In strict mode, an MQTT 5 client receives the reason.
 */
import type { TLSSocket } from 'node:tls';
import type { Aedes } from 'aedes';
import mqttPacket, {
  type IConnectPacket,
  type IPublishPacket,
  type ISubscribePacket,
  type ISubscription,
  type Packet,
} from 'mqtt-packet';
import { CorePipe } from './core-pipe.ts';
import {
  type MqttVersion,
  type Refusal,
  capabilities,
  coreBytes,
  coreConnect,
  encode,
  mergeGranted,
  publishReason,
  refusedConnack,
  subscribeDenied,
} from './packets.ts';
import type { ClientOrigin, SessionPolicy } from './session-policy.ts';

/** Milliseconds within which a client must send CONNECT. */
const CONNECT_TIMEOUT = 10_000;

export interface SessionOptions {
  readonly socket: TLSSocket;
  readonly core: Aedes;
  readonly policy: SessionPolicy;
}

/** Serves one client until its connection ends. */
export function serve(options: SessionOptions): void {
  new Session(options).start();
}

class Session {
  readonly #socket: TLSSocket;
  readonly #core: Aedes;
  readonly #policy: SessionPolicy;
  #pipe: CorePipe | undefined;
  #version: MqttVersion = 4;
  #origin: ClientOrigin | undefined;
  #will: IConnectPacket['will'];
  #packets = 0;
  #silence: NodeJS.Timeout;
  #silenceLimit = CONNECT_TIMEOUT;
  /** Packet ids of denied QoS 2 publications, and of forwarded ones that are not released yet. */
  readonly #denied = new Set<number>();
  readonly #unreleased = new Set<number>();
  readonly #subscribing = new Map<
    number,
    { readonly requested: readonly ISubscription[]; readonly allowed: readonly ISubscription[] }
  >();
  readonly #unsubscribing = new Map<number, number>();

  constructor({ socket, core, policy }: SessionOptions) {
    this.#socket = socket;
    this.#core = core;
    this.#policy = policy;
    this.#silence = setTimeout(() => socket.destroy(), this.#silenceLimit);
  }

  start(): void {
    const socket = this.#socket;
    const parser = mqttPacket.parser();
    parser.on('packet', (packet) => {
      // Packets after a refusal or a DISCONNECT are ignored.
      if (socket.writable) this.#receive(packet);
    });
    parser.on('error', () => socket.destroy());
    socket.on('data', (bytes: Buffer) => {
      if (parser.parse(bytes) > this.#policy.maximumPacketSize) this.#tooLarge();
    });
    socket.on('drain', () => this.#pipe?.resume());
    socket.on('error', () => {});
    socket.on('close', () => this.#close());
  }

  #receive(packet: Packet): void {
    this.#packets += 1;
    if (this.#packets > this.#policy.packetLimit()) {
      this.#socket.destroy();
      return;
    }
    if (this.#silenceLimit > 0) this.#silence.refresh();
    if (this.#policy.isMute()) {
      clearTimeout(this.#silence);
      return;
    }
    if (this.#origin === undefined) {
      if (packet.cmd === 'connect') this.#connect(packet);
      else this.#socket.destroy();
      return;
    }
    this.#operate(packet, this.#origin);
  }

  #operate(packet: Packet, origin: ClientOrigin): void {
    switch (packet.cmd) {
      case 'publish':
        this.#publish(packet, origin);
        break;
      case 'pubrel':
        this.#release(packet);
        break;
      case 'subscribe':
        this.#subscribe(packet, origin);
        break;
      case 'unsubscribe':
        this.#unsubscribing.set(packet.messageId ?? 0, packet.unsubscriptions.length);
        this.#forward(packet);
        break;
      case 'puback':
      case 'pubrec':
      case 'pubcomp':
        this.#forward(packet);
        break;
      case 'pingreq':
        this.#send({ cmd: 'pingresp' });
        break;
      case 'disconnect':
        // MQTT 5, section 3.14.2.1: 4 is "disconnect with will message".
        if (packet.reasonCode !== 4) this.#will = undefined;
        this.#socket.end();
        break;
      case 'connect':
      case 'auth':
      case 'connack':
      case 'suback':
      case 'unsuback':
      case 'pingresp':
        this.#socket.destroy();
    }
  }

  #connect(packet: IConnectPacket): void {
    if (packet.protocolVersion !== 4 && packet.protocolVersion !== 5) {
      this.#refuse('unsupported-version');
      return;
    }
    this.#version = packet.protocolVersion;
    const admitted = this.#policy.admit(this.#socket, packet.clientId);
    if ('refusal' in admitted) {
      this.#refuse(admitted.refusal);
      return;
    }
    this.#origin = admitted.origin;
    this.#will = packet.will;
    clearTimeout(this.#silence);
    // MQTT 3.1.1, section 3.1.2.10: one and a half times the keep-alive without a packet ends the connection.
    this.#silenceLimit = (packet.keepalive ?? 0) * 1500;
    if (this.#silenceLimit > 0) this.#silence = setTimeout(() => this.#socket.destroy(), this.#silenceLimit);
    this.#pipe = new CorePipe({
      core: this.#core,
      onPacket: (answer) => this.#answer(answer),
      onDrain: () => this.#socket.resume(),
      // For example, another client has taken over the id.
      onClose: () => this.#socket.end(),
    });
    this.#pipe.send(coreConnect(packet));
  }

  #refuse(refusal: Refusal): void {
    this.#socket.end(refusedConnack(refusal, this.#version));
  }

  #publish(packet: IPublishPacket, origin: ClientOrigin): void {
    const { messageId } = packet;
    const isRepeated = packet.qos === 2 && messageId !== undefined && this.#unreleased.has(messageId);
    const reason = isRepeated ? publishReason.success : this.#policy.publish(packet, origin);
    if (reason === publishReason.success) {
      if (packet.qos === 2 && messageId !== undefined) this.#unreleased.add(messageId);
      this.#forward(packet);
      return;
    }
    if (packet.qos === 0 || messageId === undefined) return;
    const reasonCode = this.#policy.isStrict ? reason : publishReason.success;
    // MQTT 5, section 4.3.3: a PUBREC with an error ends the exchange, no PUBREL follows.
    const isCancelled = this.#version === 5 && reasonCode !== publishReason.success;
    if (packet.qos === 2 && !isCancelled) this.#denied.add(messageId);
    this.#send({ cmd: packet.qos === 1 ? 'puback' : 'pubrec', messageId, reasonCode });
  }

  #release(packet: Packet): void {
    const id = packet.messageId ?? 0;
    this.#unreleased.delete(id);
    if (this.#denied.delete(id)) this.#send({ cmd: 'pubcomp', messageId: id, reasonCode: 0 });
    else this.#forward(packet);
  }

  #subscribe(packet: ISubscribePacket, origin: ClientOrigin): void {
    const messageId = packet.messageId ?? 0;
    const allowed = packet.subscriptions.filter(({ topic }) => this.#policy.subscribe(topic, origin));
    this.#subscribing.set(messageId, { requested: packet.subscriptions, allowed: unique(allowed) });
    if (allowed.length > 0) this.#forward({ ...packet, subscriptions: unique(allowed) });
    else this.#grant(messageId, []);
  }

  /** Answers a SUBSCRIBE; `granted` is the core's answer for the allowed filters. */
  #grant(messageId: number, granted: readonly number[]): void {
    const { requested = [], allowed = [] } = this.#subscribing.get(messageId) ?? {};
    this.#subscribing.delete(messageId);
    const codes = new Map(allowed.map(({ topic }, index) => [topic, granted[index] ?? 0x80]));
    const denied = ({ qos }: ISubscription) => (this.#policy.isStrict ? subscribeDenied[this.#version] : qos);
    this.#send({ cmd: 'suback', messageId, granted: mergeGranted(requested, codes, denied) });
  }

  /** Forwards a packet of the core in the client's version. */
  #answer(packet: Packet): void {
    switch (packet.cmd) {
      case 'connack':
        this.#send({ ...packet, reasonCode: 0, properties: capabilities(this.#policy.maximumPacketSize) });
        break;
      case 'suback':
        this.#grant(packet.messageId ?? 0, packet.granted.map(Number));
        break;
      case 'unsuback': {
        const count = this.#unsubscribing.get(packet.messageId ?? 0) ?? 1;
        this.#unsubscribing.delete(packet.messageId ?? 0);
        this.#send({ ...packet, granted: Array.from({ length: count }, () => 0) });
        break;
      }
      case 'publish':
      case 'puback':
      case 'pubrec':
      case 'pubrel':
      case 'pubcomp':
        this.#send(packet);
        break;
      case 'auth':
      case 'connect':
      case 'disconnect':
      case 'pingreq':
      case 'pingresp':
      case 'subscribe':
      case 'unsubscribe':
        throw new Error(`the core sent ${packet.cmd}`);
    }
  }

  #forward(packet: Packet): void {
    if (this.#pipe?.send(coreBytes(packet)) === false) this.#socket.pause();
  }

  #send(packet: Packet): void {
    const isAcknowledgement = packet.cmd === 'puback' || packet.cmd === 'pubrec' || packet.cmd === 'pubcomp';
    if ((isAcknowledgement && this.#policy.withholdsAcknowledgements()) || !this.#socket.writable) return;
    if (!this.#socket.write(encode(packet, this.#version))) this.#pipe?.pause();
  }

  /** MQTT 5 has a code for this (section 3.14.2.1): 0x95, packet too large. */
  #tooLarge(): void {
    this.#policy.reportTooLarge(this.#origin);
    if (this.#version === 5) this.#send({ cmd: 'disconnect', reasonCode: 0x95 });
    this.#socket.destroySoon();
  }

  #close(): void {
    clearTimeout(this.#silence);
    this.#pipe?.end();
    const will = this.#will;
    this.#will = undefined;
    if (will === undefined || this.#origin === undefined) return;
    const packet = { cmd: 'publish', dup: false, retain: will.retain ?? false, qos: will.qos ?? 0 } as const;
    const message = { ...packet, topic: will.topic, payload: will.payload };
    if (this.#policy.publish(message, this.#origin) === publishReason.success && !this.#core.closed) {
      this.#core.publish(message, () => {});
    }
  }
}

/** The last subscription for each filter: this is how the core treats a filter that is listed twice. */
function unique(subscriptions: readonly ISubscription[]): ISubscription[] {
  return [...new Map(subscriptions.map((subscription) => [subscription.topic, subscription])).values()];
}
