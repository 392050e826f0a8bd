/**
 * What Node lets others switch on from outside does nothing to the executable: signals, variables, arguments of Node's own, files
 * beside it. The loader's variables (LD_PRELOAD and its like) are the system's, and no program can close them.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { afterEach, describe, expect } from '@jest/globals';
import { agentWithJob, byHand, cleanUp, command, jobId, newFolder, packed } from '../probe-under-test.ts';
import { posix, testWith } from '../../tool.ts';

afterEach(cleanUp);

const packedTest = testWith(packed);
const posixTest = testWith(packed, posix);

/** A script that shows by a file that it was run. */
function trap(folder: string): { readonly script: string; readonly mark: string } {
  const mark = join(folder, 'was-run');
  const script = join(folder, 'trap.cjs');
  writeFileSync(script, `require('node:fs').writeFileSync(${JSON.stringify(mark)}, '')`);
  return { script, mark };
}

describe('signals', () => {
  // The system ends a process that gets one that it does not handle.
  posixTest.each([
    ['SIGUSR1', null],
    ['SIGUSR2', 'SIGUSR2'],
  ] as const)('%s opens no inspector and writes no file', async (signal, end) => {
    const cwd = newFolder();
    const [file = ''] = command;
    const child = spawn(file, ['--dry-run', '--verbose', '--priority=normal', '--work=30000ms'], { cwd });
    const closed = once(child, 'close');
    let said = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text));
    child.stdout.resume();
    await once(child.stderr, 'data');
    child.kill(signal);
    await new Promise((resolve) => setTimeout(resolve, 700));
    expect(child.signalCode).toBe(end);
    expect(await isOpen(9229)).toBe(false);
    child.kill('SIGKILL');
    await closed;
    expect(said).not.toMatch(/debugger|inspector/i);
    expect(readdirSync(cwd)).toEqual([]);
  });
});

/** True when something on this machine takes connections on the port. */
function isOpen(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy();
      resolve(true);
    });
    socket.on('error', () => resolve(false));
  });
}

describe('variables', () => {
  packedTest.each([
    ['NODE_OPTIONS', (script: string) => `--require ${script}`],
    ['NODE_OPTIONS', (script: string) => `--import ${script}`],
    ['NODE_OPTIONS', () => '--inspect=0'],
    ['NODE_OPTIONS', () => '--heapsnapshot-signal=SIGUSR2 --report-on-signal'],
    ['NODE_OPTIONS', () => '--no-such-option'],
    ['NODE_PATH', (_: string, folder: string) => folder],
    ['NODE_V8_COVERAGE', (_: string, folder: string) => join(folder, 'coverage')],
    ['NODE_REDIRECT_WARNINGS', (_: string, folder: string) => join(folder, 'warnings')],
    ['NODE_PENDING_DEPRECATION', () => '1'],
    ['NODE_TLS_REJECT_UNAUTHORIZED', () => '0'],
    ['NODE_EXTRA_CA_CERTS', (script: string) => script],
    ['NODE_ICU_DATA', (_: string, folder: string) => folder],
    ['OPENSSL_CONF', (_: string, folder: string) => join(folder, 'openssl.cnf')],
    ['OPENSSL_MODULES', (_: string, folder: string) => folder],
    ['OPENSSL_ENGINES', (_: string, folder: string) => folder],
    ['SSL_CERT_FILE', (script: string) => script],
    ['NODE_USE_ENV_PROXY', () => '1'],
    ['UV_THREADPOOL_SIZE', () => '1000000'],
    ['UV_USE_IO_URING', () => '1'],
    ['NODE_UNIQUE_ID', () => '1'],
    ['TMPDIR', (_: string, folder: string) => folder],
    ['SQLITE_TMPDIR', (_: string, folder: string) => folder],
  ] as const)('%s', async (name, valueIn) => {
    const folder = newFolder();
    const { script, mark } = trap(folder);
    for (const module of ['bufferutil', 'utf-8-validate']) copyFileSync(script, join(folder, `${module}.js`));
    // Node ends when a provider of its configuration cannot be loaded: it has tried to.
    writeFileSync(
      join(folder, 'openssl.cnf'),
      `nodejs_conf = a\n[a]\nproviders = b\n[b]\nc = d\n[d]\nmodule = ${folder}/none.so\nactivate = 1\n`,
    );
    const before = readdirSync(folder);
    const { code, stdout, stderr } = await byHand(['--dry-run', '--log-level=error'], {
      env: { [name]: valueIn(script, folder) },
    });
    expect(stdout).toContain('0 announced');
    expect(code).toBe(0);
    // Where coverage is stopped, Node says that there is none.
    expect(
      stderr.replace(/^Failed to get 'result' from coverage.*\n.*Precise coverage has not.*\n/, ''),
    ).toBe('');
    expect(existsSync(mark)).toBe(false);
    expect(readdirSync(folder)).toEqual(before);
  });

  packedTest('what turns verification off or adds an authority does not weaken --ca-file', async () => {
    const trusted = await agentWithJob(({ certificates }) => ['--ca-file', certificates.ca]);
    const stranger = await agentWithJob(['--ca-file', trusted.certificates.ca], {
      environment: { NODE_TLS_REJECT_UNAUTHORIZED: '0' },
    });
    expect((await stranger.runJob(jobId)).tasks.map(({ exitCode }) => exitCode)).toEqual([69]);
    const other = await agentWithJob(['--ca-file', trusted.certificates.ca], {
      environment: { NODE_EXTRA_CA_CERTS: stranger.certificates.ca },
    });
    expect((await other.runJob(jobId)).tasks.map(({ exitCode }) => exitCode)).toEqual([69]);
  });
});

describe('arguments of Node', () => {
  packedTest.each([
    '--inspect',
    '--inspect-brk',
    '--inspect=127.0.0.1:0',
    '--inspect-wait',
    '--prof',
    '--cpu-prof',
    '--report-on-signal',
    '--heapsnapshot-signal=SIGUSR2',
    '--eval=1',
    '-e',
    '--print',
    '-p',
    '--check',
    '--openssl-config=/x',
    '--icu-data-dir=/x',
    '--tls-keylog=x',
    '--build-sea=x',
    '--build-snapshot',
    '--abort-on-uncaught-exception',
  ])('%s is an unknown flag', async (argument) => {
    const cwd = newFolder();
    const { code, stderr } = await byHand([argument, '--dry-run'], { cwd });
    expect(code).toBe(64);
    expect(stderr).toMatch(/^probe: unknown option /);
    expect(readdirSync(cwd)).toEqual([]);
  });

  packedTest.each(['--require', '--import', '--loader', '--experimental-loader'])(
    '%s loads nothing',
    async (flag) => {
      const folder = newFolder();
      const { script, mark } = trap(folder);
      for (const argument of [[`${flag}=${script}`], [flag, script]]) {
        expect((await byHand([...argument, '--dry-run'])).code).toBe(64);
      }
      expect(existsSync(mark)).toBe(false);
    },
  );

  // Node reads these itself, and ends with its own code 9 when the file is missing.
  packedTest('what names a file of settings for Node sets nothing: no run comes of it', async () => {
    const cwd = newFolder();
    const { script, mark } = trap(cwd);
    writeFileSync(join(cwd, 'env'), `NODE_OPTIONS="--require ${script}"\n`);
    const options = { nodeOptions: { import: [script], require: [script], inspect: true } };
    writeFileSync(join(cwd, 'node.config.json'), JSON.stringify(options));
    writeFileSync(join(cwd, 'known.json'), JSON.stringify({ nodeOptions: { import: [script] } }));
    for (const argument of [
      '--env-file=env',
      '--env-file-if-exists=env',
      '--experimental-default-config-file',
      '--experimental-config-file=known.json',
    ]) {
      const { code, stdout } = await byHand([argument, '--dry-run'], { cwd });
      expect([64, 9]).toContain(code);
      expect(stdout).toBe('');
    }
    expect(existsSync(mark)).toBe(false);
  });
});

describe('files beside it', () => {
  packedTest('are not read', async () => {
    const folder = newFolder();
    const { script, mark } = trap(folder);
    const executable = join(folder, 'task');
    copyFileSync(command[0] ?? '', executable);
    for (const module of ['bufferutil', 'utf-8-validate', 'node:fs', 'yargs', 'zod', 'mqtt']) {
      const place = join(folder, 'node_modules', module);
      mkdirSync(place, { recursive: true });
      copyFileSync(script, join(place, 'index.js'));
    }
    for (const name of ['index.js', 'probe.cjs', 'main.cjs', 'task.js']) {
      copyFileSync(script, join(folder, name));
    }
    writeFileSync(join(folder, 'package.json'), '{ "type": "module", "main": "trap.cjs", not JSON');
    writeFileSync(
      join(folder, 'node.config.json'),
      `{ "nodeOptions": { "require": [${JSON.stringify(script)}] } }`,
    );
    writeFileSync(join(folder, '.env'), `NODE_OPTIONS="--require ${script}"\nPROBE_RECORD=1\n`);
    writeFileSync(join(folder, '.npmrc'), `node-options=--require ${script}`);
    const child = spawn(executable, ['--dry-run'], { cwd: folder, stdio: 'ignore' });
    const [code] = await once(child, 'close');
    expect(code).toBe(0);
    expect(existsSync(mark)).toBe(false);
  });
});
