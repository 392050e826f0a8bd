/** The job: the agent starts the executable, it works, and KeeperLogger has its records. */
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from '@jest/globals';
import { settingsShapes } from '../../../scripts/local-agent/index.ts';
import { testWith } from '../../tool.ts';
import {
  agentWithJob,
  byHand,
  cleanUp,
  jobId,
  newFolder,
  packed,
  readProbeReport,
  recordsOf,
} from '../probe-under-test.ts';

afterEach(cleanUp);

const eventsOf = (agent: Awaited<ReturnType<typeof agentWithJob>>) =>
  recordsOf(agent).map(({ event }) => event);

describe('the job, started by the agent', () => {
  test('says on KeeperLogger step by step what it does', async () => {
    const report = join(newFolder(), 'report.json');
    const agent = await agentWithJob([`--report=${report}`, '--records=2', '--store=3'], {
      minimumLevel: 'Information',
      strict: false,
    });
    const run = await agent.runJob(jobId);
    expect(run.exitCode).toBe(0);
    expect(run.tasks[0]).toMatchObject({ stdout: '', stderr: '' });
    expect(eventsOf(agent)).toEqual([
      'run.started',
      'agent.settings-read',
      'agent.broker-connected',
      'probe.working',
      'probe.record',
      'probe.record',
      'probe.item',
      'probe.item',
      'probe.item',
      'run.report-written',
      'run.summary',
      'run.ended',
    ]);
    expect(readProbeReport(report)).toMatchObject({
      announced: [1, 2, 3],
      exitCode: 0,
      exitMeaning: 'the run completed',
    });
    const log = readFileSync(agent.logFile, 'utf8').split('\n');
    for (const number of [1, 2, 3]) {
      expect(log.filter((line) => line.includes(`Item: number=${number}`))).toHaveLength(1);
    }
    expect(agent.audit).toEqual([]);
  });

  test('on a default install what an operator must see is in the log, and a run without news is quiet', async () => {
    const agent = await agentWithJob(['--records=1']);
    await agent.runJob(jobId);
    expect(readFileSync(agent.logFile, 'utf8')).toBe('');
    const withNews = await agentWithJob(['--store=1']);
    await withNews.runJob(jobId);
    const lines = readFileSync(withNews.logFile, 'utf8').trimEnd().split('\n');
    expect(lines).toHaveLength(2);
    expect(lines[0]).toMatch(/Warning.*Item: number=1/);
    expect(lines[1]).toMatch(/Warning.*Summary/);
  });

  test.each(settingsShapes)('reads settings that come %s, and speaks MQTT 5', async (settingsShape) => {
    const agent = await agentWithJob(['--mqtt-version=5'], { settingsShape, portAs: 'string' });
    expect((await agent.runJob(jobId)).exitCode).toBe(0);
    expect(eventsOf(agent)).toContain('run.ended');
  });

  test('with --ca-file the agent must prove itself, to the API and to the broker', async () => {
    const trusted = await agentWithJob(({ certificates }) => ['--ca-file', certificates.ca]);
    expect((await trusted.runJob(jobId)).exitCode).toBe(0);
    const stranger = await agentWithJob(['--ca-file', trusted.certificates.ca]);
    const run = await stranger.runJob(jobId);
    expect(run.exitCode).toBe(69);
    expect(run.tasks[0]?.stderr).toMatch(/Agent unreachable.*certificate/);
    expect(stranger.records).toEqual([]);
  });

  test('a broker that dies in the middle: the work is done, 69, and the important lines are on standard error', async () => {
    const report = join(newFolder(), 'report.json');
    let killed: Promise<void> | undefined;
    const agent = await agentWithJob(
      ['--agent-timeout=3s', `--report=${report}`, '--store=1', '--work=1500ms', '--exits=attention'],
      {
        minimumLevel: 'Information',
        onLogLine: (line) => {
          if (line.includes('Item')) killed ??= agent.killBroker();
        },
      },
    );
    const run = await agent.runJob(jobId);
    await killed;
    expect(killed).toBeDefined();
    expect(run.exitCode).toBe(69);
    expect(readProbeReport(report).announced).toEqual([1]);
    expect(run.tasks[0]?.stderr).toMatch(
      /records were not acknowledged \(the connection to the agent's broker at .* was lost: .*ECONNREFUSED[\s\S]*"event":"run.summary"/,
    );

    await agent.restartBroker();
    expect((await agent.runJob(jobId)).exitCode).toBe(10);
    const ends = recordsOf(agent).filter(({ event }) => event === 'run.ended');
    expect(ends.map(({ data }) => data['code'])).toEqual([69, 10]);
  });

  test('a broker that restarts with a new certificate loses nothing', async () => {
    let restarted: Promise<void> | undefined;
    const agent = await agentWithJob(['--store=1', '--work=2000ms'], {
      minimumLevel: 'Information',
      onLogLine: (line) => {
        if (line.includes('Item')) restarted ??= agent.restartBroker();
      },
    });
    const run = await agent.runJob(jobId);
    await restarted;
    expect(restarted).toBeDefined();
    expect(run.exitCode).toBe(0);
    expect(eventsOf(agent).slice(-2)).toEqual(['run.summary', 'run.ended']);
  });

  test('a broker that restarts on another port is found again, and nothing is lost', async () => {
    let restarted: Promise<void> | undefined;
    const agent = await agentWithJob(['--store=1', '--work=6000ms'], {
      minimumLevel: 'Information',
      onLogLine: (line) => {
        if (line.includes('Item')) restarted ??= agent.restartBroker({ port: 'new' });
      },
    });
    const run = await agent.runJob(jobId);
    await restarted;
    expect(restarted).toBeDefined();
    expect(run.exitCode).toBe(0);
    expect(eventsOf(agent)).toContain('agent.broker-moved');
    expect(eventsOf(agent).slice(-2)).toEqual(['run.summary', 'run.ended']);
  });

  test('an agent that answers for single settings only, and one whose settings nobody may read', async () => {
    const single = await agentWithJob(['--settings-request=each']);
    expect((await single.runJob(jobId)).exitCode).toBe(0);
    const silent = await agentWithJob(({ brokerPort }) => [`--broker=127.0.0.1:${brokerPort}`], {
      faults: { settings: 403 },
    });
    expect((await silent.runJob(jobId)).exitCode).toBe(0);
    expect(eventsOf(silent)).not.toContain('agent.settings-read');
    const refused = await agentWithJob([], { faults: { settings: 403 } });
    const run = await refused.runJob(jobId);
    expect(run.exitCode).toBe(77);
    expect(run.tasks[0]?.stderr).toMatch(/HTTP 403; possible causes: .*not signed.*`probe doctor`/);
  });

  test('the form of records is that of the configuration file', async () => {
    const config = join(newFolder(), 'config.json');
    const payload = {
      names: { level: 'Level', message: 'Message', source: 'Source', timestamp: 'Time', data: 'Log.Data' },
      levels: { Warning: 'WARN' },
      constants: { 'Log.Version': 1 },
    };
    writeFileSync(config, JSON.stringify({ payload }));
    const agent = await agentWithJob(['--store=1', `--config=${config}`]);
    expect((await agent.runJob(jobId)).exitCode).toBe(0);
    expect(agent.records.map((record) => record.payload)).toContainEqual(
      expect.objectContaining({
        Level: 'WARN',
        Message: 'Item: number=1',
        Source: 'probe',
        Log: { Data: { number: 1 }, Version: 1 },
      }),
    );
  });

  test('the outcome is on the event topic too, when the job says so', async () => {
    const id = 'probe-event-topic';
    const agent = await agentWithJob(['--store=2'], { template: id });
    expect((await agent.runJob(id)).exitCode).toBe(0);
    const events = agent.events.filter(({ topic }) => topic === `Jobs/${id}/events`);
    expect(events.map(({ payload }) => JSON.parse(payload))).toMatchObject([
      { announced: 2, code: 0, confirmedBy: 'log' },
    ]);
    expect(agent.audit).toEqual([]);
  });

  test('--max-duration ends the work before its time, and the run as usual', async () => {
    // Long enough to connect on a busy machine.
    const agent = await agentWithJob(['--max-duration=5s', '--work=60000ms'], {
      minimumLevel: 'Information',
    });
    const began = performance.now();
    expect((await agent.runJob(jobId)).exitCode).toBe(0);
    expect(performance.now() - began).toBeLessThan(30_000);
    expect(eventsOf(agent).slice(-3)).toEqual(['run.out-of-time', 'run.summary', 'run.ended']);
  });
});

describe('the job, by hand', () => {
  test('without an agent and without --dry-run: 78 and one line that says what to do', async () => {
    const { code, stdout, stderr } = await byHand([]);
    expect({ code, stdout }).toEqual({ code: 78, stdout: '' });
    expect(stderr).toMatch(/^probe: .*KEEPER_JOB_ID.*--dry-run.*\n$/);
  });

  test('--dry-run needs no agent, prints the report and keeps no state', async () => {
    const home = newFolder();
    for (const run of [1, 2]) {
      const { code, stdout } = await byHand(['--dry-run', '--store=2', `--records=${run}`], {
        env: { HOME: home },
      });
      expect({ code, stdout }).toEqual({
        code: 0,
        stdout: '2 announced, 0 deferred, 0 known, exit code 0\n',
      });
    }
    expect(readdirSync(home)).toEqual([]);
  });

  testWith(packed)('NODE_OPTIONS loads no code into the executable (Node itself obeys it)', async () => {
    const { code, stdout } = await byHand(['--version'], {
      env: { NODE_OPTIONS: '--require /does/not/exist.js' },
    });
    expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/) });
  });

  test('a reader that leaves early is no failure', async () => {
    const { code } = await byHand(['--help'], { onStart: (child) => child.stdout?.destroy() });
    expect(code).toBe(0);
  });
});
