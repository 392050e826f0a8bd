/** A flood of findings while the agent is away: the spool is bounded, and every finding still arrives once. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from '@jest/globals';
import { readReport } from '../../../src/scan/report/read.ts';
import type { LocalAgent } from '../../../scripts/local-agent/index.ts';
import { Dice } from '../../../fixtures/dice.ts';
import { agentWithJob, byHand, cleanUp, newFolder } from '../scanner-under-test.ts';

afterEach(cleanUp);

const LETTERS = 'ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnpqrstuvwxyz23456789';
/** Records of 8 KB each: far more than the spool holds. */
const FILES = 5000;
const PATH_LENGTH = 4000;
/** Runs after which everything must have been announced. */
const MOST_RUNS = 12;

function deepFolder(root: string): string {
  let folder = root;
  while (folder.length + 201 < PATH_LENGTH) folder = join(folder, 'd'.repeat(200));
  mkdirSync(folder, { recursive: true });
  return folder;
}

/** Fingerprints of findings that arrived, by the record's id: one that arrives twice has the same id. */
function announcedBy({ records }: LocalAgent, into: Map<string, string>): void {
  for (const { payload } of records) {
    const { id, event, message } = payload;
    if (event !== 'scan.finding' || typeof message !== 'string') continue;
    into.set(String(id), /fingerprint=([0-9a-f]+)/.exec(message)?.[1] ?? message);
  }
}

test('findings that do not fit into the spool are announced by later runs, each once', async () => {
  const folder = newFolder('flood');
  const report = join(newFolder(), 'report.json');
  const deep = deepFolder(folder);
  const dice = new Dice('flood');
  for (let n = 0; n < FILES; n += 1) {
    writeFileSync(join(deep, `f${n}.ini`), `password = "${dice.draw(LETTERS, 15)}7"\n`);
  }
  const root = newFolder('agent');
  const args = ['--agent-timeout=1s', `--report=${report}`, folder];
  const away = await agentWithJob(args, { root, faults: { broker: 'refuse' } });
  const first = await away.runJob('secrets-scan');
  expect(first.exitCode).toBe(69);
  expect(first.tasks[0]?.stderr).toMatch(/not acknowledged, and the next run will send them/);
  writeFileSync(join(folder, 'prod.env'), 'password = "Real9SecretOfVictimX7q"\n');
  expect((await away.runJob('secrets-scan')).exitCode).toBe(69);
  const { outcome } = await readReport(report);
  const real = outcome.findings.find(({ path }) => path.endsWith('prod.env'));
  const found = Object.values(outcome.findingCount).reduce((sum, count) => sum + count, 0);
  expect(found).toBeGreaterThan(FILES * 0.99);
  await away.stop();

  const arrived = new Map<string, string>();
  const back = await agentWithJob(['--agent-timeout=20s', `--report=${report}`, folder], { root });
  let runs = 0;
  for (; runs < MOST_RUNS && new Set(arrived.values()).size < found; runs += 1) {
    expect((await back.runJob('secrets-scan')).exitCode).toBe(0);
    announcedBy(back, arrived);
  }
  const fingerprints = [...arrived.values()];
  expect(new Set(fingerprints).size).toBe(found);
  expect(fingerprints).toHaveLength(found);
  expect(real).toBeDefined();
  expect(fingerprints).toContain(real?.fingerprint.slice(0, 16));
  expect(back.records.some(({ payload }) => payload['event'] === 'delivery.lost')).toBe(false);
  process.stderr.write(`${found} findings of 8 KB a record were announced within ${runs} runs\n`);
}, 300_000);

test('--fail-on does not count findings that are gone', async () => {
  const folder = newFolder('flood');
  const state = join(newFolder(), 'state');
  const dice = new Dice('gone');
  const text = Array.from({ length: 12_000 }, () => `password = "${dice.draw(LETTERS, 15)}7"\n`).join('');
  writeFileSync(join(folder, 'many.ini'), text);
  const args = ['--standalone', '--state-dir', state, '--fail-on=low', '--strict', folder];
  // Not every finding of such a file is kept.
  expect((await byHand(args)).code).toBe(11);
  writeFileSync(join(folder, 'many.ini'), 'nothing\n');
  const { code, stdout } = await byHand(args);
  expect(stdout).toContain('findings=low:0,medium:0,high:0,critical:0');
  expect(code).toBe(0);
}, 120_000);
