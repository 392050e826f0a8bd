/** The main job: the agent starts the executable, it scans real files, KeeperLogger has the lines. */
import { mkdirSync, readFileSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { afterEach, describe, expect, test } from '@jest/globals';
import { readReport } from '../../../src/scan/report/index.ts';
import { type Planted, plantSample, samplePlants } from '../../../fixtures/sample.ts';
import { plantable } from '../../../fixtures/tokens.ts';
import { agentWithJob, byHand, cleanUp, jobId, newFolder } from '../scanner-under-test.ts';

afterEach(cleanUp);

const events = (agent: Awaited<ReturnType<typeof agentWithJob>>) =>
  agent.records.map(({ payload }) => payload['event']);

const byPlace = (a: Planted, b: Planted) => (a.file === b.file ? a.line - b.line : a.file < b.file ? -1 : 1);

describe('the job, started by the agent', () => {
  test('finds exactly the planted secrets at their places, and reports each step on KeeperLogger', async () => {
    const folder = plantSample(join(newFolder(), 'sample'));
    const report = join(newFolder(), 'report.json');
    const agent = await agentWithJob([`--report=${report}`, '--', folder], {
      minimumLevel: 'Information',
      strict: false,
    });
    const run = await agent.runJob(jobId);

    expect(run.exitCode).toBe(0);
    expect(run.tasks[0]).toMatchObject({ stdout: '', stderr: '' });
    const found = (await readReport(report)).outcome.findings;
    const places = found.map(({ rule, path, line, column }) => ({
      rule,
      file: relative(folder, path),
      line,
      column,
    }));
    expect(places.toSorted(byPlace)).toEqual(samplePlants);

    const said = events(agent);
    expect(said.slice(0, 4)).toEqual([
      'run.started',
      'agent.settings-read',
      'agent.broker-connected',
      'scan.roots-resolved',
    ]);
    expect(said.filter((event) => event === 'scan.finding')).toHaveLength(found.length);
    expect(said.slice(-3)).toEqual(['run.report-written', 'run.summary', 'run.ended']);
    const log = readFileSync(agent.logFile, 'utf8');
    for (const { rule, path } of found) {
      expect(log.split('\n').some((line) => line.includes(rule) && line.includes(path))).toBe(true);
    }
    expect(agent.audit).toEqual([]);
  });

  test('on a default install the log contains what an operator must see, and a clean run is quiet', async () => {
    const folder = newFolder();
    const agent = await agentWithJob([folder]);
    await agent.runJob(jobId);
    expect(readFileSync(agent.logFile, 'utf8')).toBe('');
    writeFileSync(join(folder, 'a.txt'), `token ${plantable('github-classic-token')}`);
    await agent.runJob(jobId);
    const lines = readFileSync(agent.logFile, 'utf8').trimEnd().split('\n');
    expect(lines).toHaveLength(2);
    expect(lines[0]).toMatch(/Warning.*Credential found.*a\.txt/);
    expect(lines[1]).toMatch(/Warning.*Summary/);
  });

  test('the same secret has the same fingerprint in two places and in two runs', async () => {
    const folder = newFolder();
    const token = plantable('github-classic-token');
    const agent = await agentWithJob([folder]);
    for (const names of ['ab', 'cd']) {
      for (const name of names) writeFileSync(join(folder, name), `${token}\n`);
      await agent.runJob(jobId);
    }
    const prints = agent.records
      .filter(({ payload }) => payload['event'] === 'scan.finding')
      .map(({ payload }) => JSON.stringify(payload['data']).match(/"fingerprint":"(\w+)"/)?.[1]);
    expect(prints).toHaveLength(4);
    expect(new Set(prints).size).toBe(1);
  });
});

describe('the job, by hand', () => {
  test('--dry-run needs no agent, on a folder and on one file, and keeps no state', async () => {
    const folder = newFolder();
    const home = newFolder();
    const file = join(folder, 'a.txt');
    writeFileSync(file, `x\n  ${plantable('github-classic-token')}\n`);
    mkdirSync(join(folder, 'b'));
    symlinkSync(file, join(folder, 'b', 'link'));
    for (const root of [folder, file]) {
      const { code, stdout } = await byHand(['--dry-run', root], { env: { HOME: home } });
      expect(code).toBe(0);
      expect(stdout).toMatch(/2:3/);
      expect(stdout).toContain('a.txt');
    }
    expect(readdirSync(home)).toEqual([]);
  });

  test('SARIF is written for code scanning', async () => {
    const folder = newFolder();
    writeFileSync(join(folder, 'a b.txt'), plantable('github-classic-token'));
    const report = join(newFolder(), 'out.sarif');
    expect((await byHand(['--dry-run', `--report=${report}`, folder])).code).toBe(0);
    const sarif = JSON.parse(readFileSync(report, 'utf8'));
    expect(sarif).toMatchObject({
      version: '2.1.0',
      runs: [{ results: [{ ruleId: 'github-classic-token' }] }],
    });
    expect(JSON.stringify(sarif)).toContain('a%20b.txt');
  });
});
