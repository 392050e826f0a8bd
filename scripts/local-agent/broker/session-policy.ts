/**
 * The decisions for a client that is connected: whether a publication or a subscription is allowed, and which faults are active. Sends
 * nothing. `admission.ts` decides who may connect.
 */
import type { IPublishPacket } from 'mqtt-packet';
import type { JobDocument } from '../../../src/host/job/schema.ts';
import type { Audit } from '../audit.ts';
import type { Faults } from '../faults.ts';
import { type PublishOrigin, LOG_TOPIC } from '../logger/keeper-logger.ts';
import type { ClientOrigin } from './admission.ts';
import { NAMES_NO_JOB } from './client-identity.ts';
import { publishReason } from './packets.ts';
import type { BrokerSwitches } from './switches.ts';
import { mayPublish, maySubscribe } from './topic-rules.ts';

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

export interface PolicyOptions {
  readonly audit: Audit;
  readonly faults: Faults;
  readonly strict: boolean;
  readonly switches: BrokerSwitches;
  readonly jobs: () => ReadonlyMap<string, JobDocument>;
  /** Receives a publication on `KeeperLogger`; returns the reason for refusing it, which has been recorded. */
  readonly log: (payload: Buffer, origin: PublishOrigin) => string | undefined;
  /** Receives any other publication. */
  readonly event: (payload: Buffer, origin: PublishOrigin) => void;
}

/** Bytes of a publication's payload, unless the switch says otherwise. */
const MAXIMUM_PAYLOAD = 256 * 1024;

/** Room for a packet's topic and properties beside its payload. */
const PACKET_OVERHEAD = 64 * 1024;

export class SessionPolicy {
  readonly #options: PolicyOptions;
  #published = 0;

  constructor(options: PolicyOptions) {
    this.#options = options;
  }

  get isStrict(): boolean {
    return this.#options.strict;
  }

  get maximumPacketSize(): number {
    return this.#maximumPayload + PACKET_OVERHEAD;
  }

  /** Packets that a client may send before its connection is closed. */
  packetLimit(): number {
    return this.#options.faults.dropAfterPackets ?? Infinity;
  }

  /** Counts a publication of any client; true if the connection is to be closed instead of handling it. */
  cutsPublish(): boolean {
    const { closeAfterPublishes } = this.#options.faults;
    if (closeAfterPublishes === undefined) return false;
    this.#published += 1;
    return this.#published % closeAfterPublishes === 0;
  }

  /** True if nothing is answered at all. */
  isMute(): boolean {
    return this.#options.faults.broker === 'hang';
  }

  withholdsAcknowledgements(): boolean {
    return this.#options.faults.broker === 'no-ack';
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
    const { event, faults, jobs, log, switches } = this.#options;
    const { topic, messageId: packetId } = packet;
    const { clientId, jobId } = client;
    const payload = Buffer.from(packet.payload);
    if (jobId === undefined) return this.#deny(client, topic, NAMES_NO_JOB);
    if (!mayPublish(jobs().get(jobId), topic, switches.topicMatching)) {
      return this.#deny(client, topic, 'the topic is not in allowedPublications of the job');
    }
    if (topic === deniedTopic(faults)) return this.#deny(client, topic, 'fault: the topic is denied');
    if (payload.length > this.#maximumPayload) {
      const reason = `the payload has ${payload.length} bytes`;
      return this.#deny(client, topic, reason, publishReason.quotaExceeded);
    }
    const origin = { clientId, jobId, topic, packetId };
    const isHeard = topic === LOG_TOPIC && faults.log !== 'not-listening';
    if (isHeard && log(payload, origin) !== undefined) {
      return { isDenied: true, reason: publishReason.payloadInvalid };
    }
    if (topic !== LOG_TOPIC) event(payload, origin);
    const isSuccess = isHeard || hasSubscriber || switches.acknowledge === 'always-success';
    return {
      isDenied: false,
      reason: isSuccess ? publishReason.success : publishReason.noMatchingSubscribers,
    };
  }

  /** Whether a subscription is allowed. */
  subscribe(topic: string, origin: ClientOrigin): boolean {
    const { audit, jobs, switches } = this.#options;
    const { jobId } = origin;
    const isAllowed = jobId !== undefined && maySubscribe(jobs().get(jobId), topic, switches.topicMatching);
    if (!isAllowed) {
      const listed = 'the topic is not in allowedSubscriptions of the job';
      const reason = jobId === undefined ? NAMES_NO_JOB : listed;
      audit.add('subscribe-denied', reason, { ...detailsOf(origin), topic });
    }
    return isAllowed;
  }

  get #maximumPayload(): number {
    return this.#options.switches.maximumPayload ?? MAXIMUM_PAYLOAD;
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

function detailsOf({ clientId, jobId }: ClientOrigin) {
  return { clientId, ...(jobId === undefined ? {} : { jobId }) };
}

/** The topic whose publications the fault `denySilently` drops. */
function deniedTopic({ denySilently }: Faults): string | undefined {
  if (denySilently === undefined || denySilently === 'client-id') return undefined;
  return denySilently === 'topic' ? LOG_TOPIC : denySilently.slice('topic:'.length);
}
