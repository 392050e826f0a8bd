/** The executable: the host with the scanner as its task. */
import manifest from '../package.json' with { type: 'json' };
import { runMain } from './host/run/main.ts';
import { loadTask, taskBuild } from './scan/task-build.ts';

void runMain({ name: taskBuild.name, version: manifest.version, loadTask });
