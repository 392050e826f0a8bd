/** The task that is built: that of the repository, or the one whose build file TASK_BUILD names. */
import { resolve } from 'node:path';
import type { Demonstrate, TaskBuild, TaskBuildModule } from '../src/host/task/task-build.ts';

const other = process.env['TASK_BUILD'];
const chosen: TaskBuildModule =
  other === undefined ? await import('#task-build') : await import(resolve(other));

export const { taskBuild, loadTask } = chosen;
export const defines = chosen.defines ?? (async () => ({}));

const { demo }: TaskBuild = taskBuild;

/** What `npm start` runs the job with: the task's demonstration, or just the arguments that are given. */
export async function loadDemonstration(): Promise<Demonstrate> {
  if (demo === undefined) return async (_, given) => ({ arguments: given });
  const module: { readonly demonstrate: Demonstrate } = await import(resolve(demo));
  return module.demonstrate;
}
