/**
 * Finds the settings that a run needs in a reply of the Plugin Settings API. The shape of replies is not documented, so the search
 * does not depend on one: it looks at every value and at the names of the objects around it.
 */
import { TaskError } from '../exit/task-error.ts';

/** The settings by their documented names. `host` and `port` are the broker's. */
export const settingNames = {
  host: 'broker.host',
  port: 'broker.port',
  logPath: 'log.file.path',
  minimumLevel: 'system.logging.level',
} as const;
export type Setting = keyof typeof settingNames;

/** The different values that were found for each setting. */
export type FoundSettings = Readonly<Record<Setting, readonly string[]>>;

/** A reply has about forty values, a few levels deep. */
const MAX_NODES = 10_000;
const MAX_DEPTH = 16;
/** Characters of a name that are compared: more than the longest name has. */
const MAX_NAME = 40;

/** Keys of an object that describes one setting. Of several values, the first one in this order counts. */
const nameKeys = ['key', 'name', 'settingname'];
const valueKeys = ['effectivevalue', 'settingvalue', 'value'];

/** A text or a number, and where it was. */
interface Leaf {
  /** The names around it, outermost first, as `plain` makes them. */
  readonly path: readonly string[];
  readonly value: string;
  /** True if its key only says that it is a value, or if it has no key. */
  readonly isValue: boolean;
}

/**
 * Finds settings in any wrapper: names are compared without case and separators (`broker.host`, `Broker:Host`, `brokerHost`, or an
 * object `Broker` with `Host`), and an object may hold a name and a value instead (`{ "key": "broker.host", "value": "127.0.0.1" }`).
 * @param asked the setting that the request was for, if it was for one: then, a value needs no name
 * @throws TaskError `agent-reply` for a reply that is too large or too deep
 */
export function findSettings(reply: unknown, asked?: Setting): FoundSettings {
  const leaves = leavesOf(reply);
  const find = (setting: Setting) => {
    const named = leaves.filter(({ path }) => isNamed(path, settingNames[setting]));
    if (named.length > 0 || setting !== asked) return different(named);
    const values = leaves.filter(({ isValue }) => isValue);
    return different(values.length === 0 && leaves.length === 1 ? leaves : values);
  };
  return {
    host: find('host'),
    port: find('port'),
    logPath: find('logPath'),
    minimumLevel: find('minimumLevel'),
  };
}

function different(leaves: readonly Leaf[]): string[] {
  return [...new Set(leaves.map(({ value }) => value))];
}

/** True if the innermost names, or only the last one, are those of the setting. */
function isNamed(path: readonly string[], name: string): boolean {
  const wanted = plain(name);
  return path.some((_, at) => path.slice(at).join('') === wanted);
}

/** A name without case and separators. */
function plain(name: string): string {
  return name
    .slice(0, MAX_NAME)
    .toLowerCase()
    .replaceAll(/[^a-z0-9]/g, '');
}

function leavesOf(reply: unknown): Leaf[] {
  const leaves: Leaf[] = [];
  let nodes = 0;
  const visit = (node: unknown, path: readonly string[], isValue: boolean, depth: number): void => {
    nodes += 1;
    if (nodes > MAX_NODES || depth > MAX_DEPTH) {
      throw new TaskError('agent-reply', 'the Plugin Settings reply is too large or nested too deeply');
    }
    if (typeof node === 'string' || typeof node === 'number')
      leaves.push({ path, value: String(node), isValue });
    if (typeof node !== 'object' || node === null) return;
    if (Array.isArray(node)) {
      for (const element of node) visit(element, path, isValue, depth + 1);
      return;
    }
    for (const { name, child, isValue: isChildValue } of membersOf(node)) {
      visit(child, name === undefined ? path : [...path, plain(name)], isChildValue, depth + 1);
    }
  };
  visit(reply, [], true, 0);
  return leaves;
}

interface Member {
  /** Undefined if its key only says that it is a value. */
  readonly name: string | undefined;
  readonly child: unknown;
  readonly isValue: boolean;
}

/** The members of an object that may be or contain settings. */
function membersOf(object: object): Member[] {
  const members = Object.entries(object).map(([key, child]: [string, unknown]) => ({
    key,
    plainKey: plain(key),
    child,
  }));
  const first = (keys: readonly string[], isFit: (child: unknown) => boolean) =>
    keys.flatMap((key) => members.filter(({ plainKey, child }) => plainKey === key && isFit(child)))[0];
  const value = first(valueKeys, (child) => child !== null);
  const name = first(nameKeys, (child) => typeof child === 'string');
  if (value !== undefined && typeof name?.child === 'string') {
    return [{ name: name.child, child: value.child, isValue: true }];
  }
  const others = members.filter(({ plainKey }) => !valueKeys.includes(plainKey));
  return [
    ...(value === undefined ? [] : [{ name: undefined, child: value.child, isValue: true }]),
    ...others.map(({ key, child }) => ({ name: key, child, isValue: false })),
  ];
}
