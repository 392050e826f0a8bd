/**
 * Job documents from templates. A template contains what all operating systems share; rendering adds `osFilter`. The agent finds
 * the executable by its `command`; only in a layout of your own does it need `executablePath`. The document belongs in a file `{id}.json`.
 */
import type { Os } from '../platform/index.ts';
import { joinArguments } from './arguments.ts';
import { executablePathOf } from '../installation/index.ts';
import { JobDocument } from './schema.ts';

export interface RenderOptions {
  /** The operating system of the binary. */
  readonly os: Os;
  /**
   * Writes `executablePath` below this root, for an agent that does not find the executable by its `command`. Absolute, in the notation
   * of `os`, or `{approot}`.
   */
  readonly executableRoot?: string;
  /** Appended to every task's arguments, quoted: roots to scan, `--state-dir=...`. */
  readonly extraArguments?: readonly string[];
}

/**
 * The document of a template for one operating system, keys in the order of the schema.
 * @param template a job document without `osFilter` and `executablePath`
 * @throws ZodError when the template is not a job document, TaskError `usage` when an argument cannot be quoted
 */
export function renderJob(template: unknown, options: RenderOptions): JobDocument {
  const { os, executableRoot, extraArguments = [] } = options;
  const document = JobDocument.parse(template);
  const extra = joinArguments(extraArguments);
  return JobDocument.parse({
    ...document,
    osFilter: { windows: os === 'windows', linux: os === 'linux', macOS: os === 'macOS' },
    tasks: document.tasks.map((task) => ({
      ...task,
      ...(executableRoot !== undefined && {
        executablePath: executablePathOf(os, executableRoot, task.command),
      }),
      arguments: [task.arguments, extra].filter((part) => part !== '').join(' '),
    })),
  });
}
