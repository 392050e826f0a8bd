/** Walks the table of exit codes: each code, from the way that an operator would come to see it. */
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from '@jest/globals';
import { ExitTable } from '../../../src/host/exit/exit-table.ts';
import { probeExits } from '../probe/probe.ts';
import {
  agentWithJob,
  byHand,
  cleanUp,
  jobId,
  newFolder,
  readProbeReport,
  waitFor,
} from '../probe-under-test.ts';

afterEach(cleanUp);

/** A dry run with these arguments. */
async function dryRun(...args: readonly string[]): Promise<number | null> {
  return (await byHand(['--dry-run', ...args])).code;
}

/** Starts a dry run that takes a while and sends it a signal as soon as it works. */
async function signalled(signal: 'SIGINT' | 'SIGTERM'): Promise<number | null> {
  const { code } = await byHand(['--dry-run', '--verbose', '--work=30000ms'], {
    onStart: (child) => child.stderr?.once('data', () => child.kill(signal)),
  });
  return code;
}

/** Runs the job under an agent with a fault. */
async function underAgent(options: Parameters<typeof agentWithJob>[1], extra: readonly string[] = []) {
  const agent = await agentWithJob(['--agent-timeout=2s', '--store=1', ...extra], options);
  return (await agent.runJob(jobId)).exitCode;
}

const walks: Readonly<Record<string, () => Promise<number | null>>> = {
  ok: () => dryRun(),
  attention: () => dryRun('--exits=attention'),
  partial: () => dryRun('--exits=partial'),
  'no-input': () => dryRun('--fail=no-input'),
  usage: () => dryRun('--no-such-flag'),
  config: async () => (await byHand([])).code,
  'cannot-write': () => dryRun('--report=/does/not/exist/r.json'),
  unreachable: () => underAgent({ faults: { broker: 'refuse' } }),
  refused: () => underAgent({ faults: { settings: 403 } }),
  unconfirmed: () => underAgent({ faults: { denySilently: 'topic' } }),
  'bad-reply': () => underAgent({ faults: { settings: 'garbage' } }),
  interrupted: () => signalled('SIGINT'),
  terminated: () => signalled('SIGTERM'),
  busy: async () => {
    const held = join(newFolder(), 'held');
    writeFileSync(held, '');
    const agent = await agentWithJob([`--hold-file=${held}`]);
    const first = agent.runJob(jobId);
    await waitFor(() => agent.records.some(({ payload }) => payload['event'] === 'probe.working'));
    const { exitCode } = await agent.runJob(jobId);
    rmSync(held);
    expect((await first).exitCode).toBe(0);
    return exitCode;
  },
  internal: () => dryRun('--fail=unexpected'),
};

describe('exit codes of the executable', () => {
  const { rows } = new ExitTable(probeExits);

  test.each(rows.map(({ code, name, meaning }) => [code, name, meaning] as const))(
    '%i %s: %s',
    async (code, name) => {
      expect(await walks[name]?.()).toBe(code);
    },
  );

  test('the worst of several ways to end counts', async () => {
    expect(await dryRun('--exits=partial', '--exits=attention')).toBe(10);
    expect(await underAgent({ faults: { broker: 'refuse' } }, ['--exits=attention'])).toBe(69);
  });

  test.each([
    ['a client that the broker does not authorise', { faults: { broker: 'not-authorised' } }, 77],
    ['an agent that does not know the process', { faults: { settings: 401 } }, 77],
    ['an agent without these settings', { faults: { settings: 404 } }, 76],
    ['a redirect', { faults: { settings: 'redirect' } }, 76],
    ['an agent in trouble', { faults: { settings: 500 } }, 69],
    ['an agent that never answers', { faults: { settings: 'hang' } }, 69],
    ['an agent that answers a byte at a time', { faults: { settings: 'trickle' } }, 69],
    ['a broker that never accepts', { faults: { broker: 'hang' } }, 69],
    ['a broker that never acknowledges', { faults: { broker: 'no-ack' } }, 69],
    ['a broker that cuts the connection again and again', { faults: { dropAfterPackets: 3 } }, 69],
  ] as const)('%s: the work is done, and the code says so', async (_, options, code) => {
    const report = join(newFolder(), 'report.json');
    expect(await underAgent(options, [`--report=${report}`])).toBe(code);
    expect(readProbeReport(report).announced).toEqual([1]);
  });
});

describe('a task that breaks its contract', () => {
  test('by an error outside of its promise: 70, one line, and a record', async () => {
    const { code, stdout, stderr } = await byHand([
      '--standalone',
      '--fail=uncaught',
      `--state-dir=${join(newFolder(), 'state')}`,
    ]);
    expect({ code, stderr }).toEqual({ code: 70, stderr: 'probe: asked to fail\n' });
    expect(stdout).toMatch(/"event":"run.failed"[\s\S]*"event":"run.ended"/);
  });

  test('by working on after a signal: 70, within two seconds', async () => {
    let signalledAt = 0;
    const { code, stderr } = await byHand(['--dry-run', '--verbose', '--fail=stuck'], {
      onStart: (child) =>
        child.stderr?.once('data', () => {
          signalledAt = performance.now();
          child.kill('SIGTERM');
        }),
    });
    expect(code).toBe(70);
    expect(performance.now() - signalledAt).toBeLessThan(2000);
    expect(stderr).toContain('the work did not finish in time');
  });

  test('by a promise that nothing settles: 70', async () => {
    expect((await byHand(['--dry-run', '--fail=forgotten'])).code).toBe(70);
  });
});
