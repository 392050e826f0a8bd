/**
 * Lays out what an administrator deploys, below an agent's root: the job document and the executable, at the paths
 * where the agent looks for them.
 */
import { chmodSync, copyFileSync, linkSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { executablePathOf } from '../src/host/installation/index.ts';
import { lintJob, renderJob } from '../src/host/job/index.ts';
import type { Os } from '../src/host/platform/index.ts';
import { taskBuild } from './task.ts';

export interface AgentRootLayout {
  /** Absolute. */
  readonly root: string;
  readonly os: Os;
  /** The folder of job templates; by default that of the task that is built. */
  readonly templates?: string;
  /** A template's name in that folder, without `.json`; also the job's id. */
  readonly template: string;
  /** The executable's path, or the text of a script that replaces it. */
  readonly executable: { readonly path: string } | { readonly script: string };
  /** Appended to the task's arguments. */
  readonly extraArguments?: readonly string[];
}

/**
 * Writes `Jobs/{template}.json` and `Jobs/bin/{command}/{command}[.exe]`. @throws Error when the document is
 * invalid
 */
export function layOutAgentRoot({
  root,
  os,
  templates = taskBuild.jobTemplates,
  template,
  executable,
  extraArguments = [],
}: AgentRootLayout): void {
  const source: unknown = JSON.parse(readFileSync(join(templates, `${template}.json`), 'utf8'));
  const document = renderJob(source, { os, extraArguments });
  const fileName = `${template}.json`;
  const problems = lintJob(document, { fileName, os, agentRoot: root });
  if (problems.length > 0) throw new Error(`${fileName}: ${problems.join('; ')}`);
  for (const { command } of document.tasks) place(executable, executablePathOf(os, root, command));
  writeFileSync(join(root, 'Jobs', fileName), `${JSON.stringify(document, null, 2)}\n`);
}

/** A hard link where the file system allows one: the executable is large. */
function place(executable: AgentRootLayout['executable'], target: string): void {
  mkdirSync(dirname(target), { recursive: true });
  if ('script' in executable) {
    writeFileSync(target, executable.script);
    chmodSync(target, 0o755);
    return;
  }
  try {
    linkSync(executable.path, target);
  } catch {
    copyFileSync(executable.path, target);
  }
}
