/**
 * Checks that a broker sends only packets that a publishing client can receive, or one that has also subscribed to a topic. It sees the bytes before the MQTT parser, which
 * would buffer as much as a packet's header announces, up to 256 MB. It reads fixed headers only (MQTT 3.1.1 and 5, section 2).
 */
import { TaskError } from '../exit/task-error.ts';

/** The largest packet that is accepted. Expected packets have a few bytes; in MQTT 5, a broker may add properties. */
export const MAX_PACKET_BYTES = 64 * 1024;
/** The largest publication that is accepted by a client that has subscribed: other programs' records may be large. */
const MAX_PUBLICATION_BYTES = 1024 * 1024;
/** Packets beyond one acknowledgement per publication: replies to pings, and repeated acknowledgements. */
const SPARE_PACKETS = 256;

const CONNACK = 2;
const PUBLISH = 3;
const SUBACK = 9;
/** For each type of packet: the most bytes that may follow its fixed header, in MQTT 3.1.1 and 5. */
const expected: Readonly<Record<number, readonly [v3: number, v5: number]>> = {
  [CONNACK]: [2, MAX_PACKET_BYTES],
  // PUBACK
  4: [2, MAX_PACKET_BYTES],
  // PINGRESP
  13: [0, 0],
  // For one subscription
  [SUBACK]: [3, MAX_PACKET_BYTES],
  // DISCONNECT, which only an MQTT 5 broker sends
  14: [-1, MAX_PACKET_BYTES],
};

export class PacketGuard {
  readonly #version: 0 | 1;
  readonly #published: () => number;
  readonly #isSubscribed: boolean;
  #packets = 0;
  /** The header's first byte; undefined between packets and within a packet's body. */
  #first: number | undefined;
  #length = 0;
  #digits = 0;
  /** Bytes of the body still to come. */
  #body = 0;

  /**
   * @param published how many publications have been sent so far
   * @param isSubscribed the client also receives publications, with QoS 0
   */
  constructor(mqttVersion: '3.1.1' | '5', published: () => number, isSubscribed = false) {
    this.#version = mqttVersion === '5' ? 1 : 0;
    this.#published = published;
    this.#isSubscribed = isSubscribed;
  }

  /** Checks the next bytes of the connection. Returns a TaskError `agent-reply` at the first violation. */
  violation(chunk: Uint8Array): TaskError | undefined {
    for (let at = 0; at < chunk.length;) {
      if (this.#body > 0) {
        const skipped = Math.min(this.#body, chunk.length - at);
        this.#body -= skipped;
        at += skipped;
        continue;
      }
      const byte = chunk[at] ?? 0;
      at += 1;
      const what = this.#first === undefined ? this.#begin(byte) : this.#digit(byte);
      if (what !== undefined) {
        return new TaskError('agent-reply', `the agent's broker does not follow MQTT: it ${what}`);
      }
    }
    return undefined;
  }

  /** Checks the first byte of a header. @returns the problem, if any */
  #begin(byte: number): string | undefined {
    const type = byte >> 4;
    // The lowest bit of a publication says that it was retained.
    if (this.#isSubscribed && this.#packets > 0 && type === PUBLISH && (byte & 0x0e) === 0) {
      this.#startLength(byte);
      return undefined;
    }
    const isExpected = this.#most(type) >= 0 && (byte & 0x0f) === 0;
    // CONNACK is the first packet, and only the first (section 3.2).
    if (!isExpected || (type === CONNACK) !== (this.#packets === 0)) {
      return `sent an unexpected packet (type ${type}, number ${this.#packets + 1})`;
    }
    this.#packets += 1;
    if (this.#packets > SPARE_PACKETS + 2 * this.#published()) {
      return `sent ${this.#packets} packets for ${this.#published()} publications`;
    }
    this.#startLength(byte);
    return undefined;
  }

  #startLength(first: number): void {
    this.#first = first;
    this.#length = 0;
    this.#digits = 0;
  }

  /** Bytes that may follow the header of a packet of this type; -1 for an unexpected type. */
  #most(type: number): number {
    if (!this.#isSubscribed) return type === SUBACK ? -1 : (expected[type]?.[this.#version] ?? -1);
    return type === PUBLISH ? MAX_PUBLICATION_BYTES : (expected[type]?.[this.#version] ?? -1);
  }

  /** A byte of the remaining length: seven bits each, the lowest first, at most four bytes. @returns as `#begin` */
  #digit(byte: number): string | undefined {
    this.#length += (byte & 0x7f) * 128 ** this.#digits;
    this.#digits += 1;
    if ((byte & 0x80) !== 0) {
      return this.#digits === 4 ? 'sent a packet with a malformed length' : undefined;
    }
    const most = this.#most((this.#first ?? 0) >> 4);
    if (this.#length > most) {
      return `announced a packet of ${this.#length} bytes; at most ${most} are allowed`;
    }
    this.#body = this.#length;
    this.#first = undefined;
    return undefined;
  }
}
