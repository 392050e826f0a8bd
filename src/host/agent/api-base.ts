/**
 * Where the agent's API is. The agent passes its address to a job, but it may not have filled in the token, and the port may be another
 * one after a restart; then, the port is read from the agent's own configuration.
 */
import { TaskError, describeError, errorKind } from '../exit/task-error.ts';
import { agentRoots, findInstallation, readHttpsPort } from '../installation/index.ts';
import { type Os, loopbackUrl } from '../platform/index.ts';

/** The part of the configuration that says where the API is. */
export interface ApiPlace {
  /** As it was given: it may be empty, or the token itself. */
  readonly keeperApiBase?: string | undefined;
  /** The agent's root; undefined looks for it. */
  readonly agentRoot?: string | undefined;
  readonly os: Os;
  /** Called before an address is used that was not given. */
  readonly onReplaced: (how: ApiBaseReplaced) => void;
}

/** Why and by what an address was replaced. */
export interface ApiBaseReplaced {
  readonly apiBase: string;
  /** The agent's root, whose configuration has the port. */
  readonly root: string;
  readonly reason: string;
}

/** The token in a job's arguments that the agent replaces. */
const TOKEN = '{KeeperApiBaseUrl}';

/**
 * Calls the action with the address that was given, and if that is not usable or nothing answers there, with the port of the
 * agent's `appsettings.json`. Addresses of other machines are never used.
 * @throws TaskError `agent-unreachable` when neither address is usable; errors of the action
 */
export async function withApiBase<Result>(
  place: ApiPlace,
  action: (apiBase: string) => Promise<Result>,
): Promise<Result> {
  const { keeperApiBase, onReplaced } = place;
  const problem = apiBaseProblem(keeperApiBase);
  let failure: unknown;
  if (keeperApiBase !== undefined && problem === undefined) {
    try {
      return await action(keeperApiBase);
    } catch (error) {
      if (errorKind(error) !== 'agent-unreachable') throw error;
      failure = error;
    }
  }
  const installed = installedAt(place);
  if ('problem' in installed) throw failure ?? unknown(problem ?? '', installed.problem);
  const { root, port } = installed;
  if (failure !== undefined && loopbackUrl(keeperApiBase ?? '')?.port === port) throw failure;
  const apiBase = `https://127.0.0.1:${port}`;
  onReplaced({ apiBase, root, reason: problem ?? describeError(failure) });
  return await action(apiBase);
}

/**
 * Why an address cannot be used, as the end of a sentence; undefined if it can be. Never quotes the address, which may be any text.
 */
export function apiBaseProblem(apiBase: string | undefined): string | undefined {
  if (apiBase === undefined) return 'not set';
  if (apiBase === '') return 'empty';
  if (apiBase.includes(TOKEN)) return `the placeholder ${TOKEN}, which the agent has not replaced`;
  return loopbackUrl(apiBase) === undefined ? 'not an https URL of this machine' : undefined;
}

/** The API's port according to the agent's configuration, or why there is none. */
function installedAt({ os, agentRoot }: ApiPlace) {
  const root = findInstallation({ os, configured: agentRoot })?.root;
  if (root === undefined) {
    const places = agentRoot === undefined ? agentRoots(os).join(', ') : agentRoot;
    return { problem: `no agent was found in ${places}` };
  }
  const port = readHttpsPort(root);
  if (port === undefined)
    return { problem: `KestrelHttpsPort cannot be read from appsettings.json in ${root}` };
  return { root, port };
}

function unknown(given: string, installed: string): TaskError {
  return new TaskError(
    'agent-unreachable',
    `the address of the agent's API is not known: --keeper-api-base is ${given}, and ${installed}; ` +
      `write --keeper-api-base=${TOKEN} in the job's arguments, or set --agent-root`,
  );
}
