/**
 * Translation between the two versions of MQTT. The core (aedes) does not support MQTT 5, so packets of MQTT 5 clients are translated to
 * 3.1.1 and back.
 */
import mqttPacket, { type IConnectPacket, type ISubscription, type Packet } from 'mqtt-packet';

/** Versions as encoded in CONNECT: 4 is MQTT 3.1.1. */
export type MqttVersion = 4 | 5;

/** The versions by name. */
export const mqttVersions = { '3.1.1': 4, '5': 5 } as const satisfies Record<string, MqttVersion>;
export type MqttVersionName = keyof typeof mqttVersions;
export const mqttVersionNames = ['3.1.1', '5'] as const satisfies readonly MqttVersionName[];

/** Refusals of a connection: the code of MQTT 3.1.1 (section 3.2.2.3) and of MQTT 5 (section 3.2.2.2). */
export const refusals = {
  'unsupported-version': { 4: 1, 5: 0x84 },
  'identifier-rejected': { 4: 2, 5: 0x85 },
  'bad-credentials': { 4: 4, 5: 0x86 },
  'not-authorised': { 4: 5, 5: 0x87 },
} as const;
export type Refusal = keyof typeof refusals;

const fromBroker = [
  'connack',
  'publish',
  'puback',
  'pubrec',
  'pubrel',
  'pubcomp',
  'suback',
  'unsuback',
] as const;

/** The packets that the core sends. */
export type BrokerPacket = Extract<Packet, { readonly cmd: (typeof fromBroker)[number] }>;

export function isFromBroker(packet: Packet): packet is BrokerPacket {
  return fromBroker.some((cmd) => cmd === packet.cmd);
}

const fromClient = [
  'publish',
  'puback',
  'pubrec',
  'pubrel',
  'pubcomp',
  'subscribe',
  'unsubscribe',
  'pingreq',
  'disconnect',
] as const;

/** The packets that a client may send after CONNECT; `auth` is not supported. */
export type ClientPacket = Extract<Packet, { readonly cmd: (typeof fromClient)[number] }>;

export function isFromClient(packet: Packet): packet is ClientPacket {
  return fromClient.some((cmd) => cmd === packet.cmd);
}

/** Reason codes of MQTT 5 (section 2.4) for a publication. */
export const publishReason = {
  success: 0,
  noMatchingSubscribers: 0x10,
  notAuthorised: 0x87,
  quotaExceeded: 0x97,
  payloadInvalid: 0x99,
} as const;

/** Reason codes of MQTT 5 (section 3.14.2.1) for a connection that the broker ends. */
export const disconnectReason = { takenOver: 0x8e, packetTooLarge: 0x95 } as const;

/** SUBACK codes for a subscription that is not granted. */
export const subscribeDenied: Readonly<Record<MqttVersion, number>> = { 4: 0x80, 5: 0x87 };

/** The capabilities of this broker in CONNACK's properties; others have the standard's default. */
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
 * True if nothing of the session is kept. A session of MQTT 5 outlives its connection only if it has an expiry interval (MQTT 5, section
 * 3.1.2.11.2), which is not counted down.
 */
export function isCleanSession({ clean, properties, protocolVersion }: IConnectPacket): boolean {
  const isLasting = protocolVersion !== 5 || (properties?.sessionExpiryInterval ?? 0) > 0;
  return clean === true || !isLasting;
}

/** The CONNECT for the core, from the client's. The session keeps the will and the keep-alive. */
export function coreConnect(packet: IConnectPacket): Buffer {
  return encode(
    {
      cmd: 'connect',
      protocolId: 'MQTT',
      protocolVersion: 4,
      clientId: packet.clientId,
      clean: isCleanSession(packet),
      keepalive: 0,
    },
    4,
  );
}

/** A client's packet for the core; the encoder omits parts that only MQTT 5 has. */
export function coreBytes(packet: Packet): Buffer {
  return encode(packet, 4);
}

/** SUBACK codes in the order of the client's request: the core's codes for allowed filters, `denied` for the others. */
export function mergeGranted(
  requested: readonly ISubscription[],
  granted: ReadonlyMap<string, number>,
  denied: (subscription: ISubscription) => number,
): number[] {
  return requested.map((subscription) => granted.get(subscription.topic) ?? denied(subscription));
}
