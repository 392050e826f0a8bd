/** Deploying to an agent: the first version, the next one, a refused one, and back. */
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { executablePath } from '../../../build/package.ts';
import { contentsOf, executablePathIn, jobPath } from '../../../build/release/contents.ts';
import { writeTar } from '../../../build/release/tar.ts';
import { hostTarget } from '../../../build/targets.ts';
import { demonstrate, taskBuild } from '../../../build/task.ts';
import { joinArguments } from '../../../src/host/job/index.ts';
import { type LocalAgent, startAgent } from '../../../scripts/local-agent/index.ts';

const target = hostTarget();
const folder = mkdtempSync(join(tmpdir(), 'deploy-'));
const root = join(folder, 'root');
const installed = join(root, executablePathIn(target));
const [first, next] = [join(folder, 'first.tar.gz'), join(folder, 'next.tar.gz')];
let agent: LocalAgent;

/** An archive with another executable, or job documents with other text. */
async function archive(executable: Buffer, change = (text: string) => text): Promise<Buffer> {
  const entries = contentsOf(target, executable, 'none').map((entry) =>
    entry.path === jobPath ? { ...entry, content: Buffer.from(change(entry.content.toString())) } : entry,
  );
  return gzipSync(await writeTar(entries, new Date(0)), { level: 1 });
}

/** A stand-in for another version: it starts, and ends with this code when the agent runs it. */
function script(code: number): Buffer {
  return Buffer.from(`#!/bin/sh\n[ "$1" = --version ] || exit ${code}\n`);
}

async function deploy(...more: string[]): Promise<{ code: unknown; stdout: string; stderr: string }> {
  return await deployWith({}, ...more);
}

async function deployWith(
  env: Readonly<Record<string, string>>,
  ...more: string[]
): Promise<{ code: unknown; stdout: string; stderr: string }> {
  const { adminCertificate, adminKey, ca } = agent.certificates;
  const arguments_ = ['--agent', agent.apiBase, '--agent-root', root, '--ca-file', ca];
  const credentials = ['--client-cert', adminCertificate, '--client-key', adminKey];
  return await new Promise((done) => {
    execFile(
      process.execPath,
      [resolve('scripts/deploy.ts'), ...arguments_, ...credentials, ...more],
      { env: { ...process.env, ...env } },
      (error, stdout, stderr) => done({ code: error === null ? 0 : error.code, stdout, stderr }),
    );
  });
}

beforeAll(async () => {
  const sample = join(folder, 'sample');
  mkdirSync(sample);
  mkdirSync(root);
  // The document is the released one, but for what the task works on.
  const demonstration = await demonstrate(sample, []);
  const more = joinArguments([`--state-dir=${join(folder, 'state')}`, ...demonstration.arguments]);
  writeFileSync(
    first,
    await archive(readFileSync(executablePath), (text) =>
      text.replace('{KeeperApiBaseUrl}"', `{KeeperApiBaseUrl} ${more}"`),
    ),
  );
  writeFileSync(next, await archive(script(10)));
  agent = await startAgent({ root, minimumLevel: 'Information' });
}, 60_000);
afterAll(async () => {
  await agent.stop();
  rmSync(folder, { recursive: true });
});

test('installs, runs the job and shows its summary', async () => {
  const { code, stdout, stderr } = await deploy(first);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toContain(`${taskBuild.name}: Summary`);
  expect(stdout).toContain('run ended: 0');
  expect(readFileSync(installed).equals(readFileSync(executablePath))).toBe(true);
  expect(agent.runs.map(({ jobId, exitCode }) => ({ jobId, exitCode }))).toEqual([
    { jobId: taskBuild.name, exitCode: 0 },
  ]);
  expect(existsSync(join(dirname(installed), 'LICENSE.txt'))).toBe(true);
}, 60_000);

test('there is nothing to go back to after a first version', async () => {
  expect(await deploy('--back')).toMatchObject({
    code: 64,
    stderr: expect.stringContaining('no version to go back to'),
  });
});

test('what the agent or this machine refuses leaves all as it was', async () => {
  const before = readFileSync(join(root, jobPath), 'utf8');
  const foreign = join(folder, 'foreign.tar.gz');
  writeFileSync(foreign, await archive(Buffer.from('no executable')));
  expect(await deploy(foreign)).toMatchObject({
    code: 64,
    stderr: expect.stringContaining('does not start here'),
  });
  const damaged = join(folder, 'published', basename(next));
  mkdirSync(dirname(damaged));
  copyFileSync(next, damaged);
  writeFileSync(join(dirname(damaged), 'SHA256SUMS'), `${'0'.repeat(64)}  ${basename(next)}\n`);
  expect(await deploy(damaged)).toMatchObject({
    code: 64,
    stderr: expect.stringContaining('is not the archive that SHA256SUMS beside it names'),
  });
  const cron = join(folder, 'cron.json');
  writeFileSync(cron, before.replace('"intervalMinutes": 240', '"cronExpression": "61 * * * *"'));
  expect(await deploy('--job', cron, next)).toMatchObject({
    code: 64,
    stderr: expect.stringContaining('the agent refuses the job document: schedule.cronExpression'),
  });
  expect(readFileSync(join(root, jobPath), 'utf8')).toBe(before);
  expect(readFileSync(installed).equals(readFileSync(executablePath))).toBe(true);
  expect(await deploy('--back')).toMatchObject({ code: 64 });
}, 60_000);

test('a version that runs is not torn by the next one; then back to it', async () => {
  const running = spawn(installed, ['--dry-run', '--jitter=100m'], { stdio: 'ignore' });
  await once(running, 'spawn');
  expect(await deploy(next)).toMatchObject({ code: 0, stdout: expect.stringContaining('run ended: 10 (') });
  expect(running.exitCode).toBeNull();
  running.kill('SIGTERM');
  expect(await once(running, 'exit')).toEqual([143, null]);
  expect(readFileSync(installed).equals(script(10))).toBe(true);

  const back = await deploy('--back');
  expect(back).toMatchObject({ code: 0, stdout: expect.stringContaining(`${taskBuild.name}: Summary`) });
  expect(readFileSync(installed).equals(readFileSync(executablePath))).toBe(true);
}, 60_000);

test('a run that fails is said, with the way back', async () => {
  writeFileSync(next, await archive(script(70)));
  expect(await deploy(next)).toMatchObject({
    code: 1,
    stdout: expect.stringMatching(/run ended: 70 \(internal error\)\n.*--back/),
  });
}, 60_000);

test('which codes mean that the work was done, the task says', async () => {
  const build = join(folder, 'task-build.mjs');
  const verdict = { name: 'late', code: 33, meaning: 'something is late', kind: 'verdict' };
  writeFileSync(
    build,
    `export const taskBuild = ${JSON.stringify(taskBuild)};
    export const loadTask = async () => ({ exitCodes: [${JSON.stringify(verdict)}] });`,
  );
  for (const [code, deployed, meaning] of [
    [33, 0, verdict.meaning],
    [10, 1, 'not in the table'],
  ] as const) {
    writeFileSync(next, await archive(script(code)));
    expect(await deployWith({ TASK_BUILD: build }, next)).toMatchObject({
      code: deployed,
      stdout: expect.stringContaining(`run ended: ${code} (${meaning}`),
    });
  }
}, 60_000);
