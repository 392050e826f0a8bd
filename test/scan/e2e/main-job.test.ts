/** The main job: the agent starts the executable, it scans real files, KeeperLogger has the lines. */
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { afterEach, describe, expect, test } from '@jest/globals';
import { readReport } from '../../../src/scan/report/index.ts';
import { settingsShapes } from '../../../scripts/local-agent/index.ts';
import { type Planted, plantSample, samplePlants } from '../../../fixtures/sample.ts';
import { plantable } from '../../../fixtures/tokens.ts';
import { agentWithJob, byHand, cleanUp, fromSource, slowRun, newFolder } from '../scanner-under-test.ts';

afterEach(cleanUp);

const events = (agent: Awaited<ReturnType<typeof agentWithJob>>) =>
  agent.records.map(({ payload }) => payload['event']);

const byPlace = (a: Planted, b: Planted) => (a.file === b.file ? a.line - b.line : a.file < b.file ? -1 : 1);

describe('the job, started by the agent', () => {
  test('finds exactly what is planted, where it is, and says so on KeeperLogger step by step', async () => {
    const folder = plantSample(join(newFolder(), 'sample'));
    const report = join(newFolder(), 'report.json');
    const agent = await agentWithJob([`--report=${report}`, '--', folder], {
      minimumLevel: 'Information',
      strict: false,
    });
    const run = await agent.runJob('secrets-scan');

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

  test('on a default install what an operator must see is in the log, and a clean run is quiet', async () => {
    const folder = newFolder();
    const agent = await agentWithJob([folder]);
    await agent.runJob('secrets-scan');
    expect(readFileSync(agent.logFile, 'utf8')).toBe('');
    writeFileSync(join(folder, 'a.txt'), `token ${plantable('github-classic-token')}`);
    await agent.runJob('secrets-scan');
    const lines = readFileSync(agent.logFile, 'utf8').trimEnd().split('\n');
    expect(lines).toHaveLength(2);
    expect(lines[0]).toMatch(/Warning.*Credential found.*a\.txt/);
    expect(lines[1]).toMatch(/Warning.*Summary/);
  });

  test.each(settingsShapes)('reads settings that come %s, and speaks MQTT 5', async (settingsShape) => {
    const agent = await agentWithJob(['--mqtt-version=5', newFolder()], { settingsShape, portAs: 'string' });
    expect((await agent.runJob('secrets-scan')).exitCode).toBe(0);
    expect(events(agent)).toContain('run.ended');
  });

  test('with --ca-file the agent must prove itself, to the API and to the broker', async () => {
    const trusted = await agentWithJob(({ certificates }) => ['--ca-file', certificates.ca, newFolder()]);
    expect((await trusted.runJob('secrets-scan')).exitCode).toBe(0);
    const stranger = await agentWithJob(['--ca-file', trusted.certificates.ca, newFolder()]);
    const run = await stranger.runJob('secrets-scan');
    expect(run.exitCode).toBe(69);
    expect(run.tasks[0]?.stderr).toMatch(/Agent unreachable.*certificate/);
    expect(stranger.records).toEqual([]);
  });

  test('the same secret has the same fingerprint in two places and in two runs', async () => {
    const folder = newFolder();
    const token = plantable('github-classic-token');
    const agent = await agentWithJob([folder]);
    for (const names of ['ab', 'cd']) {
      for (const name of names) writeFileSync(join(folder, name), `${token}\n`);
      await agent.runJob('secrets-scan');
    }
    const prints = agent.records
      .filter(({ payload }) => payload['event'] === 'scan.finding')
      .map(({ payload }) => JSON.stringify(payload['data']).match(/"fingerprint":"(\w+)"/)?.[1]);
    expect(prints).toHaveLength(4);
    expect(new Set(prints).size).toBe(1);
  });

  test('a broker that dies in the middle: the work is done, 69, and the important lines are on standard error', async () => {
    const planted = { 'z.txt': plantable('github-classic-token') };
    const report = join(newFolder(), 'report.json');
    let killed: Promise<void> | undefined;
    const agent = await agentWithJob(['--agent-timeout=3s', `--report=${report}`, ...slowRun(planted)], {
      minimumLevel: 'Information',
      onLogLine: (line) => {
        if (line.includes('Roots resolved')) killed ??= agent.killBroker();
      },
    });
    const run = await agent.runJob('secrets-scan');
    await killed;
    expect(run.exitCode).toBe(69);
    expect(killed).toBeDefined();
    expect((await readReport(report)).outcome.findings).toHaveLength(1);
    expect(run.tasks[0]?.stderr).toMatch(/records were not acknowledged[\s\S]*Credential found.*z\.txt/);
  });

  test('a broker that restarts with a new certificate loses nothing', async () => {
    let restarted: Promise<void> | undefined;
    const agent = await agentWithJob(slowRun(), {
      minimumLevel: 'Information',
      onLogLine: (line) => {
        if (line.includes('Roots resolved')) restarted ??= agent.restartBroker();
      },
    });
    const run = await agent.runJob('secrets-scan');
    await restarted;
    expect(run.exitCode).toBe(0);
    expect(events(agent).slice(-2)).toEqual(['run.summary', 'run.ended']);
  });

  test('the outcome is on the event topic too, when the job says so', async () => {
    const agent = await agentWithJob([newFolder()], { template: 'secrets-scan-event-topic' });
    expect((await agent.runJob('secrets-scan-event-topic')).exitCode).toBe(0);
    expect(agent.events).toHaveLength(1);
    expect(agent.audit).toEqual([]);
  });
});

describe('the job, by hand', () => {
  test('without an agent and without --dry-run: 78 and one line that says what to do', async () => {
    const { code, stdout, stderr } = await byHand([]);
    expect({ code, stdout }).toEqual({ code: 78, stdout: '' });
    expect(stderr).toMatch(/^secrets-scan: .*KEEPER_JOB_ID.*--dry-run.*\n$/);
  });

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
    const { readdirSync } = await import('node:fs');
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

  const packedOnly = fromSource ? test.skip : test;
  packedOnly('NODE_OPTIONS loads no code into the packed executable (Node itself obeys it)', async () => {
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
