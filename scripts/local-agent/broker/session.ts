/**
 * One client's connection to the broker. Every packet passes through here; allowed ones go to the broker's core, which routes and stores
 * them. A denied publication is acknowledged and dropped, a denied subscription is granted and left empty, because KEPM denies silently
 * (documentation, "Job and plugin MQTT topic permissions"). In strict mode, an MQTT 5 client receives the reason. An accepted publication that
 * nobody has subscribed to is acknowledged with the reason code of MQTTnet's broker.
 */
import type { TLSSocket } from 'node:tls';
import type { Aedes } from 'aedes';
import type { IConnectPacket, IPublishPacket, ISubscribePacket, Packet } from 'mqtt-packet';
import { ClientConnection } from './client-connection.ts';
import type { ClientEntry, ClientTable } from './client-table.ts';
import { CorePipe } from './core-pipe.ts';
import {
  type BrokerPacket,
  type ClientPacket,
  type Refusal,
  capabilities,
  coreBytes,
  coreConnect,
  disconnectReason,
  isCleanSession,
  isFromClient,
  publishReason,
  refusedConnack,
  subscribeDenied,
} from './packets.ts';
import { PublishExchanges } from './publish-exchanges.ts';
import type { Admission, ClientOrigin } from './admission.ts';
import type { SessionPolicy } from './session-policy.ts';
import { SubscriptionRequests } from './subscription-requests.ts';

export interface SessionOptions {
  readonly socket: TLSSocket;
  readonly core: Aedes;
  readonly clients: ClientTable;
  readonly admission: Admission;
  readonly policy: SessionPolicy;
}

/** Serves one client until its connection ends. */
export function serve(options: SessionOptions): void {
  void new Session(options);
}

class Session {
  readonly #connection: ClientConnection;
  readonly #core: Aedes;
  readonly #clients: ClientTable;
  readonly #admission: Admission;
  readonly #policy: SessionPolicy;
  #pipe: CorePipe | undefined;
  #origin: ClientOrigin | undefined;
  #will: IConnectPacket['will'];
  #packets = 0;
  /** The connection ends as soon as what it has accepted is acknowledged. */
  #isEnding = false;
  #entry: ClientEntry | undefined;
  readonly #publishes = new PublishExchanges();
  readonly #subscriptions = new SubscriptionRequests();

  constructor({ socket, core, clients, admission, policy }: SessionOptions) {
    this.#core = core;
    this.#clients = clients;
    this.#admission = admission;
    this.#policy = policy;
    this.#connection = new ClientConnection({
      socket,
      maximumPacketSize: policy.maximumPacketSize,
      onPacket: (packet) => this.#receive(packet),
      onTooLarge: () => this.#tooLarge(),
      onDrain: () => this.#pipe?.resume(),
      onClose: () => this.#close(),
    });
  }

  get #socket(): TLSSocket {
    return this.#connection.socket;
  }

  #receive(packet: Packet): void {
    if (this.#isEnding) return;
    this.#packets += 1;
    if (this.#packets > this.#policy.packetLimit()) {
      this.#socket.destroy();
      return;
    }
    if (packet.cmd === 'publish' && this.#policy.cutsPublish()) {
      this.#isEnding = true;
      this.#pipe?.end();
      return;
    }
    if (this.#policy.isMute()) {
      this.#connection.limitSilence(0);
      return;
    }
    if (this.#origin === undefined && packet.cmd === 'connect') this.#connect(packet);
    else if (this.#origin !== undefined && isFromClient(packet)) this.#operate(packet, this.#origin);
    else this.#socket.destroy();
  }

  #operate(packet: ClientPacket, origin: ClientOrigin): void {
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
        this.#subscriptions.unsubscribe(packet);
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
        this.#entry?.leave();
        this.#socket.end();
    }
  }

  #connect(packet: IConnectPacket): void {
    const version = this.#admission.versionOf(packet);
    if (version === undefined) {
      // Answered as a broker that knows no other version does: in the oldest format.
      if (this.#admission.answersUnsupportedVersions) this.#refuse('unsupported-version');
      else this.#socket.destroy();
      return;
    }
    this.#connection.version = version;
    const admitted = this.#admission.admit(this.#socket, packet);
    if ('refusal' in admitted) {
      this.#refuse(admitted.refusal);
      return;
    }
    this.#origin = admitted.origin;
    this.#will = packet.will;
    this.#connection.limitSilence(packet.keepalive ?? 0);
    this.#pipe = new CorePipe({
      core: this.#core,
      onPacket: (answer) => this.#answer(answer),
      onDrain: () => this.#socket.resume(),
      onClose: () => this.#socket.end(),
    });
    this.#entry = this.#clients.enter(packet.clientId, {
      isClean: isCleanSession(packet),
      onTakenOver: () => this.#takenOver(),
    });
    this.#pipe.send(coreConnect(packet));
  }

  #refuse(refusal: Refusal): void {
    this.#socket.end(refusedConnack(refusal, this.#connection.version));
  }

  #publish(packet: IPublishPacket, origin: ClientOrigin): void {
    if (this.#publishes.isRepeated(packet)) {
      this.#forward(packet);
      return;
    }
    const hasSubscriber = this.#clients.hasSubscriber(packet.topic);
    const { isDenied, reason } = this.#policy.publish(packet, origin, hasSubscriber);
    if (!isDenied) {
      this.#publishes.accept(packet, reason);
      this.#forward(packet);
      return;
    }
    const said = this.#policy.isStrict ? reason : publishReason.success;
    const answer = this.#publishes.deny(packet, said, this.#connection.version);
    if (answer !== undefined) this.#send(answer);
  }

  #release(packet: Packet): void {
    const messageId = packet.messageId ?? 0;
    if (this.#publishes.release(messageId)) this.#send({ cmd: 'pubcomp', messageId, reasonCode: 0 });
    else this.#forward(packet);
  }

  #subscribe(packet: ISubscribePacket, origin: ClientOrigin): void {
    const allowed = this.#subscriptions.subscribe(packet, ({ topic }) =>
      this.#policy.subscribe(topic, origin),
    );
    if (allowed === undefined) this.#grant(packet.messageId ?? 0, []);
    else this.#forward(allowed);
  }

  /** Answers a SUBSCRIBE; `granted` is the core's answer for the allowed filters. */
  #grant(messageId: number, granted: readonly number[]): void {
    const { codes, filters } = this.#subscriptions.subscribed(messageId, granted, ({ qos }) =>
      this.#policy.isStrict ? subscribeDenied[this.#connection.version] : qos,
    );
    for (const filter of filters) this.#entry?.subscribed(filter);
    this.#send({ cmd: 'suback', messageId, granted: codes });
  }

  /** Forwards a packet of the core in the client's version. */
  #answer(packet: BrokerPacket): void {
    switch (packet.cmd) {
      case 'connack':
        this.#send({ ...packet, reasonCode: 0, properties: capabilities(this.#policy.maximumPacketSize) });
        break;
      case 'suback':
        this.#grant(packet.messageId ?? 0, packet.granted.map(Number));
        break;
      case 'unsuback': {
        const filters = this.#subscriptions.unsubscribed(packet.messageId ?? 0);
        for (const filter of filters) this.#entry?.unsubscribed(filter);
        this.#send({ ...packet, granted: filters.map(() => 0) });
        break;
      }
      case 'puback':
      case 'pubrec':
        this.#send(this.#publishes.acknowledge(packet));
        break;
      case 'publish':
      case 'pubrel':
      case 'pubcomp':
        this.#send(packet);
        break;
    }
  }

  #forward(packet: Packet): void {
    if (this.#pipe?.send(coreBytes(packet)) === false) this.#socket.pause();
  }

  #send(packet: Packet): void {
    const isAcknowledgement = packet.cmd === 'puback' || packet.cmd === 'pubrec' || packet.cmd === 'pubcomp';
    if (isAcknowledgement && this.#policy.withholdsAcknowledgements()) return;
    if (!this.#connection.send(packet)) this.#pipe?.pause();
  }

  #tooLarge(): void {
    this.#policy.reportTooLarge(this.#origin);
    this.#connection.disconnect(disconnectReason.packetTooLarge);
  }

  /** Another client has connected with this client's id. */
  #takenOver(): void {
    if (this.#origin !== undefined) this.#policy.reportTakeover(this.#origin);
    this.#connection.disconnect(disconnectReason.takenOver);
  }

  #close(): void {
    this.#pipe?.end();
    this.#entry?.leave();
    const will = this.#will;
    this.#will = undefined;
    if (will === undefined || this.#origin === undefined) return;
    const packet = { cmd: 'publish', dup: false, retain: will.retain ?? false, qos: will.qos ?? 0 } as const;
    const message = { ...packet, topic: will.topic, payload: will.payload };
    const { isDenied } = this.#policy.publish(message, this.#origin, this.#clients.hasSubscriber(will.topic));
    if (!isDenied && !this.#core.closed) this.#core.publish(message, () => {});
  }
}
