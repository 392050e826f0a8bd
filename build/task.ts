/** The task that is built: that of the repository, or the one whose build file TASK_BUILD names. */
import { resolve } from 'node:path';
import type { TaskDocumentation } from '../src/host/task/documentation.ts';
import type { Demonstrate, TaskBuild, TaskBuildModule } from '../src/host/task/task-build.ts';

const other = process.env['TASK_BUILD'];
const chosen: TaskBuildModule =
  other === undefined ? await import('#task-build') : await import(resolve(other));

export const { taskBuild, loadTask } = chosen;
const build: TaskBuild = taskBuild;
/** The texts that the executable carries, by file name. */
export const texts: NonNullable<TaskBuild['texts']> = { ...build.texts };
export const defines = chosen.defines ?? (async () => ({}));
export const loadDocumentation =
  chosen.loadDocumentation ?? (async (): Promise<TaskDocumentation> => ({ events: {}, exits: {} }));

/** The task's demonstration; without one, the given arguments are passed to the task unchanged. */
export const demonstrate: Demonstrate = async (folder, given) => {
  const { demo }: Pick<TaskBuild, 'demo'> = taskBuild;
  if (demo === undefined) return { arguments: given };
  const module: { readonly demonstrate: Demonstrate } = await import(resolve(demo));
  return await module.demonstrate(folder, given);
};
