/** Secrets in running processes: real ones, whose programs are copies that nobody else runs. */
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdtempSync, readFileSync, readlinkSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { generateKeyPairSync } from 'node:crypto';
import { Dice } from '../../../fixtures/tokens.ts';
import { ALPHANUMERIC } from '../../../fixtures/dice.ts';
import { Machine } from '../stateful-scan.ts';

const DAY_MS = 24 * 60 * 60 * 1000;
const folder = mkdtempSync(join(tmpdir(), 'processes-'));
const service = join(folder, 'service');
const shell = join(folder, 'shell');
const started: number[] = [];
const machine = new Machine();
const password = new Dice('processes').mixed(ALPHANUMERIC, 20);

const privateKey = generateKeyPairSync('ed25519').privateKey.export({ format: 'pem', type: 'pkcs8' });

type Environment = Readonly<Record<string, string>>;

beforeAll(() => {
  copyFileSync('/bin/sleep', service);
  copyFileSync('/bin/dash', shell);
});
afterEach(stopAll);
afterAll(() => {
  machine.remove();
  rmSync(folder, { recursive: true });
});

/** Starts a program that is not a child of this process, because those are left out. */
async function start(program: string, words: string, env: Environment, by = ''): Promise<void> {
  const script = `setsid ${by} '${program}' ${words} >/dev/null 2>&1 & echo $!`;
  const pid = Number(execFileSync('/bin/sh', ['-c', script], { env }).toString());
  started.push(pid);
  while (readlinkSync(`/proc/${pid}/exe`) !== program) await setTimeout(5);
}

async function stopAll(): Promise<void> {
  for (const pid of started.splice(0)) {
    process.kill(-pid, 'SIGKILL');
    while (existsSync(`/proc/${pid}/exe`) && readFileSync(`/proc/${pid}/cmdline`).length > 0)
      await setTimeout(5);
  }
}

/** A run, what it found in these programs, and what it said about them. */
async function run(later = 0, options: Readonly<Record<string, unknown>> = {}) {
  const { outcome, records } = await machine.run({ options: { sources: 'processes', ...options }, later });
  const found = outcome.findings.filter(({ path }) => path.includes(folder));
  const said = records.flatMap(({ id, fields }) => {
    const path = fields['path'];
    if (typeof path !== 'string' || !path.includes(folder) || !id.startsWith('scan.finding')) return [];
    return [`${id} ${path.split('!/')[1]}`];
  });
  for (const secret of [password, privateKey.split('\n')[1]]) {
    expect(JSON.stringify([outcome, records])).not.toContain(secret);
  }
  return { outcome, found, said: said.sort() };
}

test('a secret in a process is one finding, by program and variable, until the program runs without it', async () => {
  const env = { KEY: `a key:\n${privateKey}`, DB_PASSWORD: password };
  for (let count = 0; count < 3; count += 1) await start(service, '60', env);
  const first = await run();
  expect(first.outcome.coverage.sources?.['processes']).toBeGreaterThanOrEqual(3);
  expect(
    first.found.map(({ path, line, column, count, exposure }) => ({ path, line, column, count, exposure })),
  ).toEqual([
    expect.objectContaining({ path: `process:${service}!/environment/KEY`, line: 2, column: 1, count: 3 }),
    {
      path: `process:${service}!/environment/DB_PASSWORD`,
      line: 1,
      column: 'DB_PASSWORD='.length + 1,
      count: 3,
      exposure: expect.arrayContaining([`owner ${process.getuid?.()}`]),
    },
  ]);
  expect(first.said).toEqual(['scan.finding environment/DB_PASSWORD', 'scan.finding environment/KEY']);

  // Restarted: other processes, the same places.
  await stopAll();
  await start(service, '60', env);
  const second = await run();
  expect(second.found.map(({ count, history }) => [count, history?.state])).toEqual([
    [1, 'persisting'],
    [1, 'persisting'],
  ]);
  expect(second.said).toEqual([]);

  // A program that does not run proves nothing for a week.
  await stopAll();
  expect((await run(6 * DAY_MS)).found).toHaveLength(2);
  await start(service, '60', { KEY: env.KEY });
  const fixed = await run();
  expect(fixed.found.map(({ path }) => path.split('!/')[1])).toEqual(['environment/KEY']);
  expect(fixed.said).toEqual(['scan.finding-resolved environment/DB_PASSWORD']);
  await stopAll();
  expect((await run(8 * DAY_MS)).said).toEqual(['scan.finding-resolved environment/KEY']);
});

test('an inherited variable counts where it comes from; arguments are read as a command', async () => {
  await start(shell, `-c "'${service}' 60; true" curl -u 'admin:${password}'`, { API_PASSWORD: password });
  await setTimeout(100);
  const { found } = await run();
  expect(found.map(({ path, count, rule }) => `${path} ${count} ${rule}`).sort()).toEqual([
    `process:${shell}!/command-line 1 curl-argument-password`,
    `process:${shell}!/environment/API_PASSWORD 2 generic-password`,
  ]);
});

test('an excluded program is not read; without the source, none is; and what is known stays', async () => {
  await start(service, '60', { DB_PASSWORD: password });
  const place = `process:${service}!/environment/DB_PASSWORD`;
  expect((await run()).found.map(({ path }) => path)).toContain(place);
  for (const exclude of [['service'], [`process:${service}`], [`process:${folder}/**`]]) {
    const { outcome, found, said } = await run(0, { exclude });
    expect(found.filter((finding) => finding.path === place)).toEqual([]);
    expect(outcome.coverage.skipped).toHaveProperty('excluded');
    expect(said.filter((text) => text.endsWith('DB_PASSWORD'))).toEqual([]);
  }
  expect((await run()).said.filter((text) => text.endsWith('DB_PASSWORD'))).toEqual([]);
  await stopAll();
  const { outcome, records } = await machine.run({ later: 9 * DAY_MS });
  expect(outcome.coverage.sources).toBeUndefined();
  expect(records.filter(({ id }) => id === 'scan.finding-resolved')).toEqual([]);
});

test('bytes that would begin a file in UTF-16 begin nothing here', async () => {
  const by = String.raw`env -i "$(printf '\377\376X=1')" ODD_PASSWORD=${password}`;
  await start(service, '60', { PATH: '/usr/bin:/bin' }, by);
  expect((await run()).found.map(({ path }) => path)).toContain(
    `process:${service}!/environment/ODD_PASSWORD`,
  );
});

test('a huge environment is read in part, which is a gap and resolves nothing', async () => {
  const fill = 'x'.repeat(100_000);
  const place = `process:${service}!/environment/DB_PASSWORD`;
  await start(service, '60', { DB_PASSWORD: password });
  expect((await run()).found.map(({ path }) => path)).toContain(place);
  await stopAll();
  await start(service, '60', { A: fill, B: fill, C: fill, DB_PASSWORD: password, TOKEN: `a${fill}` });
  const { outcome, found } = await run();
  expect(outcome.coverage.unexamined).toHaveProperty('process-limit', 1);
  expect(outcome.coverage.gaps).toContainEqual({ path: `process:${service}`, reason: 'process-limit' });
  expect(found.map(({ path }) => path)).toContain(place);
});
