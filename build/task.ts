/** The task that is built: that of the repository, or the one whose build file TASK_BUILD names. */
import { resolve } from 'node:path';
import type { TaskBuildModule } from '../src/host/task/task-build.ts';

const other = process.env['TASK_BUILD'];
const chosen: TaskBuildModule =
  other === undefined ? await import('#task-build') : await import(resolve(other));

export const { taskBuild, loadTask } = chosen;
export const defines = chosen.defines ?? (async () => ({}));
