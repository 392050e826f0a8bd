/**
 * The plugin documents of an agent root, `Plugins/{id}.json` (KEPM documentation, "Custom plugin guide"), as far as a developer
 * of jobs needs them: they are listed and contain settings. Plugins are not started.
 */
import { readFileSync, readdirSync } from 'node:fs';
import { basename, isAbsolute, join } from 'node:path';
import * as z from 'zod';
import { describeError } from '../../../src/host/exit/task-error.ts';
import { SettingValue } from './settings-store.ts';

const PluginDocument = z.looseObject({
  id: z.string().min(1),
  name: z.string().optional(),
  pluginType: z.enum(['Executable', 'Service']),
  /** Relative to the agent's root, or absolute. */
  executablePath: z.string().optional(),
  /** Assumed: dotted keys in an object of this name. Where a plugin's JSON keeps its settings is not documented. */
  settings: z.record(z.string(), SettingValue).default({}),
});
export type PluginDocument = z.output<typeof PluginDocument>;

export class PluginStore {
  readonly #root: string;
  #plugins: ReadonlyMap<string, PluginDocument> = new Map();

  constructor(root: string) {
    this.#root = root;
  }

  get plugins(): ReadonlyMap<string, PluginDocument> {
    return this.#plugins;
  }

  /** Reads all documents again; returns the problems of unusable ones. */
  reload(): string[] {
    const plugins = new Map<string, PluginDocument>();
    const problems: string[] = [];
    for (const file of this.#files()) {
      try {
        const text = readFileSync(join(this.#root, 'Plugins', file), 'utf8').replace(/^\uFEFF/, '');
        const plugin = PluginDocument.parse(JSON.parse(text));
        if (plugin.id === basename(file, '.json')) plugins.set(plugin.id, plugin);
        else problems.push(`Plugins/${file}: id "${plugin.id}" differs from the file's name`);
      } catch (error) {
        problems.push(`Plugins/${file}: ${describeError(error)}`);
      }
    }
    this.#plugins = plugins;
    return problems;
  }

  /** Settings in the plugin's JSON; undefined for a plugin that does not exist. */
  settings(id: string): Readonly<Record<string, SettingValue>> | undefined {
    return this.#plugins.get(id)?.settings;
  }

  /** The plugins whose executable is this file. */
  withExecutable(path: string): string[] {
    return [...this.#plugins.values()]
      .filter(({ executablePath }) => executablePath !== undefined && this.#absolute(executablePath) === path)
      .map(({ id }) => id);
  }

  #absolute(path: string): string {
    const placed = path.replace('{approot}', this.#root).replace('{pluginroot}', join(this.#root, 'Plugins'));
    return isAbsolute(placed) ? placed : join(this.#root, placed);
  }

  #files(): string[] {
    try {
      return readdirSync(join(this.#root, 'Plugins'))
        .filter((file) => file.endsWith('.json'))
        .sort();
    } catch {
      return [];
    }
  }
}
