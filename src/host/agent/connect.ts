/** From a job's arguments to a connection: asks the agent for the broker's address and connects. */
import type { Log } from '../log/index.ts';
import type { Os, ReadInput } from '../platform/index.ts';
import { BrokerConnection, type MqttVersion } from './broker-connection.ts';
import { clientId } from './client-id.ts';
import { agentEvents } from './events.ts';
import { peerCheck } from './peer-check.ts';
import { readBrokerEndpoint } from './plugin-settings.ts';
import { readAuthorities } from './tls-policy.ts';

/** The part of the configuration that the connection needs. */
export interface AgentOptions {
  readonly keeperApiBase: string;
  readonly caFile: string | undefined;
  /** User who may run the agent, besides root and the current user: a name, a uid or `any`. */
  readonly agentUser: string | undefined;
  readonly os: Os;
  readonly clientIdTemplate: string;
  readonly mqttVersion: 'auto' | MqttVersion;
  /** Milliseconds for each wait for the agent. */
  readonly agentTimeout: number;
  readonly jobId: string;
  readonly jobName: string;
  readonly pid: number;
  readonly log: Log;
  readonly readInput: ReadInput;
  /** Ends the waits early. */
  readonly signal: AbortSignal;
}

/** A connection to the agent, and what its settings say about its log. */
export interface AgentLink {
  readonly connection: BrokerConnection;
  /** `log.file.path` and `system.logging.level` as they were sent; undefined if they are not known. */
  readonly logPath: string | undefined;
  readonly minimumLevel: string | undefined;
}

/** Finds the broker and connects. @throws TaskError of any `agent-*` kind, or `config` for the CA file. */
export async function connectToAgent(options: AgentOptions): Promise<AgentLink> {
  const { keeperApiBase, caFile, clientIdTemplate, mqttVersion, agentTimeout, log, signal } = options;
  const authorities = caFile === undefined ? undefined : await readAuthorities(caFile, options.readInput);
  const peers = peerCheck({
    os: options.os,
    agentUser: options.agentUser,
    onUnreadable: (reason) => log(agentEvents.peerNotChecked, { reason }),
  });
  const endpoint = await readBrokerEndpoint({
    apiBase: keeperApiBase,
    authorities,
    peers,
    timeout: agentTimeout,
    signal,
  });
  log(agentEvents.settingsRead, { broker: `${endpoint.address}:${endpoint.port}` });
  const id = clientId(clientIdTemplate, options);
  const connection = await BrokerConnection.open({
    endpoint,
    authorities,
    peers,
    clientId: id,
    mqttVersion,
    timeout: agentTimeout,
    signal,
  });
  log(agentEvents.brokerConnected, { clientId: id, mqttVersion: connection.mqttVersion });
  return { connection, logPath: undefined, minimumLevel: undefined };
}
