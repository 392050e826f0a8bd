/**
 * A client's publications that are not completely acknowledged: which were denied, so that the core has not seen them, and the MQTT 5 reason
 * code that the acknowledgement of the others carries.
 */
import type { IPublishPacket, Packet } from 'mqtt-packet';
import { type MqttVersion, publishReason } from './packets.ts';

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

  /** The acknowledgement of a denied publication; undefined with QoS 0, which has none. */
  deny({ qos, messageId }: IPublishPacket, reasonCode: number, version: MqttVersion): Packet | undefined {
    if (qos === 0 || messageId === undefined) return undefined;
    // MQTT 5, section 4.3.3: a PUBREC with an error ends the exchange, no PUBREL follows.
    const isCancelled = version === 5 && reasonCode !== publishReason.success;
    if (qos === 2 && !isCancelled) this.#denied.add(messageId);
    return { cmd: qos === 1 ? 'puback' : 'pubrec', messageId, reasonCode };
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
