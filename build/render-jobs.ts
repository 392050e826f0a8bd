/**
 * Renders every job template of the task for every operating system into `dist/jobs/{os}/{id}.json` and lints the
 * results; or lints existing documents:
 *
 *   npm run render-jobs [-- --out DIR]
 *   npm run render-jobs -- --lint FILE.. --os linux [--agent-root DIR]
 *
 * Prints one line for each document and each problem. Exit code 1 when there is a problem, 64 for wrong usage.
 */
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { describeError } from '../src/host/exit/task-error.ts';
import { lintJob, renderJob } from '../src/host/job/index.ts';
import type { Os } from '../src/host/platform/index.ts';
import { taskBuild } from './task.ts';

const templates = resolve(import.meta.dirname, '..', taskBuild.jobTemplates);
const systems = ['windows', 'linux', 'macOS'] as const satisfies readonly Os[];

/** The problems of a document; empty when there are none. */
type Problems = readonly string[];

function main(argv: readonly string[]): number {
  let results: Problems[];
  try {
    results = run(argv);
  } catch (error) {
    console.error(`render-jobs: ${describeError(error)}`);
    return 64;
  }
  return results.every((problems) => problems.length === 0) ? 0 : 1;
}

function run(argv: readonly string[]): Problems[] {
  const { values, positionals } = parseArgs({
    args: [...argv],
    allowPositionals: true,
    options: {
      lint: { type: 'boolean', default: false },
      os: { type: 'string' },
      'agent-root': { type: 'string' },
      out: { type: 'string', default: join('dist', 'jobs') },
    },
  });
  if (!values.lint) {
    if (positionals.length > 0) throw new Error('to lint a document, write --lint FILE --os OS');
    return renderAll(values.out);
  }
  const os = systems.find((name) => name === values.os);
  if (os === undefined || positionals.length === 0) {
    throw new Error(`--lint needs files and --os, one of ${systems.join(', ')}`);
  }
  return positionals.map((file) => lintFile(file, os, values['agent-root']));
}

function renderAll(out: string): Problems[] {
  return systems.flatMap((os) =>
    readdirSync(templates).map((name) => {
      const file = join(out, os, name);
      const document = renderJob(readJson(join(templates, name)), { os });
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, `${JSON.stringify(document, null, 2)}\n`);
      return lintFile(file, os);
    }),
  );
}

function lintFile(file: string, os: Os, agentRoot?: string): Problems {
  const problems = problemsOf(file, os, agentRoot);
  console.log(`${problems.length === 0 ? 'good' : 'bad '}  ${file}`);
  for (const problem of problems) console.log(`      ${problem}`);
  return problems;
}

function problemsOf(file: string, os: Os, agentRoot?: string): Problems {
  let document: unknown;
  try {
    document = readJson(file);
  } catch (error) {
    return [describeError(error)];
  }
  return lintJob(document, { fileName: basename(file), os, ...(agentRoot !== undefined && { agentRoot }) });
}

function readJson(file: string): unknown {
  return JSON.parse(readFileSync(file, 'utf8'));
}

process.exitCode = main(process.argv.slice(2));
