/**
 * The contents of an archive, in the layout of the agent's root: the executable, its active job document and, beside the executable, the
 * documents of the other scenarios, the licences and the task's own documents. Only one document is where the agent looks, because each document there is a job.
 */
import { readFileSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { lintJob, renderJob } from '../../src/host/job/index.ts';
import type { TaskBuild } from '../../src/host/task/task-build.ts';
import { taskBuild } from '../task.ts';
import { type Target, executableName } from '../targets.ts';
import type { Entry } from '../../src/host/commands/deploy/archive/entry.ts';

const { documents = [] }: Pick<TaskBuild, 'documents'> = taskBuild;
const TEMPLATES = taskBuild.jobTemplates;
const MAIN_JOB = `${taskBuild.name}.json`;
const BIN = `Jobs/bin/${taskBuild.name}`;
const SCENARIOS = `${BIN}/scenarios/`;

interface NamedContent {
  readonly name: string;
  readonly content: Buffer;
}

/** The path of the active job document within an archive. */
export const jobPath = `Jobs/${MAIN_JOB}`;

/** The path of the executable within an archive. */
export function executablePathIn(target: Target): string {
  return `${BIN}/${executableName(target)}`;
}

/** @throws Error when a job document is invalid */
export function contentsOf(target: Target, executable: Buffer, licences: string): Entry[] {
  const plain = (path: string, content: string | Buffer) => ({
    path,
    content: Buffer.from(content),
    executable: false,
  });
  return [
    { path: executablePathIn(target), content: executable, executable: true },
    plain(`${BIN}/LICENSE.txt`, readFileSync('LICENSE')),
    plain(`${BIN}/THIRD-PARTY-LICENSES.txt`, licences),
    ...documents.map((path) => plain(`${BIN}/${path}`, readFileSync(path))),
    ...readdirSync(TEMPLATES).map((name) =>
      plain(name === MAIN_JOB ? jobPath : `${SCENARIOS}${name}`, jobDocument(target, name)),
    ),
  ];
}

/** True for the path of a job document within an archive. */
export function isJob(path: string): boolean {
  return path === jobPath || path.startsWith(SCENARIOS);
}

/** The job documents of an archive: the active one, and those of the other scenarios. */
export function jobsIn(entries: readonly Entry[]): NamedContent[] {
  return entries
    .filter(({ path }) => isJob(path))
    .map(({ path, content }) => ({ name: basename(path), content }));
}

/** The files of an archive that are neither job documents nor the executable. */
export function textsIn(target: Target, entries: readonly Entry[]): NamedContent[] {
  return entries
    .filter(({ path }) => path !== executablePathIn(target) && !isJob(path))
    .map(({ path, content }) => ({ name: basename(path), content }));
}

function jobDocument({ os }: Target, fileName: string): string {
  const template: unknown = JSON.parse(readFileSync(join(TEMPLATES, fileName), 'utf8'));
  const document = renderJob(template, { os });
  const problems = lintJob(document, { fileName, os });
  if (problems.length > 0) throw new Error(`${fileName}: ${problems.join('; ')}`);
  return `${JSON.stringify(document, null, 2)}\n`;
}
