/**
 * Bundles a task into CommonJS files below `dist/bundle`, the format that a single executable takes: the first
 * script, and the parts that the task's build file names. Modules that are imported on demand stay unevaluated
 * until then, so a start costs only what it uses.
 */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { type BuildOptions, type Metafile, type Plugin, build } from 'esbuild';
import type { ExecutablePart } from '../src/host/task/task-build.ts';
import { defines, taskBuild, texts } from './task.ts';

/** The location of the bundle, relative to the project. */
export const bundleFolder = 'dist/bundle';

/** Its first script. */
export const mainFile = `${taskBuild.name}.cjs`;

/** The name of the first script among the parts. */
const MAIN = 'main';

const common = {
  bundle: true,
  platform: 'node',
  target: 'node26',
  format: 'cjs',
  minifySyntax: true,
  minifyWhitespace: true,
  legalComments: 'none',
  logLevel: 'warning',
  // CommonJS has no import.meta.
  define: { 'import.meta.dirname': '__dirname' },
  write: false,
  metafile: true,
} as const satisfies BuildOptions;

interface Bundled {
  readonly text: string;
  readonly metafile: Metafile;
}

/** A part that is compiled on demand: an expression of a function of `module`, `require` and `__dirname`. */
export async function bundleOnDemand(
  { entryPoint }: ExecutablePart,
  plugins: Plugin[] = [],
): Promise<Bundled> {
  const { text, metafile } = await bundleOf({ ...common, plugins, entryPoints: [entryPoint] });
  return { text: `(function(module,require,__dirname){${text}\n})`, metafile };
}

/** The file in the bundle that contains a part. */
export function partFile(name: string): string {
  return `${name}.cjs`;
}

/** The folders of the packages in each part, sorted. Writes nothing. */
export async function bundledPackages(): Promise<Record<string, string[]>> {
  const parts = await bundleParts();
  return Object.fromEntries(Object.entries(parts).map(([name, part]) => [name, foldersIn(graphOf([part]))]));
}

/** Writes the bundle. Returns the packages that are in it. */
export async function bundle(): Promise<PackageGraph> {
  const parts = await bundleParts();
  rmSync(bundleFolder, { recursive: true, force: true });
  mkdirSync(bundleFolder, { recursive: true });
  for (const [name, { text }] of Object.entries(parts)) {
    writeFileSync(join(bundleFolder, name === MAIN ? mainFile : partFile(name)), text);
  }
  for (const [name, { make }] of Object.entries(texts)) writeFileSync(join(bundleFolder, name), await make());
  return graphOf(Object.values(parts));
}

/** For the folder of each package, sorted, the folders of those that it imports; for `PROJECT`, those that the task imports. */
export type PackageGraph = ReadonlyMap<string, ReadonlySet<string>>;

/** Represents the folder of this project in a graph. */
export const PROJECT = '';

function graphOf(parts: readonly Bundled[]): PackageGraph {
  const graph = new Map<string, Set<string>>();
  for (const { metafile } of parts) {
    for (const [path, { imports }] of Object.entries(metafile.inputs)) {
      const folder = folderOf(path);
      const others = imports
        .map((one) => folderOf(one.path))
        .filter((one) => one !== PROJECT && one !== folder);
      graph.set(folder, new Set([...(graph.get(folder) ?? []), ...others]));
    }
  }
  return new Map([...graph].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** The package that a file belongs to. */
function folderOf(path: string): string {
  return /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path)?.[0] ?? PROJECT;
}

/** The folders of the packages in a graph, sorted. */
export function foldersIn(graph: PackageGraph): string[] {
  return [...graph.keys()].filter((folder) => folder !== PROJECT);
}

/** The first script and the parts of the task, by name. */
async function bundleParts(): Promise<Record<string, Bundled>> {
  const parts: [string, ExecutablePart][] = Object.entries(taskBuild.parts);
  const bundled: Record<string, Bundled> = {};
  for (const [name, part] of parts)
    if (part.standIn !== undefined) bundled[name] = await bundleOnDemand(part, [standIns]);
  const texts = Object.fromEntries(Object.entries(bundled).map(([name, { text }]) => [name, text]));
  const constants = Object.entries(await defines(texts)).map(([name, value]) => [
    name,
    JSON.stringify(value),
  ]);
  const onDemand = {
    ...common,
    plugins: [standIns],
    define: {
      ...common.define,
      // yargs asks for its own location.
      'import.meta.url': '__bundleUrl',
      ...Object.fromEntries(constants),
    },
  };
  for (const [name, { entryPoint, standIn }] of parts) {
    if (standIn === undefined) bundled[name] = await bundleOf({ ...onDemand, entryPoints: [entryPoint] });
  }
  bundled[MAIN] = await bundleOf({
    ...onDemand,
    entryPoints: [taskBuild.main],
    alias: { 'string-width': './build/plain-width.ts' },
    banner: { js: "const __bundleUrl=require('node:url').pathToFileURL(__filename).href;" },
  });
  return bundled;
}

/** Replaces modules that are loaded on demand by their stand-ins. */
const standIns: Plugin = {
  name: 'stand-ins',
  setup(builder) {
    const modules = Object.values(texts).map(({ module, standIn }) => ({ entryPoint: module, standIn }));
    for (const { entryPoint, standIn } of [...Object.values<ExecutablePart>(taskBuild.parts), ...modules]) {
      if (standIn === undefined) continue;
      const filter = new RegExp(`/${RegExp.escape(basename(entryPoint))}$`);
      builder.onResolve({ filter }, ({ path, resolveDir, kind }) =>
        kind !== 'entry-point' && resolve(resolveDir, path) === resolve(entryPoint)
          ? { path: resolve(standIn) }
          : undefined,
      );
    }
  },
};

async function bundleOf(options: typeof common & BuildOptions): Promise<Bundled> {
  const { outputFiles, metafile } = await build(options);
  return { text: inAscii(outputFiles[0]?.text ?? ''), metafile };
}

/**
 * esbuild leaves characters in regular expressions unchanged. One beyond Latin-1 doubles the memory of the
 * whole source.
 */
function inAscii(text: string): string {
  return text.replaceAll(/[^\0-\x7f]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

if (import.meta.main) await bundle();
