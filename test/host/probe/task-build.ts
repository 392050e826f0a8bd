/** What `build/` and `test/` know of the probe. */
import type { TaskBuild } from '../../../src/host/task/task-build.ts';

export const taskBuild = {
  name: 'probe',
  title: 'Probe',
  description: 'A task that tests the host',
  publisher: 'Tests of the host',
  main: 'test/host/probe/main.ts',
  jobTemplates: 'test/host/probe/job-templates',
  changelog: 'CHANGELOG.md',
  parts: {},
} as const satisfies TaskBuild;

export async function loadTask() {
  return (await import('./probe.ts')).probe;
}
