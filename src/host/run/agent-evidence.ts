/** Where a run finds evidence that the agent accepts its records, and what identifies the way in which it publishes them. */
import { createHash } from 'node:crypto';
import { dirname, isAbsolute } from 'node:path';
import type { AgentLink } from '../agent/index.ts';
import type { CoreOptions } from '../config/index.ts';
import type { Os } from '../platform/index.ts';
import { Confirmation } from './confirmation.ts';

/** Milliseconds to wait for the broker's answer on the probe topic. */
const PROBE_WAIT_MS = 2000;

export interface EvidenceOptions {
  readonly link: AgentLink;
  readonly config: Readonly<CoreOptions>;
  readonly jobId: string;
  readonly os: Os;
  /** Ends the waits when it aborts. */
  readonly limit: AbortSignal;
}

/** To be called before the first publication: the log is searched from its present end. */
export async function agentEvidence({
  link,
  config,
  jobId,
  os,
  limit,
}: EvidenceOptions): Promise<Confirmation> {
  const { connection, settings } = link;
  const { logPath, minimumLevel } = settings;
  const { probeBroker } = await import('../agent/index.ts');
  const { AgentLog } = await import('../installation/index.ts');
  const topic = config.probeTopic?.replaceAll('{jobId}', jobId);
  return new Confirmation({
    probe: async () => {
      if (topic === undefined) return undefined;
      const end = AbortSignal.any([limit, AbortSignal.timeout(PROBE_WAIT_MS)]);
      return await probeBroker(connection, topic, end);
    },
    log: await AgentLog.open(await foldersOf(link, config.agentRoot, os), limit),
    minimumLevel,
    isLogPlaceKnown: logPath !== undefined,
    limit,
  });
}

/** Folders that may contain the agent's log. */
async function foldersOf({ settings: { logPath } }: AgentLink, configured: string | undefined, os: Os) {
  const { findInstallation, logFolders } = await import('../installation/index.ts');
  const installation = findInstallation({ os, configured });
  if (installation !== undefined) return logFolders(installation.root, logPath);
  if (logPath === undefined || !isAbsolute(logPath)) return [];
  return [logPath.endsWith('.log') ? dirname(logPath) : logPath];
}

/** Changes whenever records are published in another way: as another client, on other topics or in another form. */
export function linkIdentity(config: Readonly<CoreOptions>): string {
  const { jobId, clientIdTemplate, mqttVersion, broker, mqttUser, probeTopic, payload } = config;
  const how = [jobId, clientIdTemplate, mqttVersion, broker, mqttUser, probeTopic, payload];
  return createHash('sha256').update(JSON.stringify(how)).digest('base64url').slice(0, 16);
}
