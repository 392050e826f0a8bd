/**
 * The executable. Reads argv and environment, turns signals into one AbortSignal, sets the exit code; nothing else does
 * any of these. It never calls `process.exit`, which would cut what is still being written to a pipe.
 */
import manifest from '../package.json' with { type: 'json' };
import { hostPlatform } from './platform/index.ts';
import { run } from './run.ts';

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
