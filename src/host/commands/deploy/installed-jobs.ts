/** The job documents in an agent's root that start a program. */
import { isAbsolute } from 'node:path';
import * as z from 'zod';
import { splitArguments } from '../../job/index.ts';
import type { OpenFolder } from '../../platform/index.ts';
import { parseJson } from '../../platform/untrusted-json.ts';
import { MAX_DOCUMENT_BYTES } from './places.ts';
import { namesIn, openBelow, readFrom } from './safe-folder.ts';

/** Less than a job document needs: it may have been changed by hand. */
const Document = z.looseObject({
  tasks: z.array(z.looseObject({ command: z.string(), arguments: z.string().default('') })),
});

export interface InstalledJob {
  readonly id: string;
  /** The file's name in `Jobs`. */
  readonly name: string;
  /** Absolute paths that `--state-dir` names in its arguments. */
  readonly stateDirectories: readonly string[];
}

export interface InstalledJobs {
  /** Jobs of which all tasks start the program. */
  readonly jobs: readonly InstalledJob[];
  /** Names of documents with tasks of other programs too. */
  readonly others: readonly string[];
}

/** Files that cannot be read, or are no job documents, are none of this program's jobs. @throws TaskError `cannot-write` when the folder cannot be used */
export function installedJobs(root: string, program: string, elevated: boolean): InstalledJobs {
  const folder = openBelow(root, ['Jobs'], { elevated, create: false });
  if (folder === undefined) return { jobs: [], others: [] };
  const jobs: InstalledJob[] = [];
  const others: string[] = [];
  try {
    for (const name of namesIn(folder).filter((each) => each.endsWith('.json'))) {
      const { tasks } = documentIn(folder, name, elevated);
      const own = tasks.filter(({ command }) => command === program);
      if (own.length === 0) continue;
      if (own.length < tasks.length) others.push(name);
      else {
        const stateDirectories = own.flatMap((task) => stateDirectoriesIn(task.arguments));
        jobs.push({ id: name.slice(0, -'.json'.length), name, stateDirectories });
      }
    }
  } finally {
    folder.close();
  }
  return { jobs, others };
}

function documentIn(folder: OpenFolder, name: string, elevated: boolean): z.output<typeof Document> {
  try {
    const content = readFrom(folder, name, { maxBytes: MAX_DOCUMENT_BYTES, elevated });
    return Document.parse(parseJson(content?.toString('utf8') ?? ''));
  } catch {
    return { tasks: [] };
  }
}

/** Without those that contain a token: the agent knows its value, this program does not. */
function stateDirectoriesIn(text: string): string[] {
  const flag = '--state-dir';
  const args = splitArguments(text);
  return args
    .flatMap((arg, index) =>
      arg === flag ? [args[index + 1] ?? ''] : arg.startsWith(`${flag}=`) ? [arg.slice(flag.length + 1)] : [],
    )
    .filter((directory) => isAbsolute(directory) && !/[{}]/.test(directory));
}
