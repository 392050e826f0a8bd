/** How the run that a deployment has started ended: from the log and the agent, and never from other runs. */
import { describe, expect, test } from '@jest/globals';
import { type RunOnceOptions, runOnce } from '../../../src/host/commands/deploy/outcome.ts';

const NEVER = new AbortController().signal;
const describedAs = (...replies: unknown[]) => {
  let at = 0;
  return () => Promise.resolve(replies[Math.min(at++, replies.length - 1)]);
};

/** What the log gets after the start, in one piece. */
function logWith(...lines: string[]) {
  const pieces = [[], lines];
  return { newLines: () => pieces.shift() ?? [] };
}

async function outcomeOf(options: Partial<RunOnceOptions>, describe = describedAs({})) {
  return await runOnce({
    api: { describe, run: () => Promise.resolve({ runId: 5 }) },
    id: 'probe',
    program: 'probe',
    log: undefined,
    wait: 700,
    signal: NEVER,
    now: () => Date.now(),
    ...options,
  });
}

const ended = (source: string, job: string, seconds: number, run = 'r1') =>
  `2026-11-30T10:00:00Z [Information] ${source}: Run ended: code=10 seconds=${seconds} {"run":"${run}","job":"${job}"}`;

describe('from the log', () => {
  test('the line of the run that was started, and its other lines', async () => {
    const summary = ended('probe', 'probe', 0.5).replace('Run ended: code=10', 'Summary: found=1');
    const foreign = summary.replace('"r1"', '"r2"');
    const log = logWith(summary, foreign, ended('probe', 'probe', 0.5), 'unrelated: Run failed');
    expect(await outcomeOf({ log })).toEqual({
      state: 'ended',
      code: 10,
      lines: [summary, ended('probe', 'probe', 0.5)],
    });
  });

  test('a line without fields, where the agent drops them', async () => {
    const line = 'Warning|probe|Run ended: code=11 seconds=0.5';
    expect(await outcomeOf({ log: logWith(line) })).toMatchObject({ state: 'ended', code: 11 });
  });

  test.each([
    ['of another program', ended('probe-two', 'probe', 0.5)],
    ['of another job with the same executable', ended('probe', 'probe-event-topic', 0.5)],
    ['of a run that began before the start', ended('probe', 'probe', 60)],
  ])('no line %s', async (_, line) => {
    expect(await outcomeOf({ log: logWith(line) })).toMatchObject({ state: 'not-seen' });
  });
});

describe('from the agent', () => {
  test('the reported run, once it is another one', async () => {
    const before = { lastRun: { runId: 4, exitCode: 0 } };
    const described = describedAs(before, before, { lastRun: { runId: 5, exitCode: 11 } });
    expect(await outcomeOf({ wait: 5000 }, described)).toEqual({ state: 'ended', code: 11, lines: [] });
  });

  test('not a run with another id', async () => {
    const described = describedAs({ lastRun: null }, { lastRun: { runId: 4, exitCode: 0 } });
    expect(await outcomeOf({}, described)).toMatchObject({ state: 'not-seen' });
  });

  test('a run without an exit code', async () => {
    const described = describedAs({ lastRun: null }, { lastRun: { runId: 5, exitCode: null } });
    expect(await outcomeOf({}, described)).toEqual({ state: 'ended', code: undefined, lines: [] });
  });

  test('without reports and without a log, there is no wait', async () => {
    const begun = performance.now();
    expect(await outcomeOf({ wait: 3_600_000 })).toEqual({ state: 'invisible', lines: [] });
    expect(performance.now() - begun).toBeLessThan(5000);
  });

  test('without a call to start a job', async () => {
    const api = { describe: describedAs({ lastRun: null }), run: () => Promise.resolve(undefined) };
    expect(await outcomeOf({ api })).toEqual({ state: 'not-started', lines: [] });
  });

  test('a signal ends the wait', async () => {
    const signal = AbortSignal.timeout(50);
    const outcome = await outcomeOf({ wait: 3_600_000, signal }, describedAs({ lastRun: null }));
    expect(outcome).toMatchObject({ state: 'not-seen' });
  });
});
