/**
 * A client's publications that are not completely acknowledged: which were denied, so that the core has not seen them, and the MQTT 5 reason
 * code that the acknowledgement of the others carries.
 */
import type { IPublishPacket, Packet } from 'mqtt-packet';

export class PublishExchanges {
  readonly #denied = new Set<number>();
  /** Reason codes by packet id: with QoS 1 until PUBACK, with QoS 2 until PUBREL. */
  readonly #accepted = new Map<number, number>();

  /** True for a QoS 2 publication that was accepted before and is not released yet. */
  isRepeated({ qos, messageId }: IPublishPacket): boolean {
    return qos === 2 && messageId !== undefined && this.#accepted.has(messageId);
  }

  accept({ qos, messageId }: IPublishPacket, reasonCode: number): void {
    if (qos !== 0 && messageId !== undefined) this.#accepted.set(messageId, reasonCode);
  }

  deny(messageId: number): void {
    this.#denied.add(messageId);
  }

  /** The core's acknowledgement of an accepted publication, with its reason code. */
  acknowledge(packet: Packet & { readonly cmd: 'puback' | 'pubrec' }): Packet {
    const id = packet.messageId ?? 0;
    const reasonCode = this.#accepted.get(id) ?? 0;
    if (packet.cmd === 'puback') this.#accepted.delete(id);
    return { ...packet, reasonCode };
  }

  /** The client has sent PUBREL. Returns true for a denied publication, which the core does not know. */
  release(messageId: number): boolean {
    this.#accepted.delete(messageId);
    return this.#denied.delete(messageId);
  }
}
