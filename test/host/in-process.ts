/** Runs an executable's arguments within the test: everything but the process itself. */
import { hostPlatform } from '../../src/host/platform/index.ts';
import { run } from '../../src/host/run/run.ts';
import type { Environment } from '../../src/host/config/index.ts';
import type { Task } from '../../src/host/task/task.ts';

export interface Said {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a task, or a command, with these arguments. */
export async function runInProcess(
  task: Task,
  argv: readonly string[],
  env: Environment = {},
): Promise<Said> {
  const said = { stdout: '', stderr: '' };
  const code = await run(argv, env, {
    loadTask: async () => task,
    version: '3.2.1',
    // Lowering the priority would slow the tests that follow.
    platform: { ...hostPlatform({}), lowerPriority: () => undefined },
    stdout: { write: (text: string) => (said.stdout += text) },
    stderr: { write: (text: string) => (said.stderr += text) },
    signal: new AbortController().signal,
  });
  return { ...said, code };
}
