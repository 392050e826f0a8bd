/**
 * Bundles the task into one CommonJS file, `dist/secrets-scan.cjs`: the form that a single executable takes. Modules that
 * are imported on demand stay unevaluated until then, so a start costs only what it uses. The worker threads' bundle is
 * in it as a text, since a single executable has no other file to start a thread from.
 */
import { type BuildOptions, build } from 'esbuild';

/** The bundle's path, relative to the project. */
export const bundlePath = 'dist/secrets-scan.cjs';

const common = {
  bundle: true,
  platform: 'node',
  target: 'node26',
  format: 'cjs',
  minifySyntax: true,
  minifyWhitespace: true,
  legalComments: 'none',
  logLevel: 'warning',
} as const satisfies BuildOptions;

/** Writes the bundle. Returns the folders of the packages that are in it, sorted. */
export async function bundle(): Promise<string[]> {
  const worker = await build({
    ...common,
    entryPoints: ['src/scan/threads/worker-main.ts'],
    write: false,
    metafile: true,
  });
  const main = await build({
    ...common,
    metafile: true,
    entryPoints: ['src/main.ts'],
    outfile: bundlePath,
    alias: { 'string-width': './build/plain-width.ts' },
    define: {
      // yargs asks for its own place; CommonJS has no import.meta.
      'import.meta.url': '__bundleUrl',
      'import.meta.dirname': '__dirname',
      __workerSource: JSON.stringify(worker.outputFiles[0]?.text),
    },
    banner: { js: "const __bundleUrl=require('node:url').pathToFileURL(__filename).href;" },
  });
  const inputs = [worker, main].flatMap(({ metafile }) => Object.keys(metafile.inputs));
  const folders = inputs.map((path) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path)?.[0]);
  return [...new Set(folders.filter((folder) => folder !== undefined))].sort();
}

if (import.meta.main) await bundle();
