/** The settings of the agent that a run uses: with one request for all of them, or with one for each. */
import { TaskError } from '../exit/task-error.ts';
import { type LoopbackEndpoint, loopbackEndpoint } from '../platform/index.ts';
import { type GetSetting, type SettingsApi, settingsApi, settingsNotFound } from './plugin-settings.ts';
import { type FoundSettings, type Setting, findSettings, settingNames } from './settings-search.ts';

/** The settings of the agent that a run uses. */
export interface AgentSettings {
  readonly broker: LoopbackEndpoint;
  /** `log.file.path` as the agent sent it: path variables are not replaced. */
  readonly logPath?: string | undefined;
  /** `system.logging.level` as the agent sent it. */
  readonly minimumLevel?: string | undefined;
}

export interface SettingsRequest extends SettingsApi {
  /** `all` falls back to `each` if the reply is 404 or does not name the broker. */
  readonly settingsRequest: 'all' | 'each';
}

/**
 * Asks the agent for its settings.
 * @throws TaskError `agent-unreachable`, `agent-refused` (401, 403), or `agent-reply` (404, a redirect, an unusable reply)
 */
export async function readAgentSettings(request: SettingsRequest): Promise<AgentSettings> {
  const get = settingsApi(request);
  const all = request.settingsRequest === 'all' ? await get() : undefined;
  if (all === undefined) {
    const each = await askForEach(get);
    if (each === undefined) throw settingsNotFound(request.apiBase);
    return agentSettingsIn(each);
  }
  const found = findSettings(all);
  if (problemOf(found) === undefined) return agentSettingsIn(found);
  const each = await askForEach(get).catch(() => undefined);
  return agentSettingsIn(each !== undefined && problemOf(each) === undefined ? each : found);
}

/** Asks for each setting; undefined if the broker's address is not among them. */
async function askForEach(get: GetSetting): Promise<FoundSettings | undefined> {
  const ask = async (setting: Setting) => {
    const reply = await get(settingNames[setting]);
    return reply === undefined ? undefined : findSettings(reply, setting)[setting];
  };
  const optional = async (setting: Setting) => (await ask(setting).catch(() => undefined)) ?? [];
  const [host, port, logPath, minimumLevel] = await Promise.all([
    ask('host'),
    ask('port'),
    optional('logPath'),
    optional('minimumLevel'),
  ]);
  return host === undefined || port === undefined ? undefined : { host, port, logPath, minimumLevel };
}

/**
 * The settings among those that were found.
 * @throws TaskError `agent-reply` that names the missing or ambiguous one, or says that the broker is not on this machine
 */
export function agentSettingsIn(found: FoundSettings): AgentSettings {
  const problem = problemOf(found);
  if (problem !== undefined) {
    throw new TaskError('agent-reply', `the agent's settings have ${problem}; set --broker=HOST:PORT`);
  }
  const broker = loopbackEndpoint(found.host[0] ?? '', portsIn(found)[0] ?? 0);
  if (broker === undefined) {
    throw new TaskError(
      'agent-reply',
      'the Plugin Settings reply names a broker that is not on this machine',
    );
  }
  return { broker, logPath: only(found.logPath), minimumLevel: only(found.minimumLevel) };
}

/** Why the address of the broker is not known; undefined if it is. */
function problemOf(found: FoundSettings): string | undefined {
  const counts = { [settingNames.host]: found.host.length, [settingNames.port]: portsIn(found).length };
  for (const [name, count] of Object.entries(counts)) {
    if (count === 0) return `no usable ${name}`;
    if (count > 1) return `${count} different values of ${name}`;
  }
  return undefined;
}

/** The different values that are port numbers. */
function portsIn({ port }: FoundSettings): number[] {
  const numbers = port.filter((text) => /^\d{1,5}$/.test(text)).map(Number);
  return [...new Set(numbers.filter((number) => number >= 1 && number <= 65_535))];
}

/** The only value; undefined if there are none or several. */
function only(values: readonly string[]): string | undefined {
  return values.length === 1 ? values[0] : undefined;
}
