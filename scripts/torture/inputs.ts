/**
 * Files that are named on the command line: whatever they are, the run must end soon, stay small and name the file
 * in its refusal; and as root it must refuse those that a less privileged user can change.
 */
import {
  chmodSync,
  chownSync,
  mkdirSync,
  openSync,
  closeSync,
  existsSync,
  ftruncateSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { type Ended, type Row, type Trial, USER_ID, firstControl, howEnded, launch } from './harness.ts';
import { fakeLine } from './tokens.ts';

/** A valid value for each option. */
const VALID: Readonly<Record<string, string>> = {
  config: '{}',
  rules: '[[rules]]\nid = "acme"\ndescription = "acme"\nregex = "acme_[a-z]{9}"\nkeywords = ["acme_"]\n',
  'ca-file': '',
  baseline: '[]',
  'ignore-list': '# nothing\n',
  'fingerprint-key': 'k'.repeat(32),
};
const OPTIONS = Object.keys(VALID);

/** A refusal: usage, configuration, or a file that cannot be used. */
const REFUSED: ReadonlySet<number | null> = new Set([64, 66, 73, 78]);

/** What replaces the file. */
const KINDS: Readonly<Record<string, (trial: Trial, path: string) => Promise<string> | string>> = {
  FIFO: async (trial, path) => {
    await (
      await launch(['mkfifo', path], trial.folder)
    ).ended;
    return path;
  },
  '/dev/zero': () => '/dev/zero',
  'link to /dev/zero': (_, path) => {
    symlinkSync('/dev/zero', path);
    return path;
  },
  'sparse file of 8 GiB': (_, path) => {
    const file = openSync(path, 'w');
    ftruncateSync(file, 2 ** 33);
    closeSync(file);
    return path;
  },
  'file of 200 MB': (_, path) => {
    writeFileSync(path, '# comment\n'.repeat(20_000_000));
    return path;
  },
  folder: (_, path) => {
    mkdirSync(path);
    return path;
  },
  'link to itself': (_, path) => {
    symlinkSync(path, path);
    return path;
  },
  socket: async (trial, path) => {
    const server = createServer();
    await new Promise<void>((done) => {
      server.listen(path, done);
    });
    trial.cleanUp(() => void server.close());
    return path;
  },
  '/proc/self/mem': () => '/proc/self/mem',
  '/dev/tty': () => '/dev/tty',
  'deep JSON': (_, path) => {
    writeFileSync(path, '['.repeat(2_000_000));
    return path;
  },
  'deep TOML': (_, path) => {
    writeFileSync(path, `a = ${'['.repeat(900_000)}`);
    return path;
  },
  'binary noise': (_, path) => {
    writeFileSync(path, Buffer.alloc(100_000, Buffer.from([0, 255, 27, 155, 128, 10, 91])));
    return path;
  },
};
const SHORT_KINDS = new Set(['FIFO', '/dev/zero', 'sparse file of 8 GiB', 'folder']);

/** A standalone run with this option; `ca-file` needs a run with an agent. */
function argumentsFor(
  trial: Trial,
  option: string,
  file: string,
): { readonly args: string[]; readonly env: Record<string, string> } {
  const home = trial.path('home');
  const key = option === 'baseline' ? [`--fingerprint-key=${sharedKey(trial)}`] : [];
  if (option !== 'ca-file') return { args: ['--dry-run', ...key, `--${option}=${file}`, home], env: {} };
  return {
    args: [
      '--keeper-api-base=https://127.0.0.1:1',
      '--agent-timeout=1s',
      '--state-dir',
      trial.path('state'),
      `--ca-file=${file}`,
      home,
    ],
    env: { KEEPER_JOB_ID: 'secrets-scan' },
  };
}

const kindRows: readonly Row[] = OPTIONS.map((option) => ({
  name: `inputs/--${option} of every kind`,
  as: 'any',
  isShort: true,
  run: async (trial) => {
    trial.write('home/x.ini', fakeLine('input'));
    trial.makeState();
    let slowest = 0;
    let largest = 0;
    for (const [kind, make] of Object.entries(KINDS)) {
      if (trial.isShort && !SHORT_KINDS.has(kind)) continue;
      const file = await make(trial, trial.path(`f-${kind.replaceAll(/\W/g, '')}`));
      const { args, env } = argumentsFor(trial, option, file);
      const ended = await trial.scan(args, { env, wall: 8 });
      const isList = option === 'ignore-list' && (kind.startsWith('deep') || kind === 'binary noise');
      trial.check(
        ended.limit === null && (isList || REFUSED.has(ended.code)),
        `${kind}: ${howEnded(ended)} after ${ended.wallSeconds.toFixed(1)} s with ${Math.round(ended.peakMb)} MB`,
      );
      if (REFUSED.has(ended.code)) {
        trial.check(
          ended.stderr.includes(file.slice(0, 60)) || ended.stderr.includes(`--${option}`),
          `${kind}: the refusal names neither file nor option: ${ended.stderr.slice(0, 150)}`,
        );
        trial.check(firstControl(ended.stderr) === undefined, `${kind}: control characters in the refusal`);
      }
      trial.check(ended.peakMb <= 200, `${kind}: ${Math.round(ended.peakMb)} MB`);
      slowest = Math.max(slowest, ended.wallSeconds);
      largest = Math.max(largest, ended.peakMb);
    }
    trial.measure(`at most ${slowest.toFixed(1)} s, ${Math.round(largest)} MB`);
  },
}));

/** Who could change the file, and how the file or its parents are prepared for it. */
const UNTRUSTED: Readonly<Record<string, (trial: Trial, name: string, content: string) => string>> = {
  'file of a user': (trial, name, content) => trial.write(`safe/${name}`, content, USER_ID),
  'file that everybody may write': (trial, name, content) => {
    const file = trial.write(`safe/${name}`, content);
    chmodSync(file, 0o666);
    return file;
  },
  'file that a group may write': (trial, name, content) => {
    const file = trial.write(`safe/${name}`, content);
    chownSync(file, 0, USER_ID);
    chmodSync(file, 0o664);
    return file;
  },
  'folder of a user': (trial, name, content) => {
    trial.makeFolder(`u-${name}`, { owner: USER_ID });
    return trial.write(`u-${name}/${name}`, content);
  },
  'folder that everybody may write': (trial, name, content) => {
    trial.makeFolder(`w-${name}`, { mode: 0o777 });
    return trial.write(`w-${name}/${name}`, content);
  },
  'folder of a user further up': (trial, name, content) => {
    trial.makeFolder(`v-${name}`, { owner: USER_ID });
    trial.makeFolder(`v-${name}/root`, { owner: 0 });
    return trial.write(`v-${name}/root/${name}`, content);
  },
  'link of a user to a good file': (trial, name, content) => {
    const file = trial.write(`safe/${name}`, content);
    const folder = trial.makeFolder(`l-${name}`, { owner: USER_ID });
    symlinkSync(file, join(folder, name));
    return join(folder, name);
  },
  'through a linked folder of a user': (trial, name, content) => {
    const file = trial.write(`safe/${name}`, content);
    const folder = trial.makeFolder(`m-${name}`, { owner: USER_ID });
    symlinkSync(join(file, '..'), join(folder, 'd'));
    return join(folder, 'd', name);
  },
  'good file that links into a folder of a user': (trial, name, content) => {
    const file = trial.write(`n-${name}/${name}`, content, USER_ID);
    trial.makeFolder('safe');
    symlinkSync(file, trial.path(`safe/${name}.lnk`));
    return trial.path(`safe/${name}.lnk`);
  },
};

const trustRows: readonly Row[] = OPTIONS.map((option) => ({
  name: `inputs/--${option} that a user can change`,
  as: 'root',
  isShort: option === 'rules',
  run: async (trial) => {
    trial.write('home/x.ini', fakeLine('input'));
    trial.makeState();
    let number = 0;
    for (const [kind, make] of Object.entries(UNTRUSTED)) {
      number += 1;
      const file = make(trial, `${option}${number}`, await validContent(trial, option));
      // A key that others can read is refused for that reason.
      if (option === 'fingerprint-key' && !kind.includes('write')) chmodSync(file, 0o600);
      const { args, env } = argumentsFor(trial, option, file);
      const ended = await trial.scan(args, { env, wall: 15 });
      trial.check(REFUSED.has(ended.code), `${kind}: ${howEnded(ended)}`);
      if (REFUSED.has(ended.code)) {
        trial.check(
          ended.stderr.includes(file) || ended.stderr.includes(option),
          `${kind}: the refusal names no file: ${ended.stderr.slice(0, 150)}`,
        );
        const overridden = await trial.scan(['--allow-untrusted-files', ...args], { env, wall: 15 });
        // A key must belong to the current user, whatever else is allowed.
        const isKeyInSight = option === 'fingerprint-key';
        trial.check(
          isUsed(overridden) || isKeyInSight,
          `${kind}, allowed: ${howEnded(overridden)} ${overridden.stderr.slice(0, 150)}`,
        );
      }
      if (trial.isShort && number === 5) break;
    }
    const good = trial.write(`good/${option}`, await validContent(trial, option));
    chmodSync(good, 0o600);
    const { args, env } = argumentsFor(trial, option, good);
    const ended = await trial.scan(args, { env, wall: 15 });
    trial.check(isUsed(ended), `a file of root is refused: ${howEnded(ended)} ${ended.stderr.slice(0, 150)}`);
  },
}));

/** A run that got as far as possible: to the end, or to the missing agent. */
function isUsed({ code }: Ended): boolean {
  return code === 0 || code === 69;
}

let pem: string | undefined;

/** A key of the current user: a baseline is valid for one key only. */
function sharedKey(trial: Trial): string {
  const path = trial.path('shared.key');
  if (existsSync(path)) return path;
  trial.write('shared.key', 'k'.repeat(32), trial.uid ?? undefined);
  chmodSync(path, 0o600);
  return path;
}

/** A valid input for the option. */
async function validContent(trial: Trial, option: string): Promise<string> {
  if (option === 'ca-file') return await certificate(trial);
  if (option !== 'baseline') return VALID[option] ?? '';
  const report = trial.path('valid-baseline.json');
  const folder = trial.makeFolder('valid', { owner: 0 });
  await trial.scan(['--dry-run', `--fingerprint-key=${sharedKey(trial)}`, `--report=${report}`, folder]);
  return readFileSync(report, 'utf8');
}

/** Some certificate. */
async function certificate(trial: Trial): Promise<string> {
  if (pem === undefined) {
    const out = trial.path('key.pem');
    const args = [
      'openssl',
      'req',
      '-x509',
      '-newkey',
      'ec',
      '-pkeyopt',
      'ec_paramgen_curve:prime256v1',
      '-nodes',
      '-subj',
      '/CN=x',
      '-keyout',
      out,
    ];
    pem = (await (await launch(args, trial.folder)).ended).stdout;
  }
  return pem;
}

export const inputs: readonly Row[] = [
  ...kindRows,
  ...trustRows,
  {
    name: 'inputs/a configuration file may not allow itself',
    as: 'root',
    run: async (trial) => {
      trial.write('home/x.ini', fakeLine('input'));
      const file = trial.write('u/c.json', '{"allowUntrustedFiles": true}', USER_ID);
      const ended = await trial.scan(['--dry-run', `--config=${file}`, trial.path('home')]);
      trial.check(REFUSED.has(ended.code), howEnded(ended));
    },
  },
  {
    name: 'inputs/rules that extend a file of a user',
    as: 'root',
    run: async (trial) => {
      trial.write('home/x.ini', fakeLine('input'));
      const bases: Record<string, string> = { '/dev/zero': '/dev/zero' };
      bases['FIFO'] = (await KINDS['FIFO']?.(trial, trial.path('base.fifo'))) ?? '';
      for (const [kind, make] of Object.entries(UNTRUSTED)) {
        bases[kind] = make(trial, kind.replaceAll(/\W/g, ''), VALID['rules'] ?? '');
      }
      for (const [kind, base] of Object.entries(bases)) {
        const name = kind.replaceAll(/\W/g, '');
        const file = trial.write(`good/${name}.toml`, `[extend]\npath = "${base}"\n`);
        const ended = await trial.scan(['--dry-run', `--rules=${file}`, trial.path('home')], { wall: 8 });
        trial.check(REFUSED.has(ended.code), `${kind}: ${howEnded(ended)}`);
      }
    },
  },
];
