/**
 * The part of the Plugin Settings API that a job reads: `GET {base}/api/PluginSettings/KeeperPrivilegeManager` (KEPM
 * documentation, "Job and plugin settings keys").
 */
import { TaskError } from '../exit/task-error.ts';
import { type ApiRequest, requestApi } from './api-request.ts';
import { settingsRefused } from './refusals.ts';

/** The path of the agent-wide settings. */
export const SETTINGS_PATH = '/api/PluginSettings/KeeperPrivilegeManager';

/** How often a request is repeated. */
const RETRIES = 2;

export interface SettingsApi extends Pick<ApiRequest, 'apiBase' | 'authorities' | 'peers' | 'signal'> {
  /** The executable's name, for errors. */
  readonly program: string;
  /** Milliseconds for all requests together. */
  readonly timeout: number;
}

/**
 * Requests one setting by its name, or all of them. Resolves to the parsed reply; undefined for HTTP 404.
 * @throws TaskError `agent-unreachable`, `agent-refused` (401, 403) or `agent-reply` (a redirect, a reply that is not JSON)
 */
export type GetSetting = (name?: string) => Promise<unknown>;

/** Access to the agent-wide settings. The time for all requests begins now. */
export function settingsApi({ timeout, program, ...request }: SettingsApi): GetSetting {
  const signal = AbortSignal.any([request.signal, AbortSignal.timeout(timeout)]);
  return async (name) => {
    const path = name === undefined ? SETTINGS_PATH : `${SETTINGS_PATH}/${encodeURIComponent(name)}`;
    const { status, body } = await requestApi(path, { ...request, signal, retries: RETRIES });
    if (status === 404) return undefined;
    refuseStatus(status, request.apiBase, program);
    return parseJson(body);
  };
}

/** The error for HTTP 404 where the settings should be. */
export function settingsNotFound(apiBase: string): TaskError {
  return new TaskError('agent-reply', answered(apiBase, 404));
}

/** The status codes are not documented; these are their conventional meanings. */
function refuseStatus(status: number, apiBase: string, program: string): void {
  if (status === 200) return;
  if (status === 401 || status === 403) throw settingsRefused(new URL(apiBase).origin, status, program);
  throw new TaskError(status >= 500 ? 'agent-unreachable' : 'agent-reply', answered(apiBase, status));
}

function answered(apiBase: string, status: number): string {
  return `the agent at ${new URL(apiBase).origin} answered the Plugin Settings request with HTTP ${status}`;
}

function parseJson(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    // The parser's message quotes the reply, which may contain anything.
    throw new TaskError('agent-reply', 'the Plugin Settings reply is not JSON');
  }
}
