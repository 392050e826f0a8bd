import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from '@jest/globals';
import { type LocalAgent, VirtualClock, layOutJob } from '../../../scripts/local-agent/index.ts';
import {
  agentWith,
  call,
  cleanUpAgents,
  connectTo,
  eventually,
  newFolder,
  nodeScript,
  trustingThisProcess,
} from './agent-support.ts';

afterEach(cleanUpAgents);

const MINUTE = 60_000;
const noon = '2030-01-01T12:00:00Z';
const quick = '#!/bin/sh\necho "$@"\n';
const triggers = (agent: LocalAgent) => agent.runs.map(({ jobId, trigger }) => `${jobId}: ${trigger}`);

/** A script that says that it has started, and ends when it is released. */
function slow() {
  const folder = newFolder();
  const started = join(folder, 'started');
  const release = join(folder, 'release');
  return {
    script: `#!/bin/sh\necho x >> '${started}'\nwhile [ ! -e '${release}' ]; do sleep 0.01; done\n`,
    count: () => (existsSync(started) ? readFileSync(started, 'utf8').length / 2 : 0),
    release: () => writeFileSync(release, ''),
    hold: () => rmSync(release),
  };
}

/** Moves the clock and waits for what was started by that. */
async function pass(agent: LocalAgent, clock: VirtualClock, minutes: number): Promise<void> {
  clock.advance(minutes * MINUTE);
  await agent.idle();
}

describe('Startup', () => {
  const events = [{ eventType: 'Startup' }];

  test('runs a job once for each start of the agent, with the log pipeline ready, and not on reload', async () => {
    const script = nodeScript(`
      const client = await connect();
      await client.publishAsync('KeeperLogger', record('first words'), { qos: 1 });
      await client.endAsync();`);
    const clock = new VirtualClock(noon);
    const agent = await agentWith([{ id: 'early', script, job: { events } }], { clock });
    await agent.idle();
    expect(triggers(agent)).toEqual(['early: Startup']);
    expect(readFileSync(agent.logFile, 'utf8')).toContain('first words');
    agent.reloadJobs();
    layOutJob(agent.root, { id: 'late', script: quick, job: { events } });
    agent.reloadJobs();
    await pass(agent, clock, 24 * 60);
    expect(triggers(agent)).toEqual(['early: Startup']);
  });

  test('may be written as a bare name, and is left out when the agent is told so', async () => {
    const jobs = [{ id: 'bare', script: quick, job: { events: ['Startup'] } }];
    const agent = await agentWith(jobs);
    await agent.idle();
    expect(triggers(agent)).toEqual(['bare: Startup']);
    const silent = await agentWith(jobs, { startup: false });
    await silent.idle();
    expect(silent.runs).toEqual([]);
  });

  test('overlaps with an interval run when it takes long', async () => {
    const { script, count, release } = slow();
    const clock = new VirtualClock(noon);
    const agent = await agentWith(
      [{ id: 'both', script, job: { events, schedule: { intervalMinutes: 30 } } }],
      { clock },
    );
    await eventually(() => count() === 1);
    clock.advance(30 * MINUTE);
    await eventually(() => count() === 2);
    expect(agent.runs).toEqual([]);
    release();
    await agent.idle();
    expect(triggers(agent).sort()).toEqual(['both: Startup', 'both: interval']);
  });
});

describe('intervalMinutes', () => {
  const schedule = { intervalMinutes: 60 };

  test('runs one full interval after the start, and not before', async () => {
    const clock = new VirtualClock(noon);
    const agent = await agentWith([{ id: 'hourly', script: quick, job: { schedule } }], { clock });
    await pass(agent, clock, 59);
    expect(agent.runs).toHaveLength(0);
    await pass(agent, clock, 1);
    expect(triggers(agent)).toEqual(['hourly: interval']);
    await pass(agent, clock, 60);
    expect(agent.runs).toHaveLength(2);
  });

  test('counts from the end of the interval run before, whatever else has run', async () => {
    const { script, count, release, hold } = slow();
    const clock = new VirtualClock(noon);
    const agent = await agentWith([{ id: 'hourly', script, job: { schedule } }], { clock });
    clock.advance(60 * MINUTE);
    await eventually(() => count() === 1);
    clock.advance(90 * MINUTE);
    release();
    await agent.idle();
    expect(count()).toBe(1);
    await pass(agent, clock, 30);
    await agent.runJob('hourly');
    await pass(agent, clock, 29);
    expect(count()).toBe(2);
    await pass(agent, clock, 1);
    expect(count()).toBe(3);
    hold();
  });

  test('counts from the start of the scheduler when it is told so', async () => {
    const { script, count, release } = slow();
    const clock = new VirtualClock(noon);
    const agent = await agentWith([{ id: 'hourly', script, job: { schedule } }], {
      clock,
      intervalBase: 'fixed-rate',
    });
    clock.advance(60 * MINUTE);
    await eventually(() => count() === 1);
    clock.advance(60 * MINUTE);
    await eventually(() => count() === 2);
    release();
    await pass(agent, clock, 59);
    expect(count()).toBe(2);
    await pass(agent, clock, 1);
    expect(count()).toBe(3);
  });

  test.each([0, -1, Number.NaN])('cannot be looked at every %d seconds', async (tickSeconds) => {
    await expect(agentWith([], { tickSeconds })).rejects.toThrow(
      `tickSeconds: expected a number above 0, not ${tickSeconds}`,
    );
  });

  test('is looked at every minute, or as often as the agent is told', async () => {
    const clock = new VirtualClock('2030-01-01T12:00:30Z');
    const fast = { schedule: { intervalMinutes: 0.1 } };
    const agent = await agentWith([{ id: 'fast', script: quick, job: fast }], { clock });
    clock.advance(29_999);
    await agent.idle();
    expect(agent.runs).toHaveLength(0);
    clock.advance(1);
    await agent.idle();
    expect(agent.runs).toHaveLength(1);
    const often = await agentWith([{ id: 'fast', script: quick, job: fast }], { clock, tickSeconds: 1 });
    clock.advance(6000);
    await often.idle();
    expect(often.runs).toHaveLength(1);
  });
});

describe('cronExpression', () => {
  test.each([
    ['UTC', 3 * 60 + 30],
    ['Europe/Berlin', 2 * 60 + 30],
  ])('runs at that time of the day in %s', async (timeZone, minutes) => {
    const clock = new VirtualClock('2030-01-01T00:00:00Z');
    const schedule = { cronExpression: '30 3 * * *' };
    const agent = await agentWith([{ id: 'nightly', script: quick, job: { schedule } }], { clock, timeZone });
    await pass(agent, clock, minutes - 1);
    expect(agent.runs).toHaveLength(0);
    await pass(agent, clock, 1);
    expect(triggers(agent)).toEqual(['nightly: cron']);
    await pass(agent, clock, 24 * 60 - 1);
    expect(agent.runs).toHaveLength(1);
    await pass(agent, clock, 1);
    expect(agent.runs).toHaveLength(2);
  });
});

describe('several jobs', () => {
  test('that are due together start by priority; those that may not run do not', async () => {
    const schedule = { intervalMinutes: 1 };
    const clock = new VirtualClock(noon);
    const other = { windows: false, linux: false, macOS: false };
    const agent = await agentWith(
      [
        { id: 'a-low', script: quick, job: { schedule, priority: 1 } },
        { id: 'b-high', script: quick, job: { schedule, priority: 10 } },
        { id: 'c-off', script: quick, job: { schedule, enabled: false } },
        { id: 'd-elsewhere', script: quick, job: { schedule, osFilter: other } },
      ],
      { clock },
    );
    await pass(agent, clock, 1);
    const inOrder = agent.runs.toSorted((a, b) => a.runId - b.runId).map(({ jobId }) => jobId);
    expect(inOrder).toEqual(['b-high', 'a-low']);
  });

  test('keep their timers on reload, save for a schedule that has changed or gone', async () => {
    const schedule = { intervalMinutes: 60 };
    const clock = new VirtualClock(noon);
    const jobs = ['same', 'changed', 'gone'].map((id) => ({ id, script: quick, job: { schedule } }));
    const agent = await agentWith(jobs, { clock });
    clock.advance(30 * MINUTE);
    layOutJob(agent.root, { id: 'changed', job: { schedule: { intervalMinutes: 50 } } });
    rmSync(join(agent.root, 'Jobs', 'gone.json'));
    agent.reloadJobs();
    await pass(agent, clock, 30);
    expect(triggers(agent)).toEqual(['same: interval']);
    await pass(agent, clock, 20);
    expect(triggers(agent)).toEqual(['same: interval', 'changed: interval']);
  });

  test('are picked up when they are dropped into the folder, where the agent watches it', async () => {
    const agent = await agentWith([], { watch: true });
    layOutJob(agent.root, { id: 'dropped', script: quick });
    await eventually(async () => {
      const { text } = await call(agent, '/api/system/status');
      return text.includes('"total":1');
    }, 'the job');
    expect((await agent.runJob('dropped')).exitCode).toBe(0);
  });
});

describe('an event', () => {
  const values = { arguments: '{path} {count} {list}' };

  test('on a topic that a job names starts it, with the payload as values', async () => {
    const agent = await agentWith(
      [
        { id: 'source', publications: ['Files/changed', 'Files/ignored'] },
        { id: 'listener', script: quick, task: values, job: { events: [{ eventType: 'Files/changed' }] } },
      ],
      trustingThisProcess(),
    );
    const client = await connectTo(agent, { clientId: 'job_source_1' });
    await client.publishAsync('Files/changed', '{"path":"/etc","count":2,"list":[1]}', { qos: 1 });
    await client.publishAsync('Files/ignored', '{}', { qos: 1 });
    await client.publishAsync('Files/denied', '{}', { qos: 1 });
    await agent.idle();
    expect(triggers(agent)).toEqual(['listener: Files/changed']);
    expect(agent.runs[0]?.tasks[0]?.stdout).toBe('/etc 2 {list}\n');
  });

  test('that an event topic carries starts the jobs that name its type, but never Startup', async () => {
    const agent = await agentWith(
      [
        { id: 'source', publications: ['Jobs/source/events', 'my/topic'] },
        { id: 'own', publications: ['my/topic'], job: { eventTopic: 'my/topic' } },
        {
          id: 'listener',
          script: quick,
          job: { events: [{ eventType: 'ScanDone' }, { eventType: 'Startup' }] },
        },
      ],
      { ...trustingThisProcess(), startup: false },
    );
    const client = await connectTo(agent, { clientId: 'job_source_1' });
    for (const topic of ['Jobs/source/events', 'my/topic']) {
      await client.publishAsync(topic, '{"eventType":"ScanDone"}', { qos: 1 });
      await client.publishAsync(topic, '{"eventType":"Startup"}', { qos: 1 });
      await client.publishAsync(topic, 'no JSON', { qos: 1 });
    }
    await agent.idle();
    expect(triggers(agent)).toEqual(['listener: ScanDone', 'listener: ScanDone']);
  });
});
