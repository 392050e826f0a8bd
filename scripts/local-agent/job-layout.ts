/** Lays out a job in an agent's root: the document and its executable. For tests and for trying things out. */
import { chmodSync, copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export interface JobLayout {
  /** Letters, digits and hyphens. */
  readonly id: string;
  /** The text of a script, `#!` line included, or the path of an executable to copy. Neither: nothing is written. */
  readonly script?: string;
  readonly executable?: string;
  /** Default: `KeeperLogger`. An empty list leaves `mqttTopics` out. */
  readonly publications?: readonly string[];
  readonly subscriptions?: readonly string[];
  /** Fields of the task that differ from the usual ones. */
  readonly task?: Readonly<Record<string, unknown>>;
  /** Fields of the job that differ from the usual ones. */
  readonly job?: Readonly<Record<string, unknown>>;
}

/** Writes `Jobs/{id}.json` and `Jobs/bin/{id}/{id}[.exe]`; returns the executable's path. */
export function layOutJob(root: string, layout: JobLayout): string {
  const { id, publications = ['KeeperLogger'], subscriptions = [], task = {}, job = {} } = layout;
  const folder = join(root, 'Jobs', 'bin', id);
  const executable = join(folder, process.platform === 'win32' ? `${id}.exe` : id);
  mkdirSync(folder, { recursive: true });
  if (layout.executable !== undefined) copyFileSync(layout.executable, executable);
  if (layout.script !== undefined) writeFileSync(executable, layout.script);
  if (layout.executable !== undefined || layout.script !== undefined) chmodSync(executable, 0o755);

  const topics = { allowedPublications: publications, allowedSubscriptions: subscriptions };
  const document = {
    id,
    name: id,
    description: `SCENARIO: ${id}`,
    enabled: true,
    ...(publications.length + subscriptions.length > 0 ? { mqttTopics: topics } : {}),
    parameters: [],
    tasks: [
      {
        id: 'run',
        name: 'Run',
        ExecutionType: 'Service',
        command: id,
        arguments: '--keeper-api-base={KeeperApiBaseUrl}',
        timeoutSeconds: 60,
        continueOnFailure: false,
        scriptType: 'Auto',
        ...task,
      },
    ],
    ...job,
  };
  writeFileSync(join(root, 'Jobs', `${id}.json`), `${JSON.stringify(document, undefined, 2)}\n`);
  return executable;
}
