/** A process with too few file descriptors says so and ends with a code of the table, never with Node's own. */
import { execFile } from 'node:child_process';
import { expect } from '@jest/globals';
import { ExitTable } from '../../../src/host/exit/exit-table.ts';
import { installed, linux, testWith } from '../../tool.ts';
import { command, packed } from '../probe-under-test.ts';
import { loadTask } from '../probe/task-build.ts';

/** What the process ends with; undefined when a signal ended it, as Node does with next to no descriptors. */
function ended(descriptors: number): Promise<{ readonly code: unknown; readonly stderr: string }> {
  const script = `ulimit -n ${descriptors}; exec "$@"`;
  return new Promise((resolve) => {
    execFile('bash', ['-c', script, 'bash', ...command, '--dry-run'], (error, _, stderr) => {
      resolve({ code: error === null ? 0 : (error.code ?? undefined), stderr });
    });
  });
}

testWith(
  linux,
  installed('bash'),
  packed,
)('few descriptors', async () => {
  const { rows } = new ExitTable((await loadTask()).exitCodes);
  const known = new Set<unknown>([undefined, ...rows.map(({ code }) => code)]);
  const wrong = [];
  let failures = 0;
  for (let descriptors = 17; descriptors <= 30; descriptors += 1) {
    const { code, stderr } = await ended(descriptors);
    // A shell reports a signal as 128 and its number.
    const isSignal = typeof code === 'number' && code > 128;
    if (!isSignal && (!known.has(code) || (code === 70 && !stderr.includes('EMFILE')))) {
      wrong.push({ descriptors, code, stderr });
    }
    if (code !== 0) failures += 1;
  }
  expect(wrong).toEqual([]);
  expect(failures).toBeGreaterThan(0);
});
