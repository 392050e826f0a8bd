/**
 * Plugin Settings with the documented precedence: what was stored through the API, then the plugin's JSON on disk, then
 * compiled defaults (KEPM documentation, "Job and plugin settings keys"). `reply-shape.ts` decides how a
 * reply looks.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import * as z from 'zod';

/** The name of the agent-wide settings. */
const AGENT_SETTINGS = 'KeeperPrivilegeManager';

/** A setting's value, as `PUT` takes it. */
export const SettingValue = z.union([z.string(), z.number(), z.boolean()]);
export type SettingValue = z.output<typeof SettingValue>;

export type Settings = ReadonlyMap<string, SettingValue>;

const Overrides = z.record(z.string(), z.record(z.string(), SettingValue));

export interface SettingsSources {
  readonly root: string;
  /** The agent's own compiled defaults; read at each call, because ports are known late. */
  readonly defaults: () => Readonly<Record<string, SettingValue>>;
  /** The settings in a plugin's JSON, undefined for a plugin that does not exist. */
  readonly onDisk: (plugin: string) => Readonly<Record<string, SettingValue>> | undefined;
}

export class SettingsStore {
  readonly #sources: SettingsSources;
  readonly #file: string;
  #overrides: z.output<typeof Overrides>;

  constructor(sources: SettingsSources) {
    this.#sources = sources;
    this.#file = join(sources.root, 'Storage', 'plugin-settings.json');
    this.#overrides = readOverrides(this.#file);
  }

  /** The effective settings of a plugin; undefined for an unknown one. */
  get(plugin: string): Settings | undefined {
    const isAgent = plugin === AGENT_SETTINGS;
    const onDisk = this.#sources.onDisk(plugin);
    if (!isAgent && onDisk === undefined) return undefined;
    return new Map(
      Object.entries({
        ...(isAgent ? this.#sources.defaults() : {}),
        ...onDisk,
        ...this.#overrides[plugin],
      }),
    );
  }

  /** One agent-wide setting. */
  agent(name: string): SettingValue | undefined {
    return this.get(AGENT_SETTINGS)?.get(name);
  }

  put(plugin: string, name: string, value: SettingValue): void {
    this.#store({ ...this.#overrides, [plugin]: { ...this.#overrides[plugin], [name]: value } });
  }

  /** Drops the stored settings of one plugin, or of all. */
  revert(plugin?: string): void {
    const others = Object.entries(this.#overrides).filter(([name]) => name !== plugin);
    this.#store(plugin === undefined ? {} : Object.fromEntries(others));
  }

  #store(overrides: z.output<typeof Overrides>): void {
    this.#overrides = overrides;
    mkdirSync(dirname(this.#file), { recursive: true });
    writeFileSync(this.#file, `${JSON.stringify(overrides, undefined, 2)}\n`);
  }
}

function readOverrides(file: string): z.output<typeof Overrides> {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    return {};
  }
  return Overrides.parse(JSON.parse(text));
}
