/** The executable of the probe. */
import manifest from '../../../package.json' with { type: 'json' };
import { runMain } from '../../../src/host/run/main.ts';
import { loadTask, taskBuild } from './task-build.ts';

void runMain({ name: taskBuild.name, version: manifest.version, loadTask });
