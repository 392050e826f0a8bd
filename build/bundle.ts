/**
 * Bundles the task into one CommonJS file, `dist/secrets-scan.cjs`: the form that a single executable takes. Modules that
 * are imported on demand stay unevaluated until then, so a start costs only what it uses. The worker threads' bundle is
 * in it as a text, since a single executable has no other file to start a thread from.
 */
import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { type BuildOptions, type BuildResult, type Plugin, build } from 'esbuild';

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

/** The two bundles of worker threads: what they begin with, and all the code that examines files. */
export async function bundleWorker(plugins: Plugin[] = []) {
  const bundleOf = async (entry: string) => {
    const result = await build({
      ...common,
      plugins,
      entryPoints: [entry],
      // Used from the sources alone.
      define: { 'import.meta.url': '""' },
      write: false,
      metafile: true,
    });
    return { text: inAscii(textOf(result)), metafile: result.metafile };
  };
  return {
    worker: await bundleOf('src/scan/threads/worker-main.ts'),
    examining: await bundleOf('src/scan/threads/examining.ts'),
  };
}

/** Tells the code that examines files from any other: what one has examined, another one has not. */
export function identityOfCode(examining: string): string {
  return createHash('sha256').update(examining).digest('hex');
}

/** Writes the bundle. Returns the folders of the packages that are in it, sorted. */
export async function bundle(): Promise<string[]> {
  const { worker, examining } = await bundleWorker();
  const main = await build({
    ...common,
    metafile: true,
    entryPoints: ['src/main.ts'],
    outfile: bundlePath,
    write: false,
    alias: { 'string-width': './build/plain-width.ts' },
    define: {
      // yargs asks for its own place; CommonJS has no import.meta.
      'import.meta.url': '__bundleUrl',
      'import.meta.dirname': '__dirname',
      __workerSource: JSON.stringify(worker.text),
      __examiningSource: JSON.stringify(examining.text),
      __codeIdentity: JSON.stringify(identityOfCode(examining.text)),
    },
    banner: { js: "const __bundleUrl=require('node:url').pathToFileURL(__filename).href;" },
  });
  mkdirSync(dirname(bundlePath), { recursive: true });
  writeFileSync(bundlePath, inAscii(textOf(main)));
  const inputs = [worker, examining, main].flatMap(({ metafile }) => Object.keys(metafile.inputs));
  const folders = inputs.map((path) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path)?.[0]);
  return [...new Set(folders.filter((folder) => folder !== undefined))].sort();
}

function textOf({ outputFiles }: BuildResult<{ write: false }>): string {
  return outputFiles[0]?.text ?? '';
}

/** esbuild leaves characters in regular expressions as they are. One beyond Latin-1 doubles the memory of the whole source. */
function inAscii(text: string): string {
  return text.replaceAll(/[^\0-\x7f]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

if (import.meta.main) await bundle();
