/**
 * The shape of a Plugin Settings reply. It is not documented; a switch selects one of the plausible shapes, so that clients can be tested with
 * all of them.
 */
import type { SettingValue, Settings } from './settings-store.ts';

/**
 * - `flat`: `{ "broker.host": "127.0.0.1", "broker.port": 8675 }`
 * - `nested`: `{ "broker": { "host": "127.0.0.1", "port": 8675 } }`
 * - `wrapped`: `{ "pluginName": "...", "settings": { "broker.host": "127.0.0.1", "broker.port": 8675 } }`
 * - `list`: `[{ "name": "broker.host", "value": "127.0.0.1" }, ...]`
 * - `data`: `{ "data": { "broker.host": "127.0.0.1", "broker.port": 8675 } }`
 * - `named-list`: `{ "Settings": [{ "SettingName": "broker.host", "SettingValue": "127.0.0.1" }, ...] }`
 */
export const settingsShapes = ['flat', 'nested', 'wrapped', 'list', 'data', 'named-list'] as const;
export type SettingsShape = (typeof settingsShapes)[number];

/** How names are spelled: `broker.host`, or `Broker.Host`. */
export const settingsCases = ['lower', 'Pascal'] as const;

/** Which calls there are: for all settings of a plugin, for each one, or both; the other call is answered with 404. */
export const settingsRequests = ['all', 'each', 'both'] as const;

/** How Plugin Settings look where it is not documented. */
export interface SettingsSwitches {
  /** Default `flat`. */
  readonly settingsShape?: SettingsShape | undefined;
  /** Default `lower`. */
  readonly settingsCase?: (typeof settingsCases)[number] | undefined;
  /** Default `both`. */
  readonly settingsRequests?: (typeof settingsRequests)[number] | undefined;
  /** Default `number`. */
  readonly portAs?: 'number' | 'string' | undefined;
}

type Entries = readonly (readonly [string, SettingValue])[];

const shapes: Readonly<Record<SettingsShape, (plugin: string, entries: Entries) => unknown>> = {
  flat: (_, entries) => Object.fromEntries(entries),
  nested: (_, entries) => nested(entries),
  wrapped: (pluginName, entries) => ({ pluginName, settings: Object.fromEntries(entries) }),
  list: (_, entries) => entries.map(([name, value]) => ({ name, value })),
  data: (_, entries) => ({ data: Object.fromEntries(entries) }),
  'named-list': (_, entries) => ({ Settings: entries.map(namedSetting) }),
};

function namedSetting([SettingName, SettingValue]: Entries[number]) {
  return { SettingName, SettingValue };
}

/** All settings of a plugin. */
export function settingsReply(plugin: string, settings: Settings, switches: SettingsSwitches): unknown {
  const { settingsShape = 'flat' } = switches;
  return shapes[settingsShape](
    plugin,
    [...settings].map((setting) => shown(setting, switches)),
  );
}

/** One setting. */
export function settingReply(setting: Entries[number], switches: SettingsSwitches): unknown {
  const [name, value] = shown(setting, switches);
  if (switches.settingsShape === 'named-list') return namedSetting([name, value]);
  const reply = switches.settingsCase === 'Pascal' ? { Name: name, Value: value } : { name, value };
  return switches.settingsShape === 'data' ? { data: reply } : reply;
}

function shown([name, value]: Entries[number], { settingsCase, portAs }: SettingsSwitches): Entries[number] {
  const isText = typeof value === 'number' && portAs === 'string';
  return [settingsCase === 'Pascal' ? pascal(name) : name, isText ? String(value) : value];
}

/** `log.rotation.size_mb` as `Log.Rotation.SizeMb`. */
function pascal(name: string): string {
  return name.replaceAll(/(^|[._])([a-z])/g, (_, before: string, letter: string) => {
    return (before === '.' ? '.' : '') + letter.toUpperCase();
  });
}

interface Tree {
  [name: string]: Tree | SettingValue;
}

function nested(entries: Entries): Tree {
  const root = newTree();
  for (const [name, value] of entries) {
    const path = name.split('.');
    let branch = root;
    for (const part of path.slice(0, -1)) {
      const next = branch[part];
      branch = typeof next === 'object' ? next : (branch[part] = newTree());
    }
    branch[path.at(-1) ?? name] = value;
  }
  return root;
}

/** Without a prototype: names come from callers. */
function newTree(): Tree {
  const tree: Tree = Object.create(null);
  return tree;
}
