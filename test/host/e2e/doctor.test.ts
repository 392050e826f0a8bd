/** `doctor` of the executable, by hand and as a job. */
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from '@jest/globals';
import { DatabaseSync } from 'node:sqlite';
import { agentWithJob, byHand, cleanUp, newFolder } from '../probe-under-test.ts';

afterEach(cleanUp);

interface Report {
  readonly firstFailed: string | null;
  readonly exitCode: number;
  readonly steps: readonly { readonly id: string; readonly result: string; readonly saw: string }[];
}
const reportIn = (output: string): Report => JSON.parse(output);
const resultOf = ({ steps }: Report, id: string) => steps.find((step) => step.id === id)?.result;

describe('doctor as a job', () => {
  test('of an agent in order: 0', async () => {
    const agent = await agentWithJob(['--json'], {
      template: 'probe-doctor',
    });
    const run = await agent.runJob('probe-doctor');
    const report = reportIn(run.tasks[0]?.stdout ?? '');
    expect({ code: run.exitCode, failed: report.firstFailed }).toEqual({ code: 0, failed: null });
    expect(resultOf(report, 'log')).toBe('ok');
  });

  test('of an agent that refuses the settings: 77', async () => {
    const agent = await agentWithJob(['--json'], {
      template: 'probe-doctor',
      faults: { settings: 403 },
    });
    const run = await agent.runJob('probe-doctor');
    expect(reportIn(run.tasks[0]?.stdout ?? '')).toMatchObject({ firstFailed: 'tier', exitCode: 77 });
    expect(run.exitCode).toBe(77);
  });
});

describe('doctor by hand', () => {
  test('without an agent: 69, and what is missing', async () => {
    const root = newFolder();
    const { code, stdout } = await byHand(['doctor', '--agent-root', root]);
    expect(code).toBe(69);
    expect(stdout).toContain(`--agent-root ${root} contains no folder Jobs`);
    expect(stdout).toMatch(/WARNING +Started by the agent +KEEPER_JOB_ID is not set/);
    expect(stdout).toMatch(/FAILED +Port of the agent's API +--keeper-api-base is not set/);
    expect(stdout).toMatch(/\nFirst failure: Port of the agent's API \(exit code 69: .*\)\n$/);
  });

  test('calibrates nothing, and says why', async () => {
    const nothing = await byHand(['doctor', '--calibrate', '--agent-root', newFolder()]);
    expect(nothing.stdout).toMatch(/skipped +Calibration +not checked: "Broker reachable" was skipped/);
    const agent = await agentWithJob([]);
    const broker = `--broker=127.0.0.1:${agent.brokerPort}`;
    const { code, stdout } = await byHand(['doctor', '--calibrate', '--agent-root', agent.root, broker]);
    expect(code).toBe(78);
    expect(stdout).toMatch(
      /FAILED +Calibration +not started by the agent\n.*\n +change: Run doctor --calibrate/,
    );
  });

  test('beside an agent: what needs its trust is not a failure', async () => {
    const agent = await agentWithJob([]);
    const { code, stdout } = await byHand(['doctor', '--json', '--agent-root', agent.root]);
    const report = reportIn(stdout);
    expect({ code, failed: report.firstFailed }).toEqual({ code: 0, failed: null });
    const results = ['health', 'tier', 'settings', 'broker-accepts'].map((id) => resultOf(report, id));
    expect(results).toEqual(['ok', 'warning', 'skipped', 'skipped']);
    expect(resultOf(report, 'job-document')).toBe('ok');
  });

  test('says that a run is in progress, and leaves its lock alone', async () => {
    const state = join(newFolder(), 'state');
    const first = await byHand(['--standalone', '--state-dir', state]);
    expect(first.code).toBe(0);
    writeFileSync(join(state, 'run.holder'), 'process 7 since yesterday\n');
    const lock = new DatabaseSync(join(state, 'run.lock'));
    lock.exec('BEGIN EXCLUSIVE');
    const locked = await byHand(['doctor', '--json', '--state-dir', state]);
    lock.close();
    const step = reportIn(locked.stdout).steps.find(({ id }) => id === 'state-directory');
    expect(step).toMatchObject({
      result: 'warning',
      saw: expect.stringContaining('locked: process 7 since yesterday'),
    });
    const free = await byHand(['doctor', '--json', '--state-dir', state]);
    expect(resultOf(reportIn(free.stdout), 'state-directory')).toBe('ok');
  });

  test('ends soon after a signal, and has said what it saw until then', async () => {
    // Accepts connections and never answers.
    const server = createServer(() => undefined).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    const port = typeof address === 'object' ? address?.port : undefined;
    let signalledAt = 0;
    const { code, stdout } = await byHand(['doctor', `--keeper-api-base=https://127.0.0.1:${port}`], {
      onStart: (child) => {
        server.once('connection', () => {
          signalledAt = performance.now();
          child.kill('SIGTERM');
        });
      },
    });
    const took = performance.now() - signalledAt;
    server.close();
    expect(code).toBe(143);
    expect(took).toBeLessThan(3000);
    expect(stdout).toMatch(
      /\nok +Configuration[\s\S]*skipped +State directory +not checked: the command had to end/,
    );
  });

  test('explains its options, and those of the task', async () => {
    const { code, stdout } = await byHand(['doctor', '--help']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/Usage: probe doctor \[options\]/);
    expect(stdout).toMatch(/--json [\s\S]*--calibrate [\s\S]*--keeper-api-base/);
  });
});
