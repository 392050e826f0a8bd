/** Where a run finds evidence that the agent accepts its records, and what identifies the way in which it publishes them. */
import { createHash } from 'node:crypto';
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
  readonly end: AbortSignal;
}

export interface AgentEvidence {
  readonly confirmation: Confirmation;
  /** Changes whenever records are published in another way: as another client, on other topics or in another form. */
  readonly linkIdentity: string;
}

/** To be called before the first publication: the log is searched from its present end. */
export async function agentEvidence(options: EvidenceOptions): Promise<AgentEvidence> {
  const { link, config, jobId, os, end } = options;
  const { connection, settings } = link;
  const { logPath, minimumLevel } = settings;
  const { probeBroker, probeTopicFor } = await import('../agent/index.ts');
  const { LOG_TOPIC } = await import('../delivery/index.ts');
  const { AgentLog, declaredPublications, findInstallation, logFolders } =
    await import('../installation/index.ts');
  const root = findInstallation({ os, configured: config.agentRoot })?.root;
  const declared = root === undefined ? undefined : declaredPublications(root, jobId);
  const topic = probeTopicFor(config.probeTopic, jobId);
  const confirmation = new Confirmation({
    probe: async () => {
      if (topic === undefined) return undefined;
      const limit = AbortSignal.any([end, AbortSignal.timeout(PROBE_WAIT_MS)]);
      return await probeBroker(connection, topic, limit);
    },
    connection,
    log: await AgentLog.open(logFolders(root, logPath), end),
    isTopicDeclared: declared && allows(declared, LOG_TOPIC),
    minimumLevel,
    end,
  });
  return { confirmation, linkIdentity: identityOf(config, declared) };
}

/** Undefined for a list with wildcards, whose meaning in the topics of jobs is not documented. */
function allows(declared: readonly string[], topic: string): boolean | undefined {
  if (declared.includes(topic)) return true;
  return declared.some((name) => /[+#*]/.test(name)) ? undefined : false;
}

function identityOf(config: Readonly<CoreOptions>, declared: readonly string[] = []): string {
  const { jobId, clientIdTemplate, mqttVersion, broker, mqttUser, probeTopic, payload } = config;
  const how = [jobId, clientIdTemplate, mqttVersion, broker, mqttUser, probeTopic, payload, declared];
  return createHash('sha256').update(JSON.stringify(how)).digest('base64url').slice(0, 16);
}
