/** How the broker behaves where KEPM's behaviour is not documented. */
import type { MqttVersionName } from './packets.ts';
import type { TopicMatching } from './topic-rules.ts';

/** What happens to a client whose id does not name the job of its process. */
export const clientIdPolicies = ['refuse', 'deny-silently'] as const;

/** How an accepted publication that nobody has subscribed to is acknowledged: with reason 16, or with 0. */
export const acknowledgements = ['mqttnet', 'always-success'] as const;

/** What a client of another version gets: CONNACK with "unsupported version" in the format of MQTT 3.1.1, or nothing. */
export const versionAnswers = ['connack', 'close'] as const;

export interface BrokerSwitches {
  /** How a client id names its job, with a group `jobId`. Default: one of the parts between underscores is the job's id. */
  readonly clientIdPattern?: RegExp | undefined;
  readonly topicMatching?: TopicMatching;
  /** Bytes of the largest payload that the broker accepts. Default 256 KiB. */
  readonly maximumPayload?: number | undefined;
  /** What CONNECT must contain. Default: nothing. */
  readonly brokerCredentials?: { readonly user: string; readonly password: string } | undefined;
  /** Default `mqttnet`. Clients of MQTT 3.1.1 see no difference. */
  readonly acknowledge?: (typeof acknowledgements)[number] | undefined;
  /** Default `refuse`. */
  readonly wrongClientId?: (typeof clientIdPolicies)[number] | undefined;
  /** Default both. */
  readonly mqttVersions?: readonly MqttVersionName[] | undefined;
  /** Default `connack`. */
  readonly unsupportedVersion?: (typeof versionAnswers)[number] | undefined;
}
