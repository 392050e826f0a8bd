/** A flood of records while the agent is away: the spool is bounded, and everything that was announced still arrives once. */
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from '@jest/globals';
import type { LocalAgent } from '../../../scripts/local-agent/index.ts';
import { agentWithJob, cleanUp, jobId, newFolder, recordsOf } from '../probe-under-test.ts';

afterEach(cleanUp);

/** Items with records of 8 KB each: more than twice what the spool holds. */
const ITEMS = 4000;
const SIZE = 3700;
/** Ordinary records of that size. */
const RECORDS = 1500;
/** Runs after which everything must have arrived. */
const MOST_RUNS = 12;
const MEGABYTE = 1024 * 1024;

/** Numbers of the items that arrived, by the record's id: one that arrives twice has the same id. */
function arrivedAt(agent: LocalAgent): Map<string, string> {
  const items = recordsOf(agent).filter(({ event }) => event === 'probe.item');
  return new Map(items.map(({ id, message }) => [id, /number=(\d+)/.exec(message)?.[1] ?? message]));
}

test('announcements that find no room in the spool are made by later runs, each once', async () => {
  const root = newFolder('agent');
  const args = [`--store=${ITEMS}`, `--size=${SIZE}`];
  const away = await agentWithJob(['--agent-timeout=1s', ...args], { root, faults: { broker: 'refuse' } });
  for (let run = 0; run < 3; run += 1) {
    const { exitCode, tasks } = await away.runJob(jobId);
    expect(exitCode).toBe(69);
    expect(tasks[0]?.stderr).toMatch(/not acknowledged, and the next run will send them/);
  }
  expect(statSync(join(root, 'state', 'state.db')).size).toBeLessThan(32 * MEGABYTE);
  await away.stop();

  const back = await agentWithJob(['--agent-timeout=20s', ...args], { root });
  let runs = 0;
  for (; runs < MOST_RUNS && arrivedAt(back).size < ITEMS; runs += 1) {
    expect((await back.runJob(jobId)).exitCode).toBe(0);
  }
  expect(runs).toBeGreaterThan(1);
  const numbers = [...arrivedAt(back).values()].map(Number).toSorted((a, b) => a - b);
  expect(numbers).toEqual(Array.from({ length: ITEMS }, (_, n) => n + 1));
  expect(recordsOf(back).filter(({ event }) => event === 'delivery.lost')).toEqual([]);
}, 120_000);

test('ordinary records make room for later ones, and the next run says how many were lost', async () => {
  const root = newFolder('agent');
  const away = await agentWithJob(['--agent-timeout=1s', `--records=${RECORDS}`, `--size=${SIZE}`], {
    root,
    faults: { broker: 'refuse' },
  });
  const { exitCode, tasks } = await away.runJob(jobId);
  expect(exitCode).toBe(69);
  const [, kept, lost] = /will send (\d+) of them, and (\d+) are lost/.exec(tasks[0]?.stderr ?? '') ?? [];
  expect(Number(kept)).toBeGreaterThan(0);
  expect(Number(lost)).toBeGreaterThan(0);
  await away.stop();
  const back = await agentWithJob(['--agent-timeout=20s'], { root });
  expect((await back.runJob(jobId)).exitCode).toBe(0);
  const lines = recordsOf(back);
  expect(lines.filter(({ event }) => event === 'delivery.lost')).toMatchObject([
    { data: { count: Number(lost) } },
  ]);
  expect(lines.findLast(({ event }) => event === 'probe.record')).toMatchObject({
    data: { number: RECORDS },
  });
}, 120_000);
