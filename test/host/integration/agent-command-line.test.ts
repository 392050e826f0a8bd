/** `npm run agent`, as a person uses it. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, describe, expect, test } from '@jest/globals';
import * as z from 'zod';
import { layOutJob } from '../../../scripts/local-agent/index.ts';
import { call, cleanUpAgents, eventually, newFolder, nodeScript } from './agent-support.ts';

const running: ChildProcess[] = [];
afterEach(async () => {
  for (const child of running.splice(0)) {
    if (child.exitCode === null && child.signalCode === null && child.kill('SIGKILL'))
      await once(child, 'exit');
  }
  await cleanUpAgents();
});

const ReadyLine = z.object({
  pid: z.number(),
  apiBase: z.string(),
  httpBase: z.string(),
  brokerPort: z.number(),
  root: z.string(),
  logFile: z.string(),
  auditFile: z.string(),
  certificates: z.object({ ca: z.string(), adminCertificate: z.string(), adminKey: z.string() }),
  runAJob: z.string(),
});

/** The command with these flags; what it says is collected. */
function command(...flags: string[]) {
  const child = spawn(process.execPath, ['scripts/agent.ts', ...flags], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  running.push(child);
  const said = { stdout: [] as string[], stderr: [] as string[] };
  createInterface(child.stdout).on('line', (line) => void said.stdout.push(line));
  createInterface(child.stderr).on('line', (line) => void said.stderr.push(line));
  const ready = async () => {
    await eventually(() => said.stdout.length > 0, 'the ready line');
    return ReadyLine.parse(JSON.parse(said.stdout[0] ?? ''));
  };
  const exitCode = new Promise<number | null>((resolve) => {
    child.once('close', (code) => resolve(code));
  });
  return { child, said, ready, exitCode };
}

describe('npm run agent', () => {
  test('says in one line where everything is, and ends with what it runs', async () => {
    const root = newFolder();
    layOutJob(root, { id: 'hangs', script: '#!/bin/sh\nexec sleep 60\n', job: { events: ['Startup'] } });
    const { child, said, ready, exitCode } = command('--root', root, '--follow');
    const { certificates, logFile, auditFile, apiBase } = await ready();
    for (const file of [...Object.values(certificates), logFile]) expect(existsSync(file)).toBe(true);
    expect(auditFile.startsWith(root)).toBe(true);
    expect((await call({ apiBase, certificates }, '/health')).body).toMatchObject({ status: 'healthy' });
    child.kill('SIGTERM');
    expect(await exitCode).toBe(0);
    expect(said.stdout).toHaveLength(1);
    expect(said.stderr).toEqual([expect.stringMatching(/^\[run\] hangs \(Startup\) ended .*SIGKILL$/)]);
  });

  test('runs a job that is dropped into the folder, on its schedule, and shows its lines', async () => {
    const { said, ready } = command('--root', newFolder(), '--follow', '--tick-seconds', '1');
    const { root, logFile } = await ready();
    const script = nodeScript(`
      const client = await connect();
      await client.publishAsync('KeeperLogger', record('from a dropped job'), { qos: 1 });
      await client.publishAsync('elsewhere', 'x', { qos: 1 });
      await client.endAsync();`);
    layOutJob(root, { id: 'dropped', script, job: { schedule: { intervalMinutes: 0.01 } } });
    await eventually(
      () => said.stderr.filter((line) => line.startsWith('[run] dropped (interval)')).length > 1,
      'two runs',
    );
    expect(readFileSync(logFile, 'utf8')).toMatch(/from a dropped job\n.*from a dropped job\n/);
    expect(said.stderr).toContainEqual(expect.stringContaining('[Warning] probe: from a dropped job'));
    expect(said.stderr).toContainEqual(
      expect.stringMatching(/^\[publish-denied\] .*\(dropped job_dropped_\d+ elsewhere\)$/),
    );
  });

  test('shows what a task writes, why it ended, and what its document lacks', async () => {
    const root = newFolder();
    const script = '#!/bin/sh\necho out\nprintf "\\033[1merr\\nrest" >&2\nexec sleep 60\n';
    const job = { events: ['Startup'] };
    layOutJob(root, { id: 'slow', script, publications: [], task: { timeoutSeconds: 1 }, job });
    const { said, ready } = command('--root', root, '--follow');
    const { auditFile } = await ready();
    await eventually(() => said.stderr.some((line) => line.startsWith('[run]')), 'the end of the run');
    expect(said.stderr).toEqual(
      expect.arrayContaining([
        '[standard output] slow/run: out',
        '[standard error] slow/run: \\u001b[1merr',
        '[standard error] slow/run: rest',
        expect.stringMatching(
          /^\[job\] mqttTopics has no entries: .*every publication will be denied \(slow\)$/,
        ),
        '[task] run: timed out after 1 s and was killed (slow)',
        expect.stringMatching(/^\[run\] slow \(Startup\) ended .*: SIGKILL, timed out$/),
      ]),
    );
    expect(readFileSync(auditFile, 'utf8')).toMatch(/mqttTopics has no entries[^]*timed out after 1 s/);
  });

  test('restarts everything on other ports on SIGUSR2', async () => {
    const { said, ready } = command('--root', newFolder(), '--follow');
    const { pid, apiBase, certificates } = await ready();
    process.kill(pid, 'SIGUSR2');
    const restarted = () => said.stderr.map((line) => /^\[agent\] .*: (https:\S+), /.exec(line)?.[1]);
    await eventually(() => restarted().some((base) => base !== undefined), 'the restart');
    const base = restarted().find((found) => found !== undefined) ?? '';
    expect(base).not.toBe(apiBase);
    expect((await call({ apiBase: base, certificates }, '/health')).status).toBe(200);
  });

  test('says in one line which file it cannot read', async () => {
    const missing = join(newFolder(), 'missing');
    const { said, exitCode } = command('--root', newFolder(), '--allow-executable', missing);
    expect(await exitCode).toBe(1);
    expect(said.stderr).toEqual([expect.stringContaining(missing)]);
  });

  test('restarts the broker on SIGHUP', async () => {
    const { child, said, ready } = command('--root', newFolder(), '--follow');
    const { pid, brokerPort } = await ready();
    expect(pid).toBe(child.pid);
    process.kill(pid, 'SIGHUP');
    const line = `[broker] restarted with a new certificate on port ${brokerPort}`;
    await eventually(() => said.stderr.includes(line), 'the restart');
    expect(child.exitCode).toBeNull();
  });

  test('takes its switches', async () => {
    const { ready } = command(
      '--root',
      newFolder(),
      '--fault-settings',
      '403',
      '--fault-certificate',
      'other-host',
    );
    const { apiBase, certificates } = await ready();
    await expect(call({ apiBase, certificates }, '/health')).rejects.toMatchObject({
      code: 'ERR_TLS_CERT_ALTNAME_INVALID',
    });
  });

  test.each([
    ['no root', []],
    ['an unknown switch', ['--root', 'x', '--fualt-settings', '403']],
    ['a value that is none', ['--root', 'x', '--fault-settings', '402']],
  ])('ends with a word on %s', async (_, flags) => {
    const { said, exitCode } = command(...flags);
    expect(await exitCode).not.toBe(0);
    expect(said.stdout).toEqual([]);
    expect(said.stderr.join('\n')).toMatch(/root|fualt|402/);
  });

  test.each([
    ['--tick-seconds', '0'],
    ['--tick-seconds', 'zero'],
    ['--tick-seconds', '-5'],
    ['--tick-seconds', '1.5'],
    ['--broker-port', '65536'],
    ['--fault-close-after-publishes', '0'],
    ['--payload-name', 'colour=red'],
    ['--client-id-pattern', 'job'],
    ['--client-id-pattern', '(?<jobId>'],
    ['--fault-deny-silently', 'topic:'],
  ])('names the flag, the value and what is expected: %s %s', async (flag, value) => {
    const { said, exitCode } = command('--root', 'x', `${flag}=${value}`);
    expect(await exitCode).not.toBe(0);
    const line = said.stderr.find((text) => text.startsWith(`${flag}: expected `));
    expect(line).toMatch(/, not "[^]*"$/);
    expect(line).toContain(`"${value}"`);
    expect(said.stdout).toEqual([]);
  });
});
