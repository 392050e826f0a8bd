/** From a job's arguments to a connection: asks the agent for the broker's address and connects. */
import type { Log } from '../log/index.ts';
import type { Os, ReadInput } from '../platform/index.ts';
import { BrokerConnection } from './broker-connection.ts';
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
  readonly mqttVersion: '3.1.1' | '5';
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

/** Finds the broker and connects. @throws TaskError of any `agent-*` kind, or `config` for the CA file. */
export async function connectToAgent(options: AgentOptions): Promise<BrokerConnection> {
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
  log(agentEvents.brokerConnected, { clientId: id, mqttVersion });
  return connection;
}
