/** From a job's arguments to a connection: asks the agent for its settings and connects to its broker. */
import type { Log } from '../log/index.ts';
import { requireRootAnswers } from '../installation/index.ts';
import { type LoopbackEndpoint, type Os, type ReadInput, hostPort } from '../platform/index.ts';
import { type AgentSettings, readAgentSettings } from './agent-settings.ts';
import { type ApiBaseReplaced, withApiBase } from './api-base.ts';
import { BrokerConnection, type MqttVersion } from './broker-connection.ts';
import { clientId } from './client-id.ts';
import { readLogin } from './broker-login.ts';
import { agentEvents } from './events.ts';
import { type PeerCheck, peerCheck } from './peer-check.ts';
import { type Authorities, readAuthorities } from './tls-policy.ts';

/** The part of the configuration that the connection needs. */
export interface AgentOptions {
  /** As the agent has passed it; anything else than an https URL of this machine is replaced. */
  readonly keeperApiBase?: string | undefined;
  /** The agent's root; undefined looks for it. */
  readonly agentRoot?: string | undefined;
  /** The broker's address; undefined asks the API for it. */
  readonly broker?: LoopbackEndpoint | undefined;
  /** Default `all`. */
  readonly settingsRequest?: 'all' | 'each';
  readonly caFile?: string | undefined;
  /** The name that the agent's certificate must have, with `caFile`. */
  readonly tlsServerName?: string | undefined;
  /** User who may run the agent, besides root and the current user: a name, a uid or `any`. */
  readonly agentUser?: string | undefined;
  readonly os: Os;
  readonly clientIdTemplate: string;
  readonly mqttVersion: 'auto' | MqttVersion;
  readonly mqttUser?: string | undefined;
  readonly mqttPasswordFile?: string | undefined;
  /** Subscribe to this topic, to see the run's own records come back. */
  readonly watchedTopic?: string | undefined;
  /** Milliseconds for each wait for the agent. */
  readonly agentTimeout: number;
  readonly jobId: string;
  readonly jobName?: string | undefined;
  readonly taskId?: string | undefined;
  readonly pid: number;
  /** The executable's name. */
  readonly program: string;
  /** Name of the machine. */
  readonly host: string;
  readonly log: Log;
  readonly readInput: ReadInput;
  /** Ends the waits early. */
  readonly signal: AbortSignal;
}

/** A connection, and what is known about the agent. */
export interface AgentLink {
  readonly connection: BrokerConnection;
  readonly settings: AgentSettings;
}

/** Finds the broker and connects. @throws TaskError of any `agent-*` kind, or `config` for a file or the client id. */
export async function connectToAgent(options: AgentOptions): Promise<AgentLink> {
  const { caFile, mqttVersion, agentTimeout, program, log, readInput, signal } = options;
  const { jobId, jobName, taskId, pid, host } = options;
  const id = clientId(options.clientIdTemplate, {
    jobId,
    jobName,
    taskId,
    pid,
    program,
    host,
    time: Date.now(),
  });
  await requireRootAnswers(options.agentRoot, signal);
  const authorities =
    caFile === undefined ? undefined : await readAuthorities(caFile, readInput, options.tlsServerName);
  const login = await readLogin(options, readInput);
  const peers = peerCheck({
    os: options.os,
    agentUser: options.agentUser,
    onUnreadable: (reason) => log(agentEvents.peerNotChecked, { reason }),
  });
  const ask = settingsReader(options, authorities, peers);
  const settings = options.broker === undefined ? await ask(signal) : { broker: options.broker };
  if (options.broker === undefined) log(agentEvents.settingsRead, { broker: hostPort(settings.broker) });
  const connection = await BrokerConnection.open({
    endpoint: settings.broker,
    ...(options.broker === undefined && { findAgain: finder(ask, settings.broker, log) }),
    authorities,
    peers,
    clientId: id,
    login,
    mqttVersion,
    watchedTopic: options.watchedTopic,
    program,
    timeout: agentTimeout,
    signal,
  });
  log(agentEvents.brokerConnected, { clientId: id, mqttVersion: connection.mqttVersion });
  return { connection, settings };
}

type AskForSettings = (signal: AbortSignal) => Promise<AgentSettings>;

/** Asks the agent for its settings, again each time. A replaced address is reported once. */
function settingsReader(
  options: AgentOptions,
  authorities: Authorities | undefined,
  peers: PeerCheck,
): AskForSettings {
  const { settingsRequest = 'all', agentTimeout, program, log } = options;
  const reported = new Set<string>();
  return async (signal) => {
    const place = {
      keeperApiBase: options.keeperApiBase,
      agentRoot: options.agentRoot,
      os: options.os,
      onReplaced: (how: ApiBaseReplaced) => {
        if (!reported.has(how.apiBase)) log(agentEvents.apiBaseReplaced, { ...how });
        reported.add(how.apiBase);
      },
    };
    return await withApiBase(place, (apiBase) =>
      readAgentSettings({
        apiBase,
        settingsRequest,
        authorities,
        peers,
        program,
        timeout: agentTimeout,
        signal,
      }),
    );
  };
}

/** Finds the broker after the agent has restarted on other ports. */
function finder(ask: AskForSettings, first: LoopbackEndpoint, log: Log) {
  let known = hostPort(first);
  return async (signal: AbortSignal): Promise<LoopbackEndpoint | undefined> => {
    // The agent may still be starting: the next attempt asks again.
    const broker = (await ask(signal).catch(() => undefined))?.broker;
    if (broker === undefined || hostPort(broker) === known) return undefined;
    known = hostPort(broker);
    log(agentEvents.brokerMoved, { broker: known });
    return broker;
  };
}
