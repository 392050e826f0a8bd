/**
 * Runs that are killed at random instants, over a tree that changes, with a broker that comes and goes: whatever the
 * instant, no alert is lost and none is given twice.
 */
import { mkdirSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, expect, test } from '@jest/globals';
import { readReport } from '../../src/report/read.ts';
import { type LocalAgent, layOutJob, startAgent } from '../agent/index.ts';
import { Numbers } from '../numbers.ts';
import { plantable } from '../tokens.ts';
import { cleanUp, command, fromSource, newFolder } from './task-under-test.ts';

/** The sources start slowly; what is shipped is tested at length. */
const KILLS = fromSource ? 30 : 200;
/** Milliseconds: on a machine that is too busy for all of them, fewer kills must do. */
const LONGEST = 90_000;
const FOLDERS = 20;
const FILES = 400;
/** Seconds: a run that is not killed ends by itself before. */
const WHOLE = 60;
/** Milliseconds: what was written within them before a run is scanned again. */
const UNTIL_QUIET = 2500;

const faults = [undefined, undefined, undefined, 'refuse', 'no-ack', 'not-authorised'] as const;
const seed = Date.now() % 1_000_000;
const numbers = new Numbers(seed);

let agent: LocalAgent;
afterAll(async () => {
  await agent.stop();
  await cleanUp();
});

/** Files with and without secrets, each secret another one. */
class ChangingTree {
  readonly root = newFolder('changing');
  /** Names of files that hold a secret. */
  readonly planted = new Set<string>();
  #made = 0;

  constructor() {
    for (let folder = 0; folder < FOLDERS; folder += 1) mkdirSync(join(this.root, `${folder}`));
    for (let file = 0; file < FILES; file += 1) this.add(file % 10 === 0);
  }

  add(isPlanted: boolean): void {
    this.#made += 1;
    const name = `${this.#made % FOLDERS}/${this.#made}.txt`;
    const secret = plantable('github-classic-token', `${seed}-${this.#made}`);
    writeFileSync(join(this.root, name), `nothing\n${isPlanted ? secret : ''}\n`);
    if (isPlanted) this.planted.add(name);
  }

  /** Adds, moves, removes, edits. */
  change(): void {
    const names = [...this.planted];
    const name = names[numbers.below(names.length)] ?? '';
    const path = join(this.root, name);
    const kind = numbers.below(5);
    if (kind < 2) this.add(kind === 0);
    else if (kind === 2) writeFileSync(path, `one more line\n${readFileSync(path, 'utf8')}`);
    else {
      this.planted.delete(name);
      if (kind === 3) rmSync(path);
      else {
        this.#made += 1;
        const moved = `${numbers.below(FOLDERS)}/moved-${this.#made}.txt`;
        renameSync(path, join(this.root, moved));
        this.planted.add(moved);
      }
    }
  }
}

/** Starts an agent with a job that is killed after as many seconds as a file says: this one. */
async function agentThatKills(tree: string, report: string): Promise<string> {
  const root = newFolder('agent');
  const delay = join(root, 'delay');
  // The task is a child of what the agent starts, so that it can be killed at any instant of its life.
  agent = await startAgent({ root, startup: false, trustEveryone: true });
  const program = command.map((part) => `'${part}'`).join(' ');
  layOutJob(root, {
    id: 'secrets-scan',
    script: `#!/bin/sh\nexec timeout --signal=KILL "$(cat '${delay}')" ${program} "$@"\n`,
    task: {
      arguments: `--keeper-api-base={KeeperApiBaseUrl} --agent-timeout=1s --workers=1 --state-dir=${join(root, 'state')} --report=${report} ${tree}`,
    },
  });
  agent.reloadJobs();
  return delay;
}

interface Said {
  readonly id: string;
  readonly event: string;
  readonly data: Readonly<Record<string, unknown>>;
}

test(`up to ${KILLS} kills: every finding is alerted, none twice, and the store always opens (seed ${seed})`, async () => {
  const tree = new ChangingTree();
  const report = join(newFolder(), 'report.json');
  const delay = await agentThatKills(tree.root, report);
  const run = async (seconds: number) => {
    writeFileSync(delay, `${seconds}`);
    return (await agent.runJob('secrets-scan')).exitCode;
  };
  const began = performance.now();
  expect(await run(WHOLE)).toBe(0);
  const duration = performance.now() - began;

  const codes = new Map<number | null, number>();
  for (let kill = 0; kill < KILLS && performance.now() - began < LONGEST; kill += 1) {
    agent.faults.broker = faults[numbers.below(faults.length)];
    agent.faults.dropAfterPackets = numbers.below(3) === 0 ? 2 + numbers.below(12) : undefined;
    for (let change = numbers.below(4); change > 0; change -= 1) tree.change();
    const instant = numbers.below(Math.round(duration * 1.1)) / 1000 + 0.001;
    const ended = run(instant);
    await sleep(numbers.below(Math.round(instant * 1000) + 1));
    tree.change();
    agent.faults.broker = faults[numbers.below(faults.length)];
    const code = await ended;
    codes.set(code, (codes.get(code) ?? 0) + 1);
  }
  // Killed, or ended before that: well, or without the broker. Nothing else.
  expect([...codes.keys()].filter((code) => code !== null && ![0, 69, 77].includes(code))).toEqual([]);
  expect(codes.get(null) ?? 0).toBeGreaterThan(10);

  agent.faults.broker = undefined;
  agent.faults.dropAfterPackets = undefined;
  await sleep(UNTIL_QUIET);
  expect(await run(WHOLE)).toBe(0);
  const { findings, coverage } = (await readReport(report)).outcome;
  expect(findings).toHaveLength(tree.planted.size);
  expect(coverage.unexamined).toEqual({});
  expect(await run(WHOLE)).toBe(0);
  const last = (await readReport(report)).outcome;
  expect(last.coverage.files).toBe(0);
  expect(last.coverage.unchanged).toBe(filesBelow(tree.root));
  expect(last.lifecycle).toEqual({ new: 0, moved: 0, resolved: 0, persisting: tree.planted.size });

  // A record that was acknowledged when the kill came may come again: the same one.
  const said = new Map<string, Said>();
  for (const { payload } of agent.records) {
    const record: Said = JSON.parse(JSON.stringify(payload));
    expect(said.get(record.id) ?? record).toEqual(record);
    said.set(record.id, record);
  }
  const records = [...said.values()];
  const alerted = records
    .filter(({ event }) => event === 'scan.finding')
    .map(({ data }) => data['fingerprint']);
  expect(new Set(alerted).size).toBe(alerted.length);
  expect(findings.filter(({ fingerprint }) => !alerted.includes(fingerprint.slice(0, 16)))).toEqual([]);
  const resolved = records.filter(({ event }) => event === 'scan.finding-resolved');
  expect(alerted.length - resolved.length).toBe(findings.length);
  expect(records.filter(({ event }) => event === 'run.store-set-aside' || event === 'run.failed')).toEqual(
    [],
  );
}, 400_000);

function filesBelow(root: string): number {
  return readdirSync(root, { recursive: true }).length - FOLDERS;
}
