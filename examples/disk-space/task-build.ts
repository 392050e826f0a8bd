/** What `build/`, `scripts/` and `test/` know of the task. */
import type { TaskBuild } from '../../src/host/task/task-build.ts';

export const taskBuild = {
  name: 'disk-space',
  title: 'Disk space',
  description: 'Disk space warnings for KEPM',
  publisher: 'kepm-disk-space',
  main: 'examples/disk-space/main.ts',
  jobTemplates: 'examples/disk-space/job-templates',
  changelog: 'CHANGELOG.md',
  parts: {},
  idleRun: ['--dry-run', '--minimum=1'],
} as const satisfies TaskBuild;

export async function loadTask() {
  return (await import('./disk-space.ts')).diskSpace;
}
