/**
 * The executable. Reads argv and environment, turns signals into one AbortSignal, sets the exit code; nothing else does
 * any of these. It never calls `process.exit`, which would cut what is still being written to a pipe.
 */
import { stopCoverage } from 'node:v8';
import manifest from '../package.json' with { type: 'json' };
import { hostPlatform } from './platform/index.ts';
import { run } from './run.ts';

// Node would write a file at the end, in a folder of somebody's choice. The other variables that it reads before this line are
// closed when the executable is packed.
if (process.env['NODE_V8_COVERAGE'] !== undefined) stopCoverage();

const stop = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort(signal));
// The reader of a pipe may leave early (`| head`); that is no failure of the run.
process.stdout.on('error', () => undefined);

void run(process.argv.slice(2), process.env, {
  loadTask: async () => (await import('./scan/index.ts')).secretsScan,
  version: manifest.version,
  platform: hostPlatform(process.env),
  stdout: process.stdout,
  stderr: process.stderr,
  signal: stop.signal,
}).then((code) => {
  process.exitCode = code;
});
