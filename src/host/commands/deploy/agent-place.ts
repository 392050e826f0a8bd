/** The agent that a command works on. */
import { TaskError } from '../../exit/task-error.ts';
import {
  type Installation,
  agentRoots,
  findInstallation,
  requireRootAnswers,
} from '../../installation/index.ts';
import type { Platform } from '../../platform/index.ts';
import type { AgentFlags } from './options.ts';
import { checkedRoot } from './safe-folder.ts';

/** @throws TaskError `config` when there is no agent or its file system does not answer, `cannot-write` when other users could change its root */
export async function agentPlace(
  { os, elevated }: Platform,
  { agentRoot }: AgentFlags,
  signal: AbortSignal,
): Promise<Installation> {
  await requireRootAnswers(agentRoot, signal);
  const found = findInstallation({ os, configured: agentRoot });
  if (found !== undefined) return { ...found, root: checkedRoot(found.root, elevated) };
  throw new TaskError(
    'config',
    agentRoot === undefined
      ? `no agent was found: none of these folders contains Jobs and appsettings.json: ${agentRoots(os).join(', ')}; give the right one with --agent-root`
      : `--agent-root ${agentRoot} contains no folder Jobs; give the folder that contains Jobs and appsettings.json`,
  );
}
