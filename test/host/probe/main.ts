/** The executable of the probe: what `src/main.ts` does, with another task. */
import manifest from '../../../package.json' with { type: 'json' };
import { describeError } from '../../../src/host/exit/task-error.ts';
import { hostExitCode } from '../../../src/host/exit/exit-table.ts';
import { StandardStream, endNow, endSoon, hostPlatform } from '../../../src/host/platform/index.ts';
import { run } from '../../../src/host/run/run.ts';
import { stopCoverage } from 'node:v8';
import { taskBuild } from './task-build.ts';

if (process.env['NODE_V8_COVERAGE'] !== undefined) stopCoverage();

const LONGEST_END_MS = 10_000;
const LONGEST_FAILURE_MS = 2000;
const READER_PATIENCE_MS = 10_000;

process.exitCode = hostExitCode('internal');

const stdout = new StandardStream(1);
const stderr = new StandardStream(2);
const stop = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    stop.abort(signal);
    const code = hostExitCode(signal === 'SIGINT' ? 'interrupted' : 'terminated');
    setTimeout(() => endNow(code), LONGEST_END_MS).unref();
  });
}

const { promise: crash, resolve: crashed } = Promise.withResolvers<unknown>();
process.on('uncaughtException', (error) => {
  crashed(error);
  setTimeout(() => endNow(hostExitCode('internal')), LONGEST_FAILURE_MS).unref();
});

async function main(): Promise<void> {
  const code = await run(process.argv.slice(2), process.env, {
    loadTask: async () => (await import('./probe.ts')).probe,
    version: manifest.version,
    platform: hostPlatform(process.env),
    stdout,
    stderr,
    signal: stop.signal,
    crash,
  }).catch((error: unknown) => {
    stderr.write(`${taskBuild.name}: ${describeError(error)}\n`);
    return hostExitCode('internal');
  });
  await Promise.all([stdout, stderr].map((stream) => stream.flush(READER_PATIENCE_MS, stop.signal)));
  endSoon(code);
}

void main();
