/**
 * Runs that are killed at random instants, over a tree that changes, with a broker that comes and goes: whatever the
 * instant, no alert is lost and none is given twice.
 */
import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, expect, test } from '@jest/globals';
import { readReport } from '../../../src/scan/report/read.ts';
import { type LocalAgent, layOutJob, startAgent } from '../../../scripts/local-agent/index.ts';
import { Numbers } from '../../../fixtures/numbers.ts';
import { plantable } from '../../../fixtures/tokens.ts';
import { cleanUp, command, fromSource, newFolder } from '../scanner-under-test.ts';

/** The sources start slowly; what is shipped is tested at length. */
const KILLS = fromSource ? 15 : 60;
/** Milliseconds: the test fails when it has not killed as often until then. */
const LONGEST = 150_000;
/** Milliseconds after which most kills come at the latest: a machine that is busy does not come far until then. */
const SOON = 400;
/** Of so many kills, one comes at any instant of a run, however long that takes. */
const ANY_INSTANT = 4;
const FOLDERS = 20;
const FILES = 400;
/** Files with a secret: with fewer, one is added. */
const FEWEST = 10;
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
    const kind = names.length < FEWEST ? 0 : numbers.below(5);
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

const ID = 'secrets-scan';

/** Starts an agent that trusts a process which it has not started itself. */
async function startedAgent(): Promise<LocalAgent> {
  const root = newFolder('agent');
  const started = await startAgent({ root, startup: false, trustEveryone: true });
  layOutJob(root, { id: ID, script: '#!/bin/sh\n' });
  started.reloadJobs();
  return started;
}

/** Runs the task as the job, without what an agent does besides. @returns how it ended, once it has */
function runTask(
  tree: string,
  state: string,
  report: string,
  killAfter?: number,
): Promise<{ readonly code: number | null; readonly isKilled: boolean }> {
  const [file = '', ...first] = command;
  const args = ['--agent-timeout=1s', '--workers=1', `--keeper-api-base=${agent.apiBase}`];
  const child = spawn(file, [...first, ...args, `--state-dir=${state}`, `--report=${report}`, tree], {
    env: { HOME: tree, KEEPER_JOB_ID: ID },
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

interface Said {
  readonly id: string;
  readonly event: string;
  readonly data: Readonly<Record<string, unknown>>;
}

test(`${KILLS} kills: every finding is alerted, none twice, and the store always opens (seed ${seed})`, async () => {
  agent = await startedAgent();
  const tree = new ChangingTree();
  const report = join(newFolder(), 'report.json');
  const state = join(newFolder(), 'state');
  const run = (killAfter?: number) => runTask(tree.root, state, report, killAfter);
  const began = performance.now();
  expect(await run()).toEqual({ code: 0, isKilled: false });
  const duration = 1.1 * (performance.now() - began);

  const codes = new Set<number | null>();
  let kills = 0;
  let runs = 0;
  for (; kills < KILLS && performance.now() - began < LONGEST; runs += 1) {
    agent.faults.broker = faults[numbers.below(faults.length)];
    agent.faults.dropAfterPackets = numbers.below(3) === 0 ? 2 + numbers.below(12) : undefined;
    for (let change = numbers.below(4); change > 0; change -= 1) tree.change();
    const latest = runs % ANY_INSTANT === 0 ? duration : Math.min(duration, SOON);
    const instant = numbers.below(Math.ceil(latest));
    const ended = run(instant);
    await sleep(numbers.below(instant + 1));
    tree.change();
    agent.faults.broker = faults[numbers.below(faults.length)];
    const { code, isKilled } = await ended;
    if (isKilled) kills += 1;
    else codes.add(code);
  }
  const seconds = Math.round((performance.now() - began) / 1000);
  process.stderr.write(`killed ${kills} of ${runs} runs in ${seconds} s, seed ${seed}\n`);
  expect(kills).toBe(KILLS);
  // What was not killed ended well, or without the broker. Nothing else.
  expect([...codes].filter((code) => ![0, 69, 77].includes(code ?? -1))).toEqual([]);

  agent.faults.broker = undefined;
  agent.faults.dropAfterPackets = undefined;
  await sleep(UNTIL_QUIET);
  expect(await run()).toEqual({ code: 0, isKilled: false });
  const { findings, coverage } = (await readReport(report)).outcome;
  expect(findings).toHaveLength(tree.planted.size);
  expect(coverage.unexamined).toEqual({});
  expect(await run()).toEqual({ code: 0, isKilled: false });
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
