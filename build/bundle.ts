/**
 * Bundles the task into CommonJS files below `dist/bundle`, the form that a single executable takes: what a start loads, a worker
 * thread, and all that examines files (`src/scan/examining.ts`), which both load on demand. Modules that are imported on demand
 * stay unevaluated until then, so a start costs only what it uses.
 */
import { createHash } from 'node:crypto';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type BuildOptions, type Metafile, type Plugin, build } from 'esbuild';
import { keywords } from '../src/scan/detect/short-text.ts';

/** Where the bundle is, relative to the project. */
export const bundleFolder = 'dist/bundle';

/** The files in it. Others than the first are parts of the executable. */
export const bundleFiles = {
  main: 'secrets-scan.cjs',
  worker: 'worker.cjs',
  examining: 'examining.cjs',
} as const;

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

/** All that examines files: an expression of a function of `module` and `require`. */
export async function bundleExamining(plugins: Plugin[] = []): Promise<Bundled> {
  const { text, metafile } = await bundleOf({ ...common, plugins, entryPoints: ['src/scan/examining.ts'] });
  return { text: `(function(module,require){${text}\n})`, metafile };
}

/** Tells the code that examines files from any other: what one has examined, another one has not. */
export function identityOfCode(examining: string): string {
  return createHash('sha256').update(examining).digest('hex');
}

/** The parts of the bundle, by name. */
type Parts = Readonly<Record<keyof typeof bundleFiles, Bundled>>;

/** The folders of the packages in each part, sorted. Writes nothing. */
export async function bundledPackages(): Promise<Record<keyof typeof bundleFiles, string[]>> {
  const { main, worker, examining } = await makeParts();
  return { main: foldersIn([main]), worker: foldersIn([worker]), examining: foldersIn([examining]) };
}

/** Writes the bundle. Returns the folders of the packages that are in it, sorted. */
export async function bundle(): Promise<string[]> {
  const parts = await makeParts();
  rmSync(bundleFolder, { recursive: true, force: true });
  mkdirSync(bundleFolder, { recursive: true });
  for (const name of ['main', 'worker', 'examining'] as const) {
    writeFileSync(join(bundleFolder, bundleFiles[name]), parts[name].text);
  }
  return foldersIn(Object.values(parts));
}

function foldersIn(parts: readonly Bundled[]): string[] {
  const inputs = parts.flatMap(({ metafile }) => Object.keys(metafile.inputs));
  const folders = inputs.map((path) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path)?.[0]);
  return [...new Set(folders.filter((folder) => folder !== undefined))].sort();
}

async function makeParts(): Promise<Parts> {
  const examining = await bundleExamining();
  const onDemand = {
    ...common,
    plugins: [loadedOnDemand],
    define: {
      ...common.define,
      // yargs asks for its own place.
      'import.meta.url': '__bundleUrl',
      __worker: JSON.stringify(bundleFiles.worker),
      __keywords: JSON.stringify(keywords()),
      __codeIdentity: JSON.stringify(identityOfCode(examining.text)),
    },
  };
  return {
    examining,
    worker: await bundleOf({ ...onDemand, entryPoints: ['src/scan/threads/worker-main.ts'] }),
    main: await bundleOf({
      ...onDemand,
      entryPoints: ['src/main.ts'],
      alias: { 'string-width': './build/plain-width.ts' },
      banner: { js: "const __bundleUrl=require('node:url').pathToFileURL(__filename).href;" },
    }),
  };
}

/** Puts what loads the examining part in its place. */
const loadedOnDemand: Plugin = {
  name: 'loaded-on-demand',
  setup(builder) {
    const path = resolve('src/scan/examining-on-demand.ts');
    builder.onResolve({ filter: /\/examining\.ts$/ }, () => ({ path }));
  },
};

async function bundleOf(options: typeof common & BuildOptions): Promise<Bundled> {
  const { outputFiles, metafile } = await build(options);
  return { text: inAscii(outputFiles[0]?.text ?? ''), metafile };
}

/** esbuild leaves characters in regular expressions as they are. One beyond Latin-1 doubles the memory of the whole source. */
function inAscii(text: string): string {
  return text.replaceAll(/[^\0-\x7f]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

if (import.meta.main) await bundle();
