/** Everything that `build/`, `scripts/` and `fixtures/` know about the scanner. */
import { createHash } from 'node:crypto';
import type { TaskBuild } from '../host/task/task-build.ts';
import { NAME } from './model/name.ts';

export type * from './tools.ts';

export const taskBuild = {
  name: NAME,
  title: 'Secrets scan',
  description: 'Secrets scan for KEPM',
  publisher: 'kepm-secrets-scan',
  main: 'src/main.ts',
  jobTemplates: 'job-templates',
  documents: ['schemas/report-2.schema.json', 'schemas/report-lines-2.schema.json'],
  changelog: 'CHANGELOG.md',
  idleRun: ['--dry-run', '{folder}'],
  demo: 'fixtures/demo.ts',
  parts: {
    worker: { entryPoint: 'src/scan/worker.ts' },
    detector: {
      entryPoint: 'src/scan/files/detector-module.ts',
      standIn: 'src/scan/files/detector-module-on-demand.ts',
      warmUp: 'redactSecrets("password")',
    },
    containers: {
      entryPoint: 'src/scan/containers/readers/load-reader.ts',
      standIn: 'src/scan/containers/readers/load-reader-on-demand.ts',
      warmUp: 'loadReader("gzip")',
    },
  },
  texts: {
    'page.html': {
      module: 'src/scan/report/html/page-template.ts',
      standIn: 'src/scan/report/html/page-template-on-demand.ts',
      make: async () => await (await import('./report/html/page-template.ts')).pageTemplate(),
    },
  },
  packages: { main: ['picomatch'], worker: ['picomatch'], detector: ['re2js', 'smol-toml', 'zod'] },
} as const satisfies TaskBuild;

export async function loadTask() {
  return (await import('./index.ts')).secretsScan;
}

/** The scanner's parts for the scripts that measure and attack it. None of this is in the executable. */
export const loadTools = () => import('./tools.ts');

/** What the generated pages of the documentation say about the scanner. */
export async function loadDocumentation() {
  return (await import('./documentation/index.ts')).documentation;
}

/** What `fixtures/` needs to make valid tokens: a fraction of the tools, loaded in a fraction of the time. */
export const loadTokenFormats = () => import('./rules/validators/token-formats.ts');

/** The words of which every secret contains one, and the identity of the code that scans files. */
export async function defines({ detector = '', containers = '' }: Readonly<Record<string, string>>) {
  const { keywords } = await import('./detect/short-text.ts');
  return { __keywords: keywords(), __codeIdentity: identityOfCode(detector, containers) };
}

/** Identifies the code that scans files: a file scanned by other code must be scanned again. */
export function identityOfCode(...parts: readonly string[]): string {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part).update('\0');
  return hash.digest('hex');
}
