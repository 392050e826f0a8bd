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
 */
export const settingsShapes = ['flat', 'nested', 'wrapped', 'list'] as const;
export type SettingsShape = (typeof settingsShapes)[number];

export interface ReplyOptions {
  readonly shape: SettingsShape;
  readonly numbersAs: 'number' | 'string';
}

type Entries = readonly (readonly [string, SettingValue])[];

const shapes: Readonly<Record<SettingsShape, (plugin: string, entries: Entries) => unknown>> = {
  flat: (_, entries) => Object.fromEntries(entries),
  nested: (_, entries) => nested(entries),
  wrapped: (pluginName, entries) => ({ pluginName, settings: Object.fromEntries(entries) }),
  list: (_, entries) => entries.map(([name, value]) => ({ name, value })),
};

/** All settings of a plugin. */
export function settingsReply(
  plugin: string,
  settings: Settings,
  { shape, numbersAs }: ReplyOptions,
): unknown {
  return shapes[shape](
    plugin,
    [...settings].map(([name, value]) => [name, shown(value, numbersAs)]),
  );
}

/** One setting. */
export function settingReply(name: string, value: SettingValue, { numbersAs }: ReplyOptions): unknown {
  return { name, value: shown(value, numbersAs) };
}

function shown(value: SettingValue, numbersAs: 'number' | 'string'): SettingValue {
  return typeof value === 'number' && numbersAs === 'string' ? String(value) : value;
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
