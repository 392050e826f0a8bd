/** Finds files, exports and dependencies that nothing uses: `npm run knip`. */
import type { KnipConfig } from 'knip';
import { taskBuild, texts } from './build/task.ts';

const parts: readonly { readonly entryPoint: string; readonly standIn?: string }[] = Object.values(
  taskBuild.parts,
);

const standIns = Object.values(texts).map(({ standIn }) => standIn);

const config: KnipConfig = {
  entry: [
    taskBuild.main,
    ...(taskBuild.demo === undefined ? [] : [taskBuild.demo]),
    ...standIns,
    ...parts.flatMap(({ entryPoint, standIn }) => [entryPoint, ...(standIn === undefined ? [] : [standIn])]),
    // Chosen with TASK_BUILD.
    '{examples,test}/**/{task-build,main}.ts',
    // What the host offers a task: a fork's task uses other parts of it than this one.
    'src/host/{log,platform}/index.ts',
    'src/host/{exit,task}/*.ts',
    // Bundled for browsers by the task that writes pages.
    'src/*/**/client/page.ts',
    'src/*/tools.ts',
    'build/bundle.ts',
    'scripts/*.ts',
    'scripts/tables/*.ts',
    // Imported by the scripts that `job-script.ts` writes.
    'scripts/local-agent/job-client.ts',
    // Named in a setting of the bundler.
    'build/plain-width.ts',
    // Preloaded into Node under Wine.
    'test/wine/*.cjs',
    'test/**/*.test.ts',
  ],
  project: ['{src,build,scripts,fixtures,examples,test}/**/*.{ts,cjs}', '*.ts'],
  // Types of what a file exports.
  ignoreExportsUsedInFile: { interface: true, type: true },
  // Programs of the system.
  rules: { binaries: 'off' },
};

export default config;
