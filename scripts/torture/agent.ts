/**
 * The local agent as the rows use it: one that accepts records from every local process, with switches for its
 * faults.
 */
import { type LocalAgent, layOutJob, startAgent } from '../local-agent/index.ts';
import type { RunRecord, Trial } from './harness.ts';

export type { LocalAgent } from '../local-agent/index.ts';

const JOB = 'secrets-scan';

/** Starts an agent that is stopped at the end of the row. */
export async function agentFor(trial: Trial): Promise<LocalAgent> {
  const root = trial.makeFolder('agent', { owner: 0, mode: 0o700 });
  const agent = await startAgent({ root, startup: false, trustEveryone: true, historyLimit: 2_000_000 });
  trial.cleanUp(() => agent.stop());
  layOutJob(root, { id: JOB, script: '#!/bin/sh\n' });
  agent.reloadJobs();
  return agent;
}

/** What a run with this agent needs in addition to its own arguments. */
export function underAgent(
  apiBase: string,
  timeout = '2s',
): { readonly args: readonly string[]; readonly env: Record<string, string> } {
  return {
    args: [`--keeper-api-base=${apiBase}`, `--agent-timeout=${timeout}`],
    env: { KEEPER_JOB_ID: JOB },
  };
}

/**
 * The agent's records; one that arrived twice with the same id counts once, as documented for a kill before its
 * PUBACK.
 */
export function uniqueRecords(agent: LocalAgent): RunRecord[] {
  const byId = new Map<string, RunRecord>();
  for (const { payload } of agent.records) {
    const record: RunRecord = JSON.parse(JSON.stringify(payload));
    byId.set(record.id, record);
  }
  return [...byId.values()];
}
