/** Deploying to an agent with the executable's own command: the first version, the next one, refused ones, and back. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:https';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type LocalAgent, startAgent } from '../../../scripts/local-agent/index.ts';
import manifest from '../../../package.json' with { type: 'json' };
import { byHand, cleanUp, jobId, newFolder } from '../probe-under-test.ts';
import {
  documentPath,
  documentWith,
  entriesOf,
  executablePath,
  probeExecutable,
  versionThatEndsWith,
  writeRelease,
} from '../release-archive.ts';

const folder = newFolder('deploy');
const root = join(folder, 'root');
const installed = join(root, executablePath);
let agent: LocalAgent;
let archives = 0;

/** A new release. Its job keeps its state in the folder of this test. */
async function release(executable: Buffer, ...extraArguments: string[]): Promise<string> {
  archives += 1;
  const place = join(folder, `release-${archives}`);
  mkdirSync(place);
  const document = documentWith(`--state-dir=${join(folder, 'state')}`, ...extraArguments);
  return await writeRelease(join(place, 'probe.tar.gz'), entriesOf(executable, document));
}

function credentials({ certificates }: LocalAgent): string[] {
  const { adminCertificate, adminKey, ca } = certificates;
  return ['--client-cert', adminCertificate, '--client-key', adminKey, '--ca-file', ca];
}

async function deploy(...more: string[]) {
  return await byHand(['deploy', '--agent-root', root, ...credentials(agent), ...more]);
}

beforeAll(async () => {
  mkdirSync(root);
  agent = await startAgent({ root, minimumLevel: 'Information', startup: false });
});
afterAll(async () => {
  await agent.stop();
  await cleanUp();
});

test('the first version: installed, run, and its outcome shown', async () => {
  const { code, stdout, stderr } = await deploy(await release(probeExecutable()));
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toContain(`agent: ${root} (--agent-root)\n`);
  expect(stdout).toContain(`replaces: nothing\ninstalls: ${manifest.version}\n`);
  expect(stdout).toMatch(/Summary: announced=0/);
  expect(stdout).toContain('run ended: 0 (the run completed)\n');
  expect(readFileSync(installed).equals(probeExecutable())).toBe(true);
  expect(statSync(installed).mode & 0o777).toBe(0o755);
  expect(existsSync(join(dirname(installed), 'LICENSE.txt'))).toBe(true);
  expect(existsSync(join(dirname(installed), 'scenarios', 'other.json'))).toBe(true);
  expect(agent.runs.map(({ jobId: id, exitCode }) => ({ id, exitCode }))).toEqual([
    { id: jobId, exitCode: 0 },
  ]);
});

test('there is nothing to go back to after a first version', async () => {
  expect(await deploy('--back')).toMatchObject({
    code: 78,
    stderr: expect.stringContaining('there is no previous version'),
  });
});

test('what this machine or the agent refuses leaves everything as it was', async () => {
  const before = readFileSync(join(root, documentPath), 'utf8');
  expect(await deploy(await release(Buffer.from('no executable')))).toMatchObject({
    code: 78,
    stderr: expect.stringContaining('does not start on this machine'),
  });
  const cron = join(folder, 'cron.json');
  writeFileSync(cron, before.replace('"intervalMinutes": 240', '"cronExpression": "61 * * * *"'));
  expect(await deploy('--job', cron, await release(versionThatEndsWith(0)))).toMatchObject({
    code: 76,
    stderr: expect.stringContaining('the agent rejected the job document: schedule.cronExpression'),
  });
  expect(readFileSync(join(root, documentPath), 'utf8')).toBe(before);
  expect(readFileSync(installed).equals(probeExecutable())).toBe(true);
  expect(await deploy('--back')).toMatchObject({ code: 78 });
});

test('a running version is not torn by the next one; then back to it, and forward again', async () => {
  const running = spawn(installed, ['--dry-run', '--jitter=100m'], { stdio: 'ignore' });
  await once(running, 'spawn');
  expect(await deploy(await release(versionThatEndsWith(10)))).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(
      /replaces: \d+\.\d+\.\d+\ninstalls: 7\.0\.0\n[^]*run ended: 10 \(something needs attention\)/,
    ),
  });
  expect(running.exitCode).toBeNull();
  running.kill('SIGTERM');
  expect(await once(running, 'exit')).toEqual([143, null]);
  expect(readFileSync(installed).equals(versionThatEndsWith(10))).toBe(true);

  expect(await deploy('--back')).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('replaces: 7.0.0'),
  });
  expect(readFileSync(installed).equals(probeExecutable())).toBe(true);
  expect(await deploy('--back')).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('installs: 7.0.0'),
  });
  expect(readFileSync(installed).equals(versionThatEndsWith(10))).toBe(true);
});

test('the same version twice does not lose the way back', async () => {
  const again = await release(versionThatEndsWith(0));
  expect(await deploy('--no-run', again)).toMatchObject({ code: 0 });
  expect(await deploy('--no-run', again)).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('installs: 7.0.0 (the same version)'),
  });
  expect(await deploy('--no-run', '--back')).toMatchObject({ code: 0 });
  expect(readFileSync(installed).equals(versionThatEndsWith(10))).toBe(true);
});

test('another job document is another version', async () => {
  const before = readFileSync(join(root, documentPath), 'utf8');
  await deploy('--no-run', await release(versionThatEndsWith(10), '--records=1'));
  expect(readFileSync(join(root, documentPath), 'utf8')).toContain('--records=1');
  await deploy('--no-run', '--back');
  expect(JSON.parse(readFileSync(join(root, documentPath), 'utf8'))).toEqual(JSON.parse(before));
});

test.each([
  [70, 70, 'internal error'],
  [33, 70, 'not in the table'],
  [11, 0, 'not everything was probed'],
])('a run that ends with %d: exit code %d', async (code, expected, meaning) => {
  const ended = await deploy(await release(versionThatEndsWith(code)));
  expect(ended).toMatchObject({ code: expected, stderr: '' });
  expect(ended.stdout).toContain(`run ended: ${code} (${meaning}`);
  expect(ended.stdout.includes('--back')).toBe(expected !== 0);
});

test('the log is found where the agent says that it is', async () => {
  const elsewhere = newFolder('elsewhere');
  const other = await startAgent({
    root: elsewhere,
    minimumLevel: 'Information',
    startup: false,
    logFolder: 'Records',
    logNaming: 'older',
  });
  try {
    const archive = await release(probeExecutable());
    const deployed = await byHand(['deploy', '--agent-root', elsewhere, ...credentials(other), archive]);
    expect(deployed).toMatchObject({ code: 0, stderr: '' });
    expect(deployed.stdout).toMatch(/Summary: announced=0[^]*run ended: 0/);
  } finally {
    await other.stop();
  }
});

describe('without a client certificate', () => {
  test('the job document is written where the agent looks for it', async () => {
    const archive = await release(probeExecutable(), '--records=2');
    const { code, stdout, stderr } = await byHand(['deploy', '--agent-root', root, archive]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain('KeeperAdminCLI jobs run --id probe');
    expect(stdout).not.toContain('run ended');
    agent.reloadJobs();
    expect(await agent.runJob(jobId)).toMatchObject({ exitCode: 0 });
    expect(readFileSync(join(root, documentPath), 'utf8')).toContain('--records=2');
  });

  test('the certificate needs its key', async () => {
    const [, certificate = ''] = credentials(agent);
    expect(
      await byHand([
        'deploy',
        '--agent-root',
        root,
        '--client-cert',
        certificate,
        await release(Buffer.alloc(0)),
      ]),
    ).toMatchObject({
      code: 64,
      stderr: expect.stringContaining('--client-cert and --client-key belong together'),
    });
  });
});

describe('an agent that cannot be asked', () => {
  const documentNow = () => readFileSync(join(root, documentPath), 'utf8');

  test('nobody listens: nothing is changed', async () => {
    const before = documentNow();
    const archive = await release(versionThatEndsWith(0), '--records=3');
    expect(await deploy('--agent', 'https://127.0.0.1:1', archive)).toMatchObject({
      code: 69,
      stderr: expect.stringMatching(
        /^probe: the agent is not responding at https:\/\/127\.0\.0\.1:1: .*ECONNREFUSED.*\n$/,
      ),
    });
    expect(documentNow()).toBe(before);
    expect(readFileSync(installed).equals(probeExecutable())).toBe(true);
  });

  test('it does not know the certificate: nothing is changed', async () => {
    const other = await startAgent({ root: newFolder('other'), startup: false });
    try {
      const [, certificate = '', , key = ''] = credentials(other);
      const flags = ['--agent-root', root, '--client-cert', certificate, '--client-key', key];
      expect(await byHand(['deploy', ...flags, await release(versionThatEndsWith(0))])).toMatchObject({
        code: 77,
        stderr: expect.stringContaining('use the client certificate of an administrator'),
      });
    } finally {
      await other.stop();
    }
    expect(readFileSync(installed).equals(probeExecutable())).toBe(true);
  });

  test('it is on another machine', async () => {
    expect(
      await deploy('--agent', 'https://192.0.2.1:6889', await release(versionThatEndsWith(0))),
    ).toMatchObject({
      code: 64,
      stderr: expect.stringContaining('--agent: expected an https URL of this machine'),
    });
  });

  test.each([
    ['knows none of the calls', 404, 0, 'API cannot create jobs'],
    ['answers with nothing', 200, 74, 'its result cannot be determined'],
  ])('it %s: the documented calls are enough', async (_, status, code, text) => {
    const bare = newFolder('bare');
    mkdirSync(join(bare, 'Jobs'));
    const { adminCertificate, adminKey } = agent.certificates;
    const [cert, key] = [adminCertificate, adminKey].map((path) => readFileSync(path));
    const server = createServer({ cert, key }, (request, response) => {
      request.resume();
      response.writeHead(status).end();
    });
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const address = server.address();
    const port = typeof address === 'object' ? address?.port : undefined;
    writeFileSync(join(bare, 'appsettings.json'), `{ "settings": { "kestrelHttpsPort": ${port} } }`);
    try {
      const flags = ['--agent-root', bare, '--client-cert', adminCertificate, '--client-key', adminKey];
      const archive = await release(versionThatEndsWith(0));
      const deployed = await byHand(['deploy', ...flags, '--wait=1h', archive]);
      expect(deployed).toMatchObject({ code, stderr: '', stdout: expect.stringContaining(text) });
      expect(existsSync(join(bare, documentPath))).toBe(status === 404);
    } finally {
      server.close();
    }
  });
});
