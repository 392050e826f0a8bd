/** Runs that know the last one: what outlives a run, with the agent and without. */
import { existsSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from '@jest/globals';
import { modeForOthers } from '../../../src/host/platform/index.ts';
import {
  agentWithJob,
  byHand,
  cleanUp,
  jobId,
  newFolder,
  recordsIn,
  recordsOf,
} from '../probe-under-test.ts';

afterEach(cleanUp);

/** A run without an agent; its records. */
async function standalone(args: readonly string[], onStart?: Parameters<typeof byHand>[1]) {
  const { code, stdout, stderr } = await byHand(['--standalone', ...args], onStart);
  const records = recordsIn(stdout);
  return { code, stderr, records, events: records.map(({ event }) => event) };
}

describe('a run without an agent', () => {
  test('has state, and says in lines of JSON what the agent would be told', async () => {
    const state = join(newFolder(), 'state');
    const { code, stderr, records, events } = await standalone(['--state-dir', state, '--store=1']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(events).toEqual(['run.started', 'probe.working', 'probe.item', 'run.summary', 'run.ended']);
    expect(records[2]).toMatchObject({ level: 'Warning', source: 'probe', host: expect.any(String) });
    const second = await standalone(['--state-dir', state, '--store=2', '--exits=attention']);
    expect(second.code).toBe(10);
    expect(second.records.filter(({ event }) => event === 'probe.item')).toMatchObject([
      { data: { number: 2 } },
    ]);
  });

  test('is turned away while another one works, and is told since when', async () => {
    const state = join(newFolder(), 'state');
    const held = join(newFolder(), 'held');
    writeFileSync(held, '');
    let second: ReturnType<typeof standalone> | undefined;
    const before = Date.now();
    const first = standalone(['--state-dir', state, `--hold-file=${held}`], {
      onStart: (child) => {
        child.stdout?.once('data', () => {
          second = standalone(['--state-dir', state]).finally(() => rmSync(held));
        });
      },
    });
    expect((await first).code).toBe(0);
    const turnedAway = await second;
    expect(turnedAway?.code).toBe(75);
    const said = turnedAway?.records.find(({ event }) => event === 'run.failed')?.message ?? '';
    const since = Date.parse(/since ([^ "]+)/.exec(said)?.[1] ?? '');
    expect(since).toBeGreaterThanOrEqual(before - 1000);
    expect(since).toBeLessThanOrEqual(Date.now());
  });

  test('waits a random time before its start, if told, and not beyond a signal', async () => {
    const { code, stderr } = await byHand(['--dry-run', '--verbose', '--jitter=30m'], {
      onStart: (child) =>
        child.stderr?.on('data', (text: Buffer) => {
          if (text.includes('Waiting for a random delay')) child.kill('SIGTERM');
        }),
    });
    expect(code).toBe(143);
    expect(stderr).toMatch(/Run started.*\n.*Waiting for a random delay/);
    expect((await byHand(['--standalone', '--jitter=3h'])).stderr).toMatch(/--jitter must be shorter/);
  });
});

describe('a dry run', () => {
  test('is what some options make of any run, and keeps only what its task wants to keep', async () => {
    const state = join(newFolder(), 'state');
    const args = ['--by-hand', '--store=1', '--state-dir', state];
    expect(await byHand(args)).toMatchObject({ code: 0, stdout: expect.stringContaining('1 announced') });
    expect(existsSync(state)).toBe(false);
    expect((await byHand([...args, '--keep=key'])).code).toBe(0);
    expect(readdirSync(state)).toEqual(['key']);
    expect(modeForOthers(statSync(state))).toBeUndefined();
    const { code, stderr } = await byHand([...args, '--standalone']);
    expect(code).toBe(64);
    expect(stderr).toContain('--standalone: --by-hand is for runs by hand');
  });
});

describe('records that were not delivered', () => {
  test('are sent by the next run, first, in order, once, with their own time', async () => {
    const root = newFolder('agent');
    const dead = await agentWithJob(['--agent-timeout=1s', '--store=1'], {
      root,
      faults: { broker: 'refuse' },
    });
    const run = await dead.runJob(jobId);
    const ended = Date.now();
    expect(run.exitCode).toBe(69);
    expect(run.tasks[0]?.stderr).toMatch(/not acknowledged, and the next run will send them/);
    expect(dead.records).toEqual([]);
    await dead.stop();

    const alive = await agentWithJob(['--store=1'], { root });
    expect((await alive.runJob(jobId)).exitCode).toBe(0);
    const said = recordsOf(alive);
    const late = said.filter(({ timestamp }) => Date.parse(timestamp) <= ended);
    expect(late.map(({ event }) => event)).toEqual([
      'run.started',
      'agent.settings-read',
      'agent.not-reached',
      'probe.working',
      'probe.item',
      'run.summary',
      'run.ended',
    ]);
    expect(said.slice(0, late.length)).toEqual(late);
    expect(new Set(late.map(({ run: id }) => id)).size).toBe(1);
    expect(new Set(said.map(({ id }) => id)).size).toBe(said.length);

    await alive.runJob(jobId);
    const third = alive.records.slice(said.length);
    expect(third.map(({ payload }) => payload['event'])[0]).toBe('run.started');
    expect(readFileSync(alive.logFile, 'utf8').match(/ Item: /g)?.length).toBe(1);
  });
});
