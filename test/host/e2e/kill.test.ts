/**
 * Runs that are killed at random instants, with a broker that comes and goes: whatever the instant, no record that was committed
 * with the task's state is lost, and none is sent for the same state twice.
 */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, expect, test } from '@jest/globals';
import { type LocalAgent, layOutJob, startAgent } from '../../../scripts/local-agent/index.ts';
import {
  type Line,
  cleanUp,
  command,
  fromSource,
  jobId,
  newFolder,
  readProbeReport,
  recordsOf,
} from '../probe-under-test.ts';

/** The sources start slowly; what is shipped is tested at length. */
const KILLS = fromSource ? 15 : 60;
/** Milliseconds: the test fails when it has not killed as often until then. */
const LONGEST = 150_000;
/** Milliseconds after which most kills come at the latest: a machine that is busy does not come far until then. */
const SOON = 400;
/** Of so many kills, one comes at any instant of a run, however long that takes. */
const ANY_INSTANT = 4;
/** Items of the first run, and the most that each later one has more. */
const FIRST = 200;
const MOST_NEW = 60;

const faults = [undefined, undefined, undefined, 'refuse', 'no-ack', 'not-authorised'] as const;

/** Repeatable: the seed is in the title. */
class Numbers {
  #state: number;

  constructor(seed: number) {
    this.#state = seed;
  }

  /** 0 to `limit - 1`: the linear congruential generator of Numerical Recipes. */
  below(limit: number): number {
    this.#state = (Math.imul(this.#state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((this.#state / 2 ** 32) * limit);
  }
}

const seed = Date.now() % 1_000_000;
const numbers = new Numbers(seed);

let agent: LocalAgent | undefined;
afterAll(async () => {
  await agent?.stop();
  await cleanUp();
});

/** Starts an agent that trusts a process which it has not started itself. */
async function startedAgent(): Promise<LocalAgent> {
  const root = newFolder('agent');
  const started = await startAgent({ root, startup: false, trustEveryone: true });
  layOutJob(root, { id: jobId, script: '#!/bin/sh\n' });
  started.reloadJobs();
  return started;
}

/** Runs the task as the job, without what an agent does besides. @returns how it ended, once it has */
function runTask(
  args: readonly string[],
  killAfter?: number,
): Promise<{ readonly code: number | null; readonly isKilled: boolean }> {
  const [file = '', ...first] = command;
  const child = spawn(file, [...first, ...args], {
    env: { HOME: newHome, KEEPER_JOB_ID: jobId },
    stdio: 'ignore',
  });
  const timer = killAfter === undefined ? undefined : setTimeout(() => child.kill('SIGKILL'), killAfter);
  return new Promise((done, fail) => {
    child.on('error', fail);
    child.on('exit', (code, signal) => {
      clearTimeout(timer);
      done({ code, isKilled: signal === 'SIGKILL' });
    });
  });
}
const newHome = newFolder('home');

test(`${KILLS} kills: every item is announced, none twice, and the store always opens (seed ${seed})`, async () => {
  const started = await startedAgent();
  agent = started;
  const report = join(newFolder(), 'report.json');
  const state = join(newFolder(), 'state');
  let items = FIRST;
  const run = (killAfter?: number) =>
    runTask(
      [
        // Whatever the killed runs have left must arrive in the last ones, also on a busy machine.
        `--agent-timeout=${killAfter === undefined ? '20s' : '1s'}`,
        `--keeper-api-base=${started.apiBase}`,
        // The log is the proof of delivery: some kills come between a publication and its confirmation.
        `--agent-root=${started.root}`,
        `--state-dir=${state}`,
        `--report=${report}`,
        `--store=${items}`,
        '--work=100ms',
      ],
      killAfter,
    );
  const began = performance.now();
  expect(await run()).toEqual({ code: 0, isKilled: false });
  const duration = 1.1 * (performance.now() - began);

  const codes = new Set<number | null>();
  let kills = 0;
  let runs = 0;
  for (; kills < KILLS && performance.now() - began < LONGEST; runs += 1) {
    started.faults.broker = faults[numbers.below(faults.length)];
    started.faults.dropAfterPackets = numbers.below(3) === 0 ? 2 + numbers.below(12) : undefined;
    items += numbers.below(MOST_NEW);
    const latest = runs % ANY_INSTANT === 0 ? duration : Math.min(duration, SOON);
    const instant = numbers.below(Math.ceil(latest));
    const ended = run(instant);
    await sleep(numbers.below(instant + 1));
    started.faults.broker = faults[numbers.below(faults.length)];
    const { code, isKilled } = await ended;
    if (isKilled) kills += 1;
    else codes.add(code);
  }
  const seconds = Math.round((performance.now() - began) / 1000);
  process.stderr.write(`killed ${kills} of ${runs} runs in ${seconds} s, seed ${seed}\n`);
  expect(kills).toBe(KILLS);
  // What was not killed ended well, or without the broker. Nothing else.
  expect([...codes].filter((code) => ![0, 69, 77].includes(code ?? -1))).toEqual([]);

  started.faults.broker = undefined;
  started.faults.dropAfterPackets = undefined;
  expect(await run()).toEqual({ code: 0, isKilled: false });
  expect(await run()).toEqual({ code: 0, isKilled: false });
  expect(readProbeReport(report)).toMatchObject({ announced: [], deferred: 0, known: items });

  // A record that was acknowledged when the kill came may come again: the same one.
  const said = new Map<string, Line>();
  for (const record of recordsOf(started)) {
    expect(said.get(record.id) ?? record).toEqual(record);
    said.set(record.id, record);
  }
  const records = [...said.values()];
  const announced = records
    .filter(({ event }) => event === 'probe.item')
    .map(({ data }) => Number(data['number']));
  expect(announced.toSorted((a, b) => a - b)).toEqual(Array.from({ length: items }, (_, n) => n + 1));
  expect(
    records.filter(({ event }) => ['run.store-set-aside', 'run.failed', 'delivery.lost'].includes(event)),
  ).toEqual([]);
}, 400_000);
