/** Runs that know the last one: what outlives a run, with the agent and without. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from '@jest/globals';
import { plantable } from '../../../fixtures/tokens.ts';
import { agentWithJob, byHand, cleanUp, newFolder } from '../scanner-under-test.ts';

afterEach(cleanUp);

interface Line {
  readonly event: string;
  readonly id: string;
  readonly run: string;
  readonly timestamp: string;
  readonly message: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** A run without an agent; its records. */
async function standalone(args: readonly string[], onStart?: Parameters<typeof byHand>[1]) {
  const { code, stdout, stderr } = await byHand(['--standalone', ...args], onStart);
  const lines = stdout.split('\n').filter((line) => line !== '');
  const records = lines.map((line): Line => JSON.parse(line));
  return { code, stderr, records, events: records.map(({ event }) => event) };
}

describe('a run without an agent', () => {
  test('has state, and says in lines of JSON what the agent would be told', async () => {
    const folder = newFolder();
    const state = join(newFolder(), 'state');
    writeFileSync(join(folder, 'a.txt'), plantable('github-classic-token'));
    const { code, stderr, records, events } = await standalone(['--state-dir', state, folder]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(events).toEqual([
      'run.started',
      'scan.roots-resolved',
      'scan.finding',
      'run.summary',
      'run.ended',
    ]);
    expect(records[2]).toMatchObject({ level: 'Warning', source: 'secrets-scan', host: expect.any(String) });
    expect((await standalone(['--state-dir', state, '--fail-on=high', folder])).code).toBe(10);
  });

  test('is turned away while another one works, and is told since when', async () => {
    const state = join(newFolder(), 'state');
    const slow = newFolder();
    writeFileSync(join(slow, 'a.txt'), 'x\n'.repeat(2_500_000));
    let second: ReturnType<typeof standalone> | undefined;
    const before = Date.now();
    const first = standalone(['--state-dir', state, '--max-rate=1', slow], {
      onStart: (child) => {
        child.stdout?.once('data', () => {
          second = standalone(['--state-dir', state, newFolder()]);
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
    const state = join(newFolder(), 'state');
    const { code, events } = await standalone(['--state-dir', state, '--jitter=30m', newFolder()], {
      onStart: (child) => setTimeout(() => child.kill('SIGTERM'), 1000),
    });
    expect(code).toBe(143);
    expect(events.slice(0, 2)).toEqual(['run.started', 'run.waiting']);
    expect((await byHand(['--standalone', '--jitter=3h'])).stderr).toMatch(/--jitter must be shorter/);
  });
});

describe('records that were not delivered', () => {
  test('are sent by the next run, first, in order, once, with their own time', async () => {
    const folder = newFolder();
    writeFileSync(join(folder, 'a.txt'), plantable('github-classic-token'));
    const root = newFolder('agent');
    const dead = await agentWithJob(['--agent-timeout=1s', folder], {
      root,
      faults: { broker: 'refuse' },
    });
    const run = await dead.runJob('secrets-scan');
    const ended = Date.now();
    expect(run.exitCode).toBe(69);
    expect(run.tasks[0]?.stderr).toMatch(/not acknowledged, and the next run will send them/);
    expect(dead.records).toEqual([]);
    await dead.stop();

    const alive = await agentWithJob([folder], { root });
    expect((await alive.runJob('secrets-scan')).exitCode).toBe(0);
    const said = alive.records.map(({ payload }): Line => JSON.parse(JSON.stringify(payload)));
    const late = said.filter(({ timestamp }) => Date.parse(timestamp) <= ended);
    expect(late.map(({ event }) => event)).toEqual([
      'run.started',
      'agent.settings-read',
      'agent.not-reached',
      'scan.roots-resolved',
      'scan.finding',
      'run.summary',
      'run.ended',
    ]);
    expect(said.slice(0, late.length)).toEqual(late);
    expect(new Set(late.map(({ run: id }) => id)).size).toBe(1);
    expect(new Set(said.map(({ id }) => id)).size).toBe(said.length);

    await alive.runJob('secrets-scan');
    const third = alive.records.slice(said.length);
    expect(third.map(({ payload }) => payload['event'])[0]).toBe('run.started');
    expect(readFileSync(alive.logFile, 'utf8').match(/Credential found/g)?.length).toBeGreaterThan(0);
  });
});
