/**
 * The decisions for a session: whether a client may connect, whether a publication or a subscription is allowed, and which faults are
 * active. Sends nothing.
 */
import type { TLSSocket } from 'node:tls';
import type { IConnectPacket, IPublishPacket } from 'mqtt-packet';
import type { JobDocument } from '../../../src/host/job/schema.ts';
import type { Audit } from '../audit.ts';
import type { Faults } from '../faults.ts';
import { type PublishOrigin, LOG_TOPIC } from '../logger/keeper-logger.ts';
import type { Peer, Trust } from '../trust/trust.ts';
import { jobOfClient } from './client-identity.ts';
import { type MqttVersion, type Refusal, mqttVersionNames, mqttVersions, publishReason } from './packets.ts';
import type { BrokerSwitches } from './switches.ts';
import { type TopicMatching, mayPublish, maySubscribe } from './topic-rules.ts';

/** An accepted client. */
export interface ClientOrigin {
  readonly clientId: string;
  /** Undefined for a client id that names no job: everything that the client does is denied silently. */
  readonly jobId: string | undefined;
  readonly peer: Peer;
}

/** An accepted publication on a topic other than `KeeperLogger`. */
export interface ReceivedEvent extends PublishOrigin {
  readonly payload: string;
  /** Milliseconds since 1970. */
  readonly receivedAt: number;
}

/** A decision about a publication, and the reason code that MQTT 5 has for it. */
export interface PublishVerdict {
  readonly isDenied: boolean;
  readonly reason: number;
}

export interface PolicyOptions extends BrokerSwitches {
  readonly trust: Trust;
  readonly audit: Audit;
  readonly faults: Faults;
  readonly strict: boolean;
  readonly clientIdPattern: RegExp | undefined;
  readonly topicMatching: TopicMatching;
  /** Bytes of a publish's payload. */
  readonly maximumPayload: number;
  readonly jobs: () => ReadonlyMap<string, JobDocument>;
  /** Receives a publication on `KeeperLogger`; returns the reason for refusing it, which has been recorded. */
  readonly log: (payload: Buffer, origin: PublishOrigin) => string | undefined;
  /** Receives any other publication. */
  readonly event: (payload: Buffer, origin: PublishOrigin) => void;
  readonly onAdmitted: (socket: TLSSocket, origin: ClientOrigin) => void;
}

/** Room for a packet's topic and properties beside its payload. */
const PACKET_OVERHEAD = 64 * 1024;

export class SessionPolicy {
  readonly #options: PolicyOptions;

  constructor(options: PolicyOptions) {
    this.#options = options;
  }

  get isStrict(): boolean {
    return this.#options.strict;
  }

  get maximumPacketSize(): number {
    return this.#options.maximumPayload + PACKET_OVERHEAD;
  }

  /** Packets that a client may send before its connection is closed. */
  packetLimit(): number {
    return this.#options.faults.dropAfterPackets ?? Infinity;
  }

  /** True if nothing is answered at all. */
  isMute(): boolean {
    return this.#options.faults.broker === 'hang';
  }

  withholdsAcknowledgements(): boolean {
    return this.#options.faults.broker === 'no-ack';
  }

  /** The version of a CONNECT; undefined if this broker does not speak it. */
  versionOf({ protocolVersion }: IConnectPacket): MqttVersion | undefined {
    const { mqttVersions: spoken = mqttVersionNames } = this.#options;
    return spoken.map((name) => mqttVersions[name]).find((version) => version === protocolVersion);
  }

  get answersUnsupportedVersions(): boolean {
    return this.#options.unsupportedVersion !== 'close';
  }

  /** Accepts a client or returns the refusal: checks the process first, then the client id. */
  admit(
    socket: TLSSocket,
    { clientId }: IConnectPacket,
  ): { readonly origin: ClientOrigin } | { readonly refusal: Refusal } {
    const { audit, clientIdPattern, faults, jobs, onAdmitted, trust, wrongClientId } = this.#options;
    if (faults.broker === 'not-authorised') {
      audit.add('connection-refused', 'fault: the broker authorises nobody', { clientId });
      return { refusal: 'not-authorised' };
    }
    const peer = trust.peerOf(socket);
    if (peer === undefined) {
      audit.add('connection-refused', 'MQTT: the client is no process that the agent started', { clientId });
      return { refusal: 'not-authorised' };
    }
    const pid = peer.kind === 'anyone' ? {} : { pid: peer.pid };
    const rules = { pattern: clientIdPattern, hasJob: (id: string) => jobs().has(id) };
    const jobId = jobOfClient(clientId, peer, rules);
    if (jobId === undefined) {
      const deniesSilently = wrongClientId === 'deny-silently' || faults.denySilently === 'client-id';
      const reason = `MQTT: ${NAMES_NO_JOB}`;
      if (!deniesSilently) {
        audit.add('connection-refused', reason, { clientId, ...pid });
        return { refusal: 'identifier-rejected' };
      }
      audit.warn('session', `${reason}; whatever it publishes is dropped`, { clientId, ...pid });
    }
    const origin = { clientId, jobId, peer };
    onAdmitted(socket, origin);
    return { origin };
  }

  /** A packet that is too large has started to arrive. */
  reportTooLarge(origin: ClientOrigin | undefined): void {
    this.#options.audit.add(
      'publish-denied',
      'the packet is too large; the connection is cut',
      origin === undefined ? {} : detailsOf(origin),
    );
  }

  /** Another connection has the client's id now. */
  reportTakeover(origin: ClientOrigin): void {
    const reason = 'MQTT: another connection with the same client id has taken over; this one is closed';
    this.#options.audit.warn('session', reason, detailsOf(origin));
  }

  /** Accepts or denies a publication. `hasSubscriber`: whether any client has subscribed to its topic. */
  publish(packet: IPublishPacket, client: ClientOrigin, hasSubscriber: boolean): PublishVerdict {
    const { acknowledge, event, faults, jobs, log, maximumPayload, topicMatching } = this.#options;
    const { topic, messageId: packetId } = packet;
    const { clientId, jobId } = client;
    const payload = Buffer.from(packet.payload);
    if (jobId === undefined) return this.#deny(client, topic, NAMES_NO_JOB);
    if (!mayPublish(jobs().get(jobId), topic, topicMatching)) {
      return this.#deny(client, topic, 'the topic is not in allowedPublications of the job');
    }
    if (topic === deniedTopic(faults)) return this.#deny(client, topic, 'fault: the topic is denied');
    if (payload.length > maximumPayload) {
      const reason = `the payload has ${payload.length} bytes`;
      return this.#deny(client, topic, reason, publishReason.quotaExceeded);
    }
    const origin = { clientId, jobId, topic, packetId };
    const isHeard = topic === LOG_TOPIC && faults.log !== 'not-listening';
    if (isHeard && log(payload, origin) !== undefined) {
      return { isDenied: true, reason: publishReason.payloadInvalid };
    }
    if (topic !== LOG_TOPIC) event(payload, origin);
    const isSuccess = isHeard || hasSubscriber || acknowledge === 'always-success';
    return {
      isDenied: false,
      reason: isSuccess ? publishReason.success : publishReason.noMatchingSubscribers,
    };
  }

  /** Whether a subscription is allowed. */
  subscribe(topic: string, origin: ClientOrigin): boolean {
    const { audit, jobs, topicMatching } = this.#options;
    const { jobId } = origin;
    const isAllowed = jobId !== undefined && maySubscribe(jobs().get(jobId), topic, topicMatching);
    if (!isAllowed) {
      const listed = 'the topic is not in allowedSubscriptions of the job';
      const reason = jobId === undefined ? NAMES_NO_JOB : listed;
      audit.add('subscribe-denied', reason, { ...detailsOf(origin), topic });
    }
    return isAllowed;
  }

  #deny(
    origin: ClientOrigin,
    topic: string,
    cause: string,
    reason: number = publishReason.notAuthorised,
  ): PublishVerdict {
    this.#options.audit.add('publish-denied', cause, { ...detailsOf(origin), topic });
    return { isDenied: true, reason };
  }
}

const NAMES_NO_JOB = 'the client id does not name the job of its process';

function detailsOf({ clientId, jobId }: ClientOrigin) {
  return { clientId, ...(jobId === undefined ? {} : { jobId }) };
}

/** The topic whose publications the fault `denySilently` drops. */
function deniedTopic({ denySilently }: Faults): string | undefined {
  if (denySilently === undefined || denySilently === 'client-id') return undefined;
  return denySilently === 'topic' ? LOG_TOPIC : denySilently.slice('topic:'.length);
}
