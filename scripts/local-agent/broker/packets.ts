/**
 * The two versions of MQTT side by side: what the session says in MQTT 3.1.1 towards the broker's core, and what a client
 * of MQTT 5 hears. The core (aedes) refuses MQTT 5, so its clients are translated here, packet by packet.
 */
import mqttPacket, { type IConnectPacket, type ISubscription, type Packet } from 'mqtt-packet';

/** Versions as they stand in CONNECT: 4 is MQTT 3.1.1. */
export type MqttVersion = 4 | 5;

/** Refusals of a connection: the code of MQTT 3.1.1 (section 3.2.2.3) and of MQTT 5 (section 3.2.2.2). */
export const refusals = {
  'unsupported-version': { 4: 1, 5: 0x84 },
  'identifier-rejected': { 4: 2, 5: 0x85 },
  'not-authorised': { 4: 5, 5: 0x87 },
} as const;
export type Refusal = keyof typeof refusals;

/** Reason codes of MQTT 5 (section 2.4) for a publish that is not taken. */
export const publishReason = {
  success: 0,
  notAuthorised: 0x87,
  quotaExceeded: 0x97,
  payloadInvalid: 0x99,
} as const;

/** SUBACK codes for a subscription that is not granted. */
export const subscribeDenied: Readonly<Record<MqttVersion, number>> = { 4: 0x80, 5: 0x87 };

/** What this broker has, in CONNACK's properties; whatever is not listed has the standard's default. */
export function capabilities(maximumPacketSize: number) {
  return {
    maximumPacketSize,
    topicAliasMaximum: 0,
    subscriptionIdentifiersAvailable: false,
    sharedSubscriptionAvailable: false,
  };
}

export function encode(packet: Packet, protocolVersion: MqttVersion): Buffer {
  return mqttPacket.generate(packet, { protocolVersion });
}

/** CONNACK with a refusal. */
export function refusedConnack(refusal: Refusal, version: MqttVersion): Buffer {
  const code = refusals[refusal][version];
  return encode({ cmd: 'connack', sessionPresent: false, returnCode: code, reasonCode: code }, version);
}

/**
 * The core's CONNECT for a client's. The will and the keep-alive stay with the session. A session of MQTT 5 outlives its
 * connection only if it has an expiry interval (MQTT 5, section 3.1.2.11.2), which is not counted down.
 */
export function coreConnect({ clientId, clean, properties, protocolVersion }: IConnectPacket): Buffer {
  const isLasting = protocolVersion !== 5 || (properties?.sessionExpiryInterval ?? 0) > 0;
  return encode(
    {
      cmd: 'connect',
      protocolId: 'MQTT',
      protocolVersion: 4,
      clientId,
      clean: clean === true || !isLasting,
      keepalive: 0,
    },
    4,
  );
}

/** A client's packet for the core; what only MQTT 5 has is left out by the encoder. */
export function coreBytes(packet: Packet): Buffer {
  return encode(packet, 4);
}

/** SUBACK codes in the order of the client's request: the core's for what it was asked for, `denied` for the rest. */
export function mergeGranted(
  requested: readonly ISubscription[],
  granted: ReadonlyMap<string, number>,
  denied: (subscription: ISubscription) => number,
): number[] {
  return requested.map((subscription) => granted.get(subscription.topic) ?? denied(subscription));
}
