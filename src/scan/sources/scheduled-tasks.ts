/** Tasks of Windows' Task Scheduler: XML files whose actions have command lines. */
import type { FileSource } from './file-source.ts';

export const scheduledTasks: FileSource = {
  roots: ({ systemRoot, path }) => [
    path.join(systemRoot, 'System32', 'Tasks'),
    path.join(systemRoot, 'Tasks'),
  ],
};
