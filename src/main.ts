/**
 * The executable. Reads argv and environment, turns signals into one AbortSignal, sets the exit code; nothing else does
 * any of these. It never calls `process.exit`, which would cut what is still being written, and would wait for a thread that
 * is stuck.
 */
import { stopCoverage } from 'node:v8';
import manifest from '../package.json' with { type: 'json' };
import { describeError } from './host/exit/task-error.ts';
import { hostExitCode } from './host/exit/exit-table.ts';
import { StandardStream, endNow, endSoon, hostPlatform } from './host/platform/index.ts';
import { run } from './host/run/run.ts';

// With this variable, Node would write a file at its end, in any folder. The other variables that Node reads before this line are
// disabled when the executable is packed.
if (process.env['NODE_V8_COVERAGE'] !== undefined) stopCoverage();

/** Milliseconds that a run may take to end after a signal; the waits within it are much shorter. */
const LONGEST_END_MS = 10_000;
/** Milliseconds that a run may take to say what went wrong after an error that nothing has caught. */
const LONGEST_FAILURE_MS = 2000;
/** Milliseconds to wait for a reader that takes nothing of help, a usage error or an unexpected one. */
const READER_PATIENCE_MS = 10_000;

// Not success if the event loop runs dry before the run has ended.
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
let hasCrashed = false;
// A rejection that nothing handles arrives here too.
process.on('uncaughtException', (error) => {
  if (hasCrashed) return;
  hasCrashed = true;
  crashed(error);
  setTimeout(() => endNow(hostExitCode('internal')), LONGEST_FAILURE_MS).unref();
});

async function main(): Promise<void> {
  const code = await run(process.argv.slice(2), process.env, {
    loadTask: async () => (await import('./scan/index.ts')).secretsScan,
    version: manifest.version,
    platform: hostPlatform(process.env),
    stdout,
    stderr,
    signal: stop.signal,
    crash,
  }).catch((error: unknown) => {
    stderr.write(`${manifest.name}: ${describeError(error)}\n`);
    return hostExitCode('internal');
  });
  await Promise.all([stdout, stderr].map((stream) => stream.flush(READER_PATIENCE_MS, stop.signal)));
  endSoon(code);
}

void main();
