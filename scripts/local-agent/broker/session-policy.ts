/**
 * The decisions for a session: whether a client may connect, whether a publication or a subscription is allowed, and which faults are
 * active. Sends nothing.
 */
import type { TLSSocket } from 'node:tls';
import type { IPublishPacket } from 'mqtt-packet';
import type { JobDocument } from '../../../src/host/job/schema.ts';
import type { Audit } from '../audit.ts';
import type { Faults } from '../faults.ts';
import { type PublishOrigin, LOG_TOPIC } from '../logger/keeper-logger.ts';
import type { Peer, Trust } from '../trust/trust.ts';
import { jobOfClient } from './client-identity.ts';
import { type Refusal, publishReason } from './packets.ts';
import { type TopicMatching, mayPublish, maySubscribe } from './topic-rules.ts';

/** An accepted client. */
export interface ClientOrigin {
  readonly clientId: string;
  readonly jobId: string;
  readonly peer: Peer;
}

/** An accepted publication on a topic other than `KeeperLogger`. */
export interface ReceivedEvent extends PublishOrigin {
  readonly payload: string;
  /** Milliseconds since 1970. */
  readonly receivedAt: number;
}

export interface PolicyOptions {
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

  /** Accepts a client or returns the refusal: checks the process first, then the client id. */
  admit(
    socket: TLSSocket,
    clientId: string,
  ): { readonly origin: ClientOrigin } | { readonly refusal: Refusal } {
    const { audit, clientIdPattern, faults, jobs, onAdmitted, trust } = this.#options;
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
      const reason = 'MQTT: the client id does not name the job of its process';
      audit.add('connection-refused', reason, { clientId, ...pid });
      return { refusal: 'identifier-rejected' };
    }
    const origin = { clientId, jobId, peer };
    onAdmitted(socket, origin);
    return { origin };
  }

  /** A packet that is too large has started to arrive. */
  reportTooLarge(origin: ClientOrigin | undefined): void {
    const { clientId, jobId } = origin ?? {};
    const details = {
      ...(clientId === undefined ? {} : { clientId }),
      ...(jobId === undefined ? {} : { jobId }),
    };
    this.#options.audit.add('publish-denied', 'the packet is too large; the connection is cut', details);
  }

  /** Accepts or denies a publication. Returns MQTT 5's reason code, 0 for success. */
  publish(packet: IPublishPacket, { clientId, jobId }: ClientOrigin): number {
    const { audit, event, jobs, log, maximumPayload, topicMatching } = this.#options;
    const { topic, messageId: packetId } = packet;
    const details = { clientId, jobId, topic };
    const payload = Buffer.from(packet.payload);
    if (!mayPublish(jobs().get(jobId), topic, topicMatching)) {
      audit.add('publish-denied', 'the topic is not in allowedPublications of the job', details);
      return publishReason.notAuthorised;
    }
    if (payload.length > maximumPayload) {
      audit.add('publish-denied', `the payload has ${payload.length} bytes`, details);
      return publishReason.quotaExceeded;
    }
    const origin = { clientId, jobId, topic, packetId };
    if (topic !== LOG_TOPIC) {
      event(payload, origin);
      return publishReason.success;
    }
    return log(payload, origin) === undefined ? publishReason.success : publishReason.payloadInvalid;
  }

  /** Whether a subscription is allowed. */
  subscribe(topic: string, { clientId, jobId }: ClientOrigin): boolean {
    const { audit, jobs, topicMatching } = this.#options;
    const isAllowed = maySubscribe(jobs().get(jobId), topic, topicMatching);
    if (!isAllowed) {
      const reason = 'the topic is not in allowedSubscriptions of the job';
      audit.add('subscribe-denied', reason, { clientId, jobId, topic });
    }
    return isAllowed;
  }
}
