/** The executable: the host with the scanner as its task. Nothing of `task-build.ts` belongs into it. */
import manifest from '../package.json' with { type: 'json' };
import { runMain } from './host/run/main.ts';

void runMain({
  name: manifest.name,
  version: manifest.version,
  loadTask: async () => (await import('./scan/index.ts')).secretsScan,
});
