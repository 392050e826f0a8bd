/**
 * How Node can be influenced from outside, by signals, variables, arguments or files beside it: none of it may run
 * code, open a port or change the scan. The few effects that it has are listed in SECURITY.md.
 */
import { connect } from 'node:net';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  readFileSync,
  readdirSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { type Ended, type Row, type Trial, howEnded, sleep } from './harness.ts';
import { fakeLine } from './tokens.ts';

/** A run that takes some seconds. */
function slowTree(trial: Trial): string[] {
  for (let file = 0; file < 30; file += 1)
    trial.write(`home/${file}.txt`, 'lorem ipsum dolor sit amet consectetur\n'.repeat(26_000));
  return ['--dry-run', '--max-rate=8', trial.path('home')];
}

function listens(port: number): Promise<boolean> {
  return new Promise((done) => {
    const socket = connect({ host: '127.0.0.1', port });
    socket.once('connect', () => {
      socket.destroy();
      done(true);
    });
    socket.once('error', () => done(false));
  });
}

/** Listening sockets of a process, by its descriptors. */
function listeningSockets(pid: number): number {
  const inodes = new Set<string>();
  try {
    for (const table of ['tcp', 'tcp6']) {
      for (const line of readFileSync(`/proc/net/${table}`, 'utf8').split('\n').slice(1)) {
        const fields = line.trim().split(/\s+/);
        if (fields[3] === '0A') inodes.add(fields[9] ?? '');
      }
    }
    const { readlinkSync } = process.getBuiltinModule('node:fs');
    return readdirSync(`/proc/${pid}/fd`).filter((fd) => {
      try {
        return inodes.has(/socket:\[(\d+)\]/.exec(readlinkSync(`/proc/${pid}/fd/${fd}`))?.[1] ?? '');
      } catch {
        return false;
      }
    }).length;
  } catch {
    return 0;
  }
}

const SIGNALS = [
  'SIGUSR1',
  'SIGUSR2',
  'SIGPIPE',
  'SIGWINCH',
  'SIGCONT',
  'SIGURG',
  'SIGCHLD',
  'SIGALRM',
  'SIGTRAP',
  'SIGQUIT',
  'SIGHUP',
] as const;

/** Variables that make Node or a library write a file, load code or print; FILE is a path in the row's folder. */
const VARIABLES: Readonly<Record<string, string>> = {
  NODE_OPTIONS: '--require=FILE.js',
  NODE_V8_COVERAGE: 'FOLDER',
  NODE_REDIRECT_WARNINGS: 'FILE',
  NODE_DEBUG: 'fs,net,tls,http,module,worker',
  NODE_DEBUG_NATIVE: 'all',
  NODE_PATH: 'FOLDER',
  NODE_REPL_EXTERNAL_MODULE: 'FILE.js',
  NODE_REPL_HISTORY: 'FILE',
  NODE_EXTRA_CA_CERTS: 'FILE.pem',
  NODE_TLS_REJECT_UNAUTHORIZED: '0',
  NODE_PENDING_DEPRECATION: '1',
  NODE_COMPILE_CACHE: 'FOLDER',
  NODE_USE_ENV_PROXY: '1',
  NODE_INSPECT_RESUME_ON_START: '1',
  NODE_ICU_DATA: 'FOLDER',
  NODE_CHANNEL_FD: '1',
  NODE_UNIQUE_ID: '1',
  NODE_SEA_BLOB: 'FILE',
  OPENSSL_CONF: 'FILE.cnf',
  OPENSSL_MODULES: 'FOLDER',
  OPENSSL_ENGINES: 'FOLDER',
  SSL_CERT_FILE: 'FILE',
  SSL_CERT_DIR: 'FOLDER',
  SSLKEYLOGFILE: 'FILE',
  HTTPS_PROXY: 'http://127.0.0.1:1',
  https_proxy: 'http://127.0.0.1:1',
  ALL_PROXY: 'http://127.0.0.1:1',
  DEBUG: '*',
  UV_THREADPOOL_SIZE: '1',
  UV_USE_IO_URING: '1',
  PKG_EXECPATH: 'PKG_INVOKE_NODEJS',
  PKG_CACHE_PATH: 'FOLDER',
  PKG_NATIVE_CACHE_PATH: 'FOLDER',
  DEBUG_PKG: '1',
  PKG_STRICT_VER: '1',
  SQLITE_TMPDIR: 'FOLDER',
  TMPDIR: 'FOLDER',
  XDG_CACHE_HOME: 'FOLDER',
};

/** The effect of a variable that Node reads before the first line of the program. */
interface Effect {
  /** A pattern for each additional line on standard error. The records and standard output must not change. */
  readonly says?: RegExp;
  /** A folder with this name is created at the variable's path; it contains no file. */
  readonly makes?: RegExp;
  /** It does not start and exits with this code. */
  readonly ends?: number;
}

/** The variables that SECURITY.md lists; no other variable has an effect. */
const EFFECTS: Readonly<Record<string, Effect>> = {
  NODE_DEBUG: { says: /^MODULE \d+: / },
  NODE_V8_COVERAGE: {
    says: /^Failed to get 'result' from coverage profile response:$|^\{"id":\d+,"error":\{"code":-32000,/,
  },
  NODE_COMPILE_CACHE: { makes: /^v\d+\.\d+\.\d+-/ },
  NODE_REPL_EXTERNAL_MODULE: { ends: 9 },
};

/** How a run with a variable differs from its documented effect; empty when it does not. */
function differences(effect: Effect, ended: Ended, plain: Ended, folder: string, before: readonly string[]) {
  const clean = (text: string) => text.replaceAll(/[0-9a-f]{8,}|\d+(?:\.\d+)?/g, '#');
  const wrong: string[] = [];
  const added = readdirSync(folder).filter((name) => !before.includes(name));
  const { makes, says, ends } = effect;
  if (added.length !== (makes === undefined ? 0 : 1) || !added.every((name) => makes?.test(name) === true))
    wrong.push(`makes ${added.join(', ') || 'nothing'}`);
  for (const name of added) {
    const within = statSync(join(folder, name)).isDirectory() ? readdirSync(join(folder, name)) : ['a file'];
    if (within.length > 0) wrong.push(`${name} is not an empty folder`);
  }
  if (ends !== undefined) {
    if (ended.code !== ends || ended.stdout !== '') wrong.push(`${howEnded(ended)} ${ended.stdout}`);
    return wrong;
  }
  const lines = ended.stderr.split('\n');
  const own = lines.filter((line) => says?.test(line) !== true);
  if (says !== undefined && own.length === lines.length) wrong.push('says nothing');
  if (ended.code !== plain.code) wrong.push(howEnded(ended));
  if (clean(ended.stdout) !== clean(plain.stdout)) wrong.push(`stdout: ${ended.stdout.slice(0, 120)}`);
  if (clean(own.join('\n')) !== clean(plain.stderr)) wrong.push(`stderr: ${own.join(' ').slice(0, 200)}`);
  return wrong;
}

export const node: readonly Row[] = [
  {
    name: 'node/signals open no inspector',
    as: 'both',
    isShort: true,
    run: async (trial) => {
      const args = slowTree(trial);
      for (const signal of trial.isShort ? SIGNALS.slice(0, 2) : SIGNALS) {
        const { pid, ended, output } = await trial.start(args, { wall: 30 });
        await sleep(1200);
        process.kill(pid, signal);
        await sleep(500);
        const isOpen = await listens(9229);
        trial.check(!isOpen, `${signal} opens port 9229`);
        trial.check(listeningSockets(pid) === 0, `${signal}: the process listens`);
        trial.check(!/debugger|inspector/i.test(output.stderr), `${signal}: ${output.stderr.slice(0, 100)}`);
        try {
          process.kill(pid, 'SIGTERM');
        } catch {
          // The signal has ended it.
        }
        const how = await ended;
        trial.check(how.limit === null, `${signal}: ${howEnded(how)}`);
      }
    },
  },
  {
    name: 'node/SIGUSR1 at the start',
    isShort: false,
    run: async (trial) => {
      const args = slowTree(trial);
      for (let delay = 0; delay < 200; delay += 10) {
        const { pid, ended } = await trial.start(args, { wall: 30 });
        await sleep(delay);
        process.kill(pid, 'SIGUSR1');
        await sleep(300);
        trial.check(!(await listens(9229)), `after ${delay} ms the signal opens port 9229`);
        try {
          process.kill(pid, 'SIGKILL');
        } catch {
          // The signal has ended it before it could be ignored.
        }
        await ended;
      }
    },
  },
  {
    name: 'node/variables',
    isShort: true,
    run: async (trial) => {
      trial.write('home/x.ini', fakeLine('node'));
      const plain = await trial.scan(['--dry-run', trial.path('home')]);
      for (const [name, template] of Object.entries(VARIABLES)) {
        if (
          trial.isShort &&
          !/NODE_(?:OPTIONS|V8|DEBUG$|COMPILE|REDIRECT)|^OPENSSL_CONF|^PKG_EXEC/.test(name)
        )
          continue;
        const folder = trial.makeFolder(`v-${name}`, { mode: 0o777 });
        trial.write(
          `v-${name}/file.js`,
          `require('fs').writeFileSync(${JSON.stringify(join(folder, 'PWNED'))}, 'x'); console.error('PWNED');`,
        );
        trial.write(
          `v-${name}/file.cnf`,
          `openssl_conf = x\n[x]\nengines = y\n[y]\nz = q\n[q]\ndynamic_path = ${folder}/evil.so\n`,
        );
        const before = readdirSync(folder);
        const value = template.replace('FILE', join(folder, 'file')).replace('FOLDER', folder);
        const ended = await trial.scan(['--dry-run', trial.path('home')], { env: { [name]: value } });
        const wrong = differences(EFFECTS[name] ?? {}, ended, plain, folder, before);
        trial.check(wrong.length === 0, `${name}: ${wrong.join('; ')}`);
      }
    },
  },
  {
    name: 'node/arguments of Node',
    run: async (trial) => {
      trial.write('home/x.ini', fakeLine('node'));
      trial.write('evil.js', `require('fs').writeFileSync(${JSON.stringify(trial.path('PWNED'))}, 'x')`);
      for (const flag of [
        '--inspect=127.0.0.1:9229',
        '--inspect-brk=127.0.0.1:9229',
        '--require=EVIL',
        '-r=EVIL',
        '--import=EVIL',
        '--eval=1',
        '-e',
        '-p',
        '--prof',
        '--cpu-prof',
        '--heap-prof',
        '--trace-events-enabled',
        '--report-on-signal',
        '--v8-options',
        '--build-sea=EVIL',
      ]) {
        const ended = await trial.scan(
          [flag.replace('EVIL', trial.path('evil.js')), '--dry-run', trial.path('home')],
          { wall: 15, env: {} },
        );
        trial.check(ended.code === 64, `${flag}: ${howEnded(ended)}`);
        trial.check(!existsSync(trial.path('PWNED')), `${flag} runs code`);
      }
      const left = readdirSync(trial.folder).filter((name) =>
        /\.(?:log|cpuprofile|heapprofile|json)$/.test(name),
      );
      trial.check(left.length === 0, `left behind: ${left.join(', ')}`);
    },
  },
  {
    name: 'node/files that Node reads for an argument',
    isShort: true,
    run: async (trial) => {
      trial.write('home/x.ini', fakeLine('node'));
      const evil = trial.write(
        'evil.js',
        `require('fs').writeFileSync(${JSON.stringify(trial.path('PWNED'))}, 'x')`,
      );
      const options: readonly Readonly<Record<string, unknown>>[] = [
        { inspect: true },
        { 'inspect-brk': true },
        { 'inspect-wait': true },
        { 'inspect-port': 9229 },
        { inspect: '127.0.0.1:9229' },
        { import: [evil] },
        { require: [evil] },
        { 'cpu-prof': true },
      ];
      const files: [flag: string, content: string][] = [
        ...options.map((nodeOptions): [string, string] => [
          '--experimental-config-file',
          JSON.stringify({ nodeOptions }),
        ]),
        ['--experimental-config-file', 'no JSON'],
        ['--experimental-config-file', '{"permission": {"permission": true}}'],
        ['--env-file', `NODE_OPTIONS=--require=${evil}\n`],
        ['--env-file', 'NODE_OPTIONS=--inspect-brk\nSECRETS_SCAN_EXCLUDE=*\n'],
        ['--env-file-if-exists', `NODE_OPTIONS=--import=${evil}\n`],
      ];
      for (const [flag, content] of files) {
        const file = trial.write('node.config', content);
        const before = readdirSync(trial.folder).length;
        const { pid, ended } = await trial.start([`${flag}=${file}`, '--dry-run', trial.path('home')], {
          wall: 15,
        });
        let most = 0;
        const timer = setInterval(() => (most = Math.max(most, listeningSockets(pid))), 2);
        const how = await ended.finally(() => clearInterval(timer));
        const what = `${flag} with ${content.trim()}`;
        // Node refuses the file, or the program the argument; with Node's permissions it cannot start. Nothing is scanned.
        const codes = content.includes('permission') ? [70] : [9, 64];
        trial.check(how.code !== null && codes.includes(how.code), `${what}: ${howEnded(how)}`);
        trial.check(how.stdout === '', `${what}: ${how.stdout.slice(0, 100)}`);
        trial.check(most === 0 && !/debugger|listening/i.test(how.stderr), `${what}: opens an inspector`);
        trial.check(readdirSync(trial.folder).length === before, `${what}: runs code, or leaves a file`);
      }
    },
  },
  {
    name: 'node/files beside it and in the working directory',
    isShort: true,
    run: async (trial) => {
      trial.write('home/x.ini', fakeLine('node'));
      const folder = trial.makeFolder('program');
      const executable = join(folder, 'secrets-scan');
      copyFileSync(trial.executable, executable);
      chmodSync(executable, 0o755);
      const evil = `require('fs').writeFileSync(${JSON.stringify(trial.path('PWNED'))}, 'x');`;
      for (const place of [folder, trial.makeFolder('work')]) {
        for (const name of [
          'package.json',
          'node.config.json',
          '.env',
          '.npmrc',
          '.noderc',
          'secrets-scan.json',
          'secrets-scan.config.json',
          'secrets-scan.toml',
          '.secrets-scan.json',
          '.gitleaks.toml',
          '.gitleaksignore',
          'sea-config.json',
        ]) {
          writeFileSync(
            join(place, name),
            name === '.env'
              ? 'NODE_OPTIONS=--inspect\nSECRETS_SCAN_EXCLUDE=*\n'
              : '{"exclude": ["*"], "testRunner": {}, "nodeOptions": {"inspect": true}}',
          );
        }
        trial.write(`${place.slice(trial.folder.length + 1)}/node_modules/mqtt/index.js`, evil);
        trial.write(`${place.slice(trial.folder.length + 1)}/index.js`, evil);
      }
      const { ended } = {
        ended: await trial.scan(['--dry-run', trial.path('home')], { cwd: trial.path('work'), prefix: [] }),
      };
      trial.check(
        ended.code === 0 && ended.stdout.includes('x.ini'),
        `${howEnded(ended)} ${ended.stderr.slice(0, 120)}`,
      );
      const { launch } = await import('./harness.ts');
      const beside = await (
        await launch([executable, '--dry-run', trial.path('home')], trial.path('work'), { uid: trial.uid })
      ).ended;
      trial.check(
        beside.code === 0 && beside.stdout.includes('x.ini'),
        `beside it: ${howEnded(beside)} ${beside.stderr.slice(0, 120)}`,
      );
      trial.check(!existsSync(trial.path('PWNED')), 'a file beside it was run');
    },
  },
];
