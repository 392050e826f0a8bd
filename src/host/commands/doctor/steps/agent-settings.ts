/** What the agent's settings say, and in which shape: the reply of Plugin Settings is not documented. */
import { brokerEndpoint } from '../../../agent/index.ts';
import { levels } from '../../../log/index.ts';
import type { Level } from '../../../log/index.ts';
import type { LoopbackEndpoint } from '../../../platform/index.ts';
import { TaskError, asError, describeError } from '../../../exit/task-error.ts';
import { parseJson } from '../../../platform/untrusted-json.ts';
import { type Step, failed, ok, skipped } from './step.ts';

/** Depth of a reply that is searched, and entries that are looked at. */
const MAX_DEPTH = 8;
const MAX_ENTRIES = 20_000;

export interface AgentSettings {
  readonly broker: LoopbackEndpoint;
  /** `log.file.path`. */
  readonly logPath: string | undefined;
  /** `system.logging.level`, as the agent spells it. */
  readonly minimumLevel: string | undefined;
}

/** Where a setting was found. */
interface Place {
  readonly value: unknown;
  /** For people: `settings > Broker.Host`. */
  readonly where: string;
}

export const settings: Step = {
  id: 'settings',
  title: 'Settings readable',
  needs: ['health', 'certificate'],
  look: (examination) => {
    const { settingsReply: reply, settingsError } = examination;
    if (settingsError !== undefined) throw asError(settingsError);
    if (reply === undefined) return skipped('not checked: there was no reply');
    if (reply.status === 401 || reply.status === 403) return skipped('not checked: the agent refused the request');
    const saw = `HTTP ${reply.status}`;
    if (reply.status !== 200) {
      return failed(reply.status >= 500 ? 'unreachable' : 'bad-reply', saw, {
        means:
          reply.status >= 500
            ? 'The agent cannot answer at the moment.'
            : 'This agent does not offer its settings at /api/PluginSettings/KeeperPrivilegeManager.',
        change: 'Check the version of the agent, and its log.',
      });
    }
    const value = parsed(reply.body);
    const broker = brokerEndpoint(value);
    const found = settingsIn(value);
    examination.settings = {
      broker,
      logPath: textAt(found, 'log.file.path'),
      minimumLevel: textAt(found, 'system.logging.level'),
    };
    examination.broker = broker;
    const where = found.get('broker.host')?.where ?? 'an unknown place';
    return ok(`broker ${broker.address}:${broker.port}, found at ${where}`);
  },
};

function parsed(body: string): unknown {
  try {
    return parseJson(body);
  } catch (error) {
    throw new TaskError('agent-reply', `the Plugin Settings reply is not JSON: ${describeError(error)}`);
  }
}

function textAt(found: ReadonlyMap<string, Place>, name: string): string | undefined {
  const value = found.get(name)?.value;
  return typeof value === 'string' ? value : undefined;
}

/**
 * All scalar settings of a reply by their dotted names in lower case, whatever the wrapper: `{"Settings": [{"key": "Broker.Host",
 * "value": ...}]}` has `broker.host`. The first one of a name counts.
 */
export function settingsIn(reply: unknown): ReadonlyMap<string, Place> {
  const found = new Map<string, Place>();
  let entries = 0;
  const visit = (value: unknown, path: readonly string[], where: readonly string[]) => {
    entries += 1;
    if (path.length > MAX_DEPTH || entries > MAX_ENTRIES) return;
    if (typeof value !== 'object' || value === null) {
      // A wrapper in front is part of the path: every end of the path is a name.
      const parts = path.join('.').toLowerCase().replaceAll(':', '.').split('.');
      for (let start = 0; start < parts.length; start += 1) {
        const name = parts.slice(start).join('.');
        if (!found.has(name)) found.set(name, { value, where: where.join(' > ') });
      }
      return;
    }
    if (Array.isArray(value)) {
      for (const item of value as readonly unknown[]) visit(item, path, [...where, 'list']);
      return;
    }
    const named = keyAndValue(value);
    if (named !== undefined) visit(named.value, [...path, named.key], [...where, named.key]);
    else {
      for (const [key, item] of Object.entries(value)) {
        const isValue = /^(?:value|settingvalue|effectivevalue)$/i.test(key);
        visit(item, isValue ? path : [...path, key], [...where, key]);
      }
    }
  };
  visit(reply, [], []);
  return found;
}

/** `{ "key": "broker.host", "value": "127.0.0.1" }` with the names that such a pair may have. */
function keyAndValue(object: object): { readonly key: string; readonly value: unknown } | undefined {
  const entries = Object.entries(object);
  const key = entries.find(([name]) => /^(?:key|name|settingname)$/i.test(name))?.[1] as unknown;
  const value = entries.find(([name]) => /^(?:value|settingvalue|effectivevalue)$/i.test(name));
  return typeof key === 'string' && value !== undefined ? { key, value: value[1] as unknown } : undefined;
}

export const minimumLevel: Step = {
  id: 'minimum-level',
  title: "Minimum level of the agent's log",
  needs: ['settings'],
  look: ({ settings: found }) => {
    const said = found?.minimumLevel;
    if (said === undefined) return ok('not among the settings; the documented default is Warning');
    const level = levels.find((each) => each.toLowerCase() === said.toLowerCase());
    if (level === undefined) return ok(`system.logging.level is ${said}, which is not a documented level`);
    if (isHidden('Warning', level)) {
      return failed('config', `system.logging.level is ${said}`, {
        means: 'Records at Warning, which say what needs attention, are not written to the log.',
        change: 'Set system.logging.level of KeeperPrivilegeManager to Warning or Information.',
      });
    }
    if (isHidden('Information', level)) return ok(`system.logging.level is ${said}: Information is not written`);
    return ok(`system.logging.level is ${said}`);
  },
};

const isHidden = (level: Level, minimum: Level) => levels.indexOf(level) < levels.indexOf(minimum);
