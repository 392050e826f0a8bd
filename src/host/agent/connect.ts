/** From a job's arguments to a connection: asks the agent for its settings and connects to its broker. */
import { setTimeout as sleep } from 'node:timers/promises';
import { errorKind } from '../exit/task-error.ts';
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

/** Milliseconds between two attempts while the agent restarts. */
const RESTART_LOOK_MS = 500;

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
  const open = (endpoint: LoopbackEndpoint) =>
    BrokerConnection.open({
      endpoint,
      ...(options.broker === undefined && { findAgain: finder(ask, endpoint, log) }),
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
  const link =
    options.broker === undefined
      ? await askAndOpen({
          ask,
          open,
          log,
          limit: AbortSignal.any([signal, AbortSignal.timeout(agentTimeout)]),
        })
      : { connection: await open(options.broker), settings: { broker: options.broker } };
  log(agentEvents.brokerConnected, { clientId: id, mqttVersion: link.connection.mqttVersion });
  return link;
}

/** Asks for the settings and connects; again if the agent restarts in between. @throws TaskError of the last attempt */
async function askAndOpen({
  ask,
  open,
  log,
  limit,
}: {
  readonly ask: AskForSettings;
  readonly open: (endpoint: LoopbackEndpoint) => Promise<BrokerConnection>;
  readonly log: Log;
  /** Aborted when no further attempt is to be made. */
  readonly limit: AbortSignal;
}): Promise<AgentLink> {
  let settings = await ask(limit);
  log(agentEvents.settingsRead, { broker: hostPort(settings.broker) });
  let hasRestarted = false;
  for (let attempt = 1; ; attempt += 1) {
    try {
      return { connection: await open(settings.broker), settings };
    } catch (error) {
      if (errorKind(error) !== 'agent-unreachable' || limit.aborted) throw error;
      const now = await ask(limit).catch(() => undefined);
      const hasMoved = now !== undefined && hostPort(now.broker) !== hostPort(settings.broker);
      hasRestarted ||= now === undefined || hasMoved;
      // The agent is where it was, and its broker, which may have been restarting, is still not there.
      if ((attempt > 1 && !hasRestarted) || limit.aborted) throw error;
      if (hasMoved) {
        settings = now;
        log(agentEvents.brokerMoved, { broker: hostPort(settings.broker) });
      }
    }
    await sleep(RESTART_LOOK_MS, undefined, { signal: limit }).catch(() => undefined);
  }
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
