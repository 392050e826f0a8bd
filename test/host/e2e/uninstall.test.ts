/** Uninstalling: what is removed, what stays, and what keeps it from happening. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeEach, expect, test } from '@jest/globals';
import { layOutJob } from '../../../scripts/local-agent/index.ts';
import { linux, testWith } from '../../tool.ts';
import {
  agentWithJob,
  byHand,
  cleanUp,
  jobId,
  newFolder,
  packed,
  recordsOf,
  waitFor,
} from '../probe-under-test.ts';
import { documentPath, executablePath } from '../release-archive.ts';

let root = '';
let state = '';
beforeEach(() => {
  root = newFolder('uninstall');
  state = join(root, 'state');
});
afterAll(cleanUp);

/** An agent that has run the job once. */
async function agentThatRan(...args: string[]) {
  const agent = await agentWithJob(args, { root });
  expect(await agent.runJob(jobId)).toMatchObject({ exitCode: 0 });
  return agent;
}

async function uninstall(...args: string[]) {
  return await byHand(['uninstall', '--agent-root', root, ...args]);
}

test('removes the jobs and the program; the state stays, and a second time is no error', async () => {
  await agentThatRan();
  const second = readFileSync(join(root, documentPath), 'utf8').replace('"id": "probe"', '"id": "probe-two"');
  writeFileSync(join(root, 'Jobs', 'probe-two.json'), second);
  layOutJob(root, { id: 'another', script: '#!/bin/sh\n' });
  const { code, stdout, stderr } = await uninstall();
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  for (const path of [documentPath, 'Jobs/probe-two.json', `Jobs/bin/${jobId}`]) {
    expect(stdout).toContain(`removed: ${join(root, path)}\n`);
  }
  expect(readdirSync(join(root, 'Jobs')).toSorted()).toEqual(['another.json', 'bin']);
  expect(readdirSync(join(root, 'Jobs', 'bin'))).toEqual(['another']);
  expect(existsSync(join(state, 'state.db'))).toBe(true);
  expect(await uninstall()).toMatchObject({
    code: 0,
    stdout: `nothing to remove: ${jobId} is not installed in ${root}\n`,
  });
});

test('through the agent, which forgets the job at once', async () => {
  const agent = await agentThatRan();
  const { adminCertificate, adminKey, ca } = agent.certificates;
  const flags = ['--client-cert', adminCertificate, '--client-key', adminKey, '--ca-file', ca];
  expect(await uninstall(...flags)).toMatchObject({ code: 0, stderr: '' });
  expect(existsSync(join(root, documentPath))).toBe(false);
  await expect(agent.runJob(jobId)).rejects.toThrow();
});

test("with --with-state, the state that the job's arguments name is removed too", async () => {
  await agentThatRan('--store=3');
  const { code, stdout } = await uninstall('--with-state');
  expect({ code, stdout }).toMatchObject({ code: 0, stdout: expect.stringContaining(`removed: ${state}\n`) });
  expect(existsSync(state)).toBe(false);
});

test('a state directory with anything else in it is not removed, and nothing else either', async () => {
  await agentThatRan();
  mkdirSync(join(state, 'documents'));
  expect(await uninstall('--with-state')).toMatchObject({
    code: 73,
    stdout: '',
    stderr: expect.stringContaining(`the state directory ${state} contains documents, which no run created`),
  });
  expect(existsSync(join(state, 'state.db'))).toBe(true);
  expect(existsSync(join(root, executablePath))).toBe(true);
});

testWith(linux)('a state directory that is no folder is no error', async () => {
  await agentThatRan();
  const { code, stdout } = await uninstall('--with-state', '--state-dir=/dev/null');
  expect({ code, stdout }).toEqual({
    code: 0,
    stdout: expect.stringContaining('kept: /dev/null, which contains no state'),
  });
});

test('a folder without state stays as it is', async () => {
  await agentThatRan();
  const other = join(root, 'private');
  mkdirSync(other, { mode: 0o700 });
  writeFileSync(join(other, 'notes.txt'), 'kept');
  expect(await uninstall('--with-state', '--state-dir', other)).toMatchObject({
    code: 0,
    stdout: expect.stringContaining(`kept: ${other}, which contains no state\n`),
  });
  expect(readdirSync(other)).toEqual(['notes.txt']);
});

test('a document with tasks of other programs stays', async () => {
  await agentThatRan();
  const document = JSON.parse(readFileSync(join(root, documentPath), 'utf8'));
  document.tasks.push({ ...document.tasks[0], id: 'next', command: 'another' });
  const mixed = join(root, 'Jobs', 'mixed.json');
  writeFileSync(mixed, JSON.stringify({ ...document, id: 'mixed' }));
  expect(await uninstall()).toMatchObject({ code: 0, stdout: expect.stringContaining(`kept: ${mixed}`) });
  expect(existsSync(mixed)).toBe(true);
});

test('refuses while a run is in progress, and then removes nothing', async () => {
  const held = join(newFolder('held'), 'held');
  writeFileSync(held, '');
  const agent = await agentWithJob(['--hold-file', held], { root, minimumLevel: 'Information' });
  const run = agent.runJob(jobId);
  await waitFor(() => recordsOf(agent).some(({ event }) => event === 'probe.working'));
  expect(await uninstall('--with-state')).toMatchObject({
    code: 75,
    stdout: '',
    stderr: expect.stringContaining('another run is in progress'),
  });
  expect(existsSync(join(root, executablePath))).toBe(true);
  expect(existsSync(join(root, documentPath))).toBe(true);
  rmSync(held);
  expect(await run).toMatchObject({ exitCode: 0 });
  expect(await uninstall('--with-state')).toMatchObject({ code: 0, stderr: '' });
});

testWith(linux, packed)('a dry run, which has no lock, is in progress too', async () => {
  await agentThatRan();
  const held = join(newFolder('held'), 'held');
  writeFileSync(held, '');
  const dryRun = spawn(join(root, executablePath), ['--dry-run', '--hold-file', held], { stdio: 'ignore' });
  await once(dryRun, 'spawn');
  expect(await uninstall()).toMatchObject({
    code: 75,
    stderr: `probe: another run is in progress: process ${dryRun.pid}\n`,
  });
  rmSync(held);
  await once(dryRun, 'exit');
  expect(await uninstall()).toMatchObject({ code: 0 });
});
