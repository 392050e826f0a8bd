/**
 * Bundles the task into one CommonJS file, `dist/secrets-scan.cjs`: the form that a single executable takes. Modules that
 * are imported on demand stay unevaluated until then, so a start costs only what it uses.
 */
import { build } from 'esbuild';

/** The bundle's path, relative to the project. */
export const bundlePath = 'dist/secrets-scan.cjs';

/** Writes the bundle. */
export async function bundle(): Promise<void> {
  await build({
    entryPoints: ['src/main.ts'],
    outfile: bundlePath,
    bundle: true,
    platform: 'node',
    target: 'node26',
    format: 'cjs',
    minifySyntax: true,
    minifyWhitespace: true,
    legalComments: 'none',
    alias: { 'string-width': './build/plain-width.ts' },
    // yargs asks for its own place; CommonJS has no import.meta.
    define: { 'import.meta.url': '__bundleUrl', 'import.meta.dirname': '__dirname' },
    banner: { js: "const __bundleUrl=require('node:url').pathToFileURL(__filename).href;" },
    logLevel: 'warning',
  });
}

if (import.meta.main) await bundle();
