/**
 * The job of a client. KEPM derives it from the format of the client id after it has found the process in its registry (documentation,
 * "Job and plugin MQTT topic permissions"); the format is not public. By default, one of the parts between underscores must be the
 * job's id, which is why ids must not contain underscores.
 */
import type { Peer } from '../trust/trust.ts';

/** The reason for refusing or denying a client. */
export const NAMES_NO_JOB = 'the client id does not name the job of its process';

export interface IdentityRules {
  /** With a group `jobId`; replaces the default rule. */
  readonly pattern: RegExp | undefined;
  readonly hasJob: (id: string) => boolean;
}

/** The job's id, or undefined when this client id is not one that this peer may use. */
export function jobOfClient(
  clientId: string,
  peer: Peer,
  { pattern, hasJob }: IdentityRules,
): string | undefined {
  const named =
    pattern === undefined ? clientId.split('_') : [pattern.exec(clientId)?.groups?.['jobId'] ?? ''];
  if (peer.kind === 'started') return named.find((id) => id === peer.process.jobId);
  return named.find((id) => hasJob(id));
}
