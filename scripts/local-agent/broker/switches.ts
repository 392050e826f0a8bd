/** How the broker behaves where KEPM's behaviour is not documented. */
import type { MqttVersionName } from './packets.ts';

/** What happens to a client whose id does not name the job of its process. */
export const clientIdPolicies = ['refuse', 'deny-silently'] as const;

/** How an accepted publication that nobody has subscribed to is acknowledged: with reason 16, or with 0. */
export const acknowledgements = ['mqttnet', 'always-success'] as const;

/** What a client of another version gets: CONNACK with "unsupported version" in the format of MQTT 3.1.1, or nothing. */
export const versionAnswers = ['connack', 'close'] as const;

export interface BrokerSwitches {
  /** Default `mqttnet`. Clients of MQTT 3.1.1 see no difference. */
  readonly acknowledge?: (typeof acknowledgements)[number] | undefined;
  /** Default `refuse`. */
  readonly wrongClientId?: (typeof clientIdPolicies)[number] | undefined;
  /** Default both. */
  readonly mqttVersions?: readonly MqttVersionName[] | undefined;
  /** Default `connack`. */
  readonly unsupportedVersion?: (typeof versionAnswers)[number] | undefined;
}
