/**
 * Everything else that can make a run wait forever: mounts that do not respond, FIFOs, devices, `/proc`, a silent
 * agent. --max-duration, SIGTERM and SIGINT must end the run within two seconds in each case.
 */
import { existsSync, readFileSync, symlinkSync } from 'node:fs';
import { type Row, type Trial, hasProgram, howEnded, isRoot, launch, sleep } from './harness.ts';
import { endsAfter, endsInTime, plantMany, streamRows } from './streams.ts';
import { criticalToken, fakeLine } from './tokens.ts';

const STRANGE_STATES = [
  '/proc/x',
  '/proc/self/x',
  '/proc/1/x/y',
  '/sys/x',

  '/dev/null/x',
  '/dev/fd/x',
  '/proc/self/fd/1/x',
  `/tmp/${'x'.repeat(300)}`,
];

/** A mount that never responds, created by stopping the process that serves it. */
async function hungMount(trial: Trial): Promise<string> {
  const source = trial.makeFolder('source');
  for (let file = 0; file < 50; file += 1) trial.write(`source/f${file}.ini`, fakeLine(`fuse ${file}`));
  const mount = trial.makeFolder('home/mount');
  const options = isRoot ? ['-o', 'allow_other'] : [];
  const { pid, ended, output } = await launch(['bindfs', '-f', ...options, source, mount], trial.folder, {
    wall: 300,
  });
  trial.cleanUp(async () => {
    await (
      await launch(['umount', '-l', mount], trial.folder)
    ).ended;
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It ended with the mount.
    }
    await ended.catch(() => undefined);
  });
  for (let wait = 0; wait < 200; wait += 1) {
    if (readFileSync('/proc/mounts', 'utf8').includes(mount)) break;
    await sleep(25);
  }
  if (!readFileSync('/proc/mounts', 'utf8').includes(mount))
    throw new Error(`bindfs does not mount: ${output.stderr}`);
  process.kill(pid, 'SIGSTOP');
  return mount;
}

function withoutFuse(): string | undefined {
  if (!existsSync('/dev/fuse')) return 'no /dev/fuse';
  return hasProgram('bindfs') ? undefined : 'bindfs is not installed';
}

export const hangs: readonly Row[] = [
  ...streamRows,
  {
    name: 'hangs/strange state directories',
    isShort: true,
    as: 'both',
    run: async (trial) => {
      trial.write('home/x.ini', fakeLine('x'));
      for (const state of trial.isShort ? STRANGE_STATES.slice(0, 3) : STRANGE_STATES) {
        const ended = await trial.scan(['--standalone', `--state-dir=${state}`, trial.path('home')], {
          wall: 10,
        });
        trial.check(ended.code === 73, `${state.slice(0, 40)}: ${howEnded(ended)}`);
      }
    },
  },
  {
    name: 'hangs/strange reports',
    run: async (trial) => {
      trial.write('home/x.ini', fakeLine('x'));
      await (
        await launch(['mkfifo', trial.path('p.json')], trial.folder)
      ).ended;
      for (const report of [
        '/proc/x.json',
        '/proc/self/x.json',
        '/dev/full/x.json',
        trial.path('no/such/x.json'),
        `${trial.path('home')}/`.concat('.json'),
        trial.path('p.json'),
      ]) {
        const ended = await trial.scan(['--dry-run', `--report=${report}`, trial.path('home')], { wall: 10 });
        trial.check(
          ended.limit === null && (ended.code === 73 || ended.code === 64 || ended.code === 0),
          `${report}: ${howEnded(ended)}`,
        );
      }
    },
  },
  {
    name: 'hangs/FIFOs and sockets in the tree',
    as: 'both',
    isShort: true,
    run: async (trial) => {
      trial.write('home/real.ini', fakeLine('real'));
      const fifos = Array.from({ length: 20 }, (_, n) => trial.path('home', n === 0 ? '.env' : `p${n}.ini`));
      await (
        await launch(['mkfifo', ...fifos], trial.folder)
      ).ended;
      const report = trial.path('out/r.json');
      trial.makeFolder('out');
      const ended = await trial.scan(['--dry-run', `--report=${report}`, trial.path('home')], { wall: 10 });
      trial.check(ended.code === 0, howEnded(ended));
      const coverage = trial.readReport(report)?.outcome.coverage;
      trial.check(coverage?.files === 1, `${coverage?.files} files count as scanned, one is a file`);
      const root = await trial.scan(['--dry-run', '--strict', trial.path('home/.env')], { wall: 10 });
      trial.check(root.code === 11 || root.code === 66, `a FIFO as the root: ${howEnded(root)}`);
    },
  },
  {
    name: 'hangs/a FIFO with a writer that says nothing',
    run: async (trial) => {
      const path = trial.path('home/.env');
      trial.write('home/real.ini', fakeLine('real'));
      await (
        await launch(['mkfifo', path], trial.folder)
      ).ended;
      const writer = await launch(['sh', '-c', `exec 3<>'${path}'; sleep 20`], trial.folder, { wall: 25 });
      const ended = await trial.scan(['--dry-run', trial.path('home')], { wall: 10 });
      process.kill(writer.pid, 'SIGKILL');
      trial.check(ended.code === 0, howEnded(ended));
    },
  },
  {
    name: 'hangs/devices as roots',
    as: 'both',
    run: async (trial) => {
      for (const root of [
        '/dev/zero',
        '/dev/tty',
        '/dev/random',
        '/dev/null',
        '/dev/fd/0',
        '/proc/self/mem',
        '/proc/kmsg',
        '/dev/stdin',
      ]) {
        const ended = await trial.scan(['--dry-run', '--max-duration=5s', root], { wall: 12 });
        trial.check(
          ended.limit === null && ended.signal === null && ended.code !== 70 && ended.code !== 1,
          `${root}: ${howEnded(ended)}`,
        );
      }
    },
  },
  {
    name: 'hangs/the run directory of the system',
    as: 'both',
    run: async (trial) => {
      for (const root of ['/proc', '/sys', '/dev']) {
        const ended = await trial.scan(['--dry-run', '--max-duration=6s', root], { wall: 15 });
        trial.check(
          ended.limit === null && ended.signal === null && ended.code !== 70,
          `${root}: ${howEnded(ended)} after ${ended.wallSeconds.toFixed(1)} s`,
        );
        trial.check(ended.peakMb <= 200, `${root}: ${Math.round(ended.peakMb)} MB`);
      }
    },
  },
  {
    name: 'hangs/a mount that never answers',
    isShort: true,
    skip: withoutFuse,
    run: async (trial) => {
      const mount = await hungMount(trial);
      trial.write('home/a.ini', fakeLine('beside'));
      trial.write('home/z/z.ini', `${criticalToken('beside')}\n`);
      const home = trial.path('home');
      await endsAfter(trial, 'below the root', 'SIGTERM', ['--dry-run', '--agent-timeout=2s', home], {});
      await endsInTime(trial, 'the root itself', ['--dry-run', mount], {});
      if (!trial.isShort) {
        await endsAfter(trial, 'the root itself', 'SIGTERM', ['--dry-run', mount], {});
        await endsAfter(trial, 'a file on it', 'SIGINT', ['--dry-run', `${mount}/f1.ini`], {});
        await endsAfter(
          trial,
          'rules on it',
          'SIGTERM',
          ['--dry-run', `--rules=${mount}/r.toml`, trial.path('home/z')],
          {},
        );
        await endsAfter(
          trial,
          'the state on it',
          'SIGTERM',
          ['--standalone', '--state-dir', `${mount}/state`, trial.path('home/z')],
          {},
        );
        await endsAfter(
          trial,
          'the report on it',
          'SIGTERM',
          ['--dry-run', `--report=${mount}/r.json`, trial.path('home/z')],
          {},
        );
        symlinkSync(mount, trial.path('linked'));
        await endsInTime(trial, 'below the root', ['--dry-run', home], {});
      }
      const report = trial.path('r.json');
      const ended = await trial.scan(
        ['--dry-run', '--strict', '--max-duration=10s', `--report=${report}`, home],
        { wall: 25 },
      );
      trial.check(ended.limit === null && ended.signal === null, howEnded(ended));
      const { unexamined = {}, skipped = {} } = trial.readReport(report)?.outcome.coverage ?? {};
      const reasons = Object.keys({ ...unexamined, ...skipped });
      trial.check(
        reasons.some((reason) => /file-system|mount|time|answer/.test(reason)),
        `the mount is not counted: ${reasons.join(', ')}`,
      );
      trial.measure(`counted as ${reasons.join(', ')}`);
      const paths = trial.readReport(report)?.outcome.findings.map(({ path }) => path) ?? [];
      trial.check(paths.length === 2, `${paths.length} of the 2 findings beside the mount`);
    },
  },
  {
    name: 'hangs/an agent that never answers',
    run: async (trial) => {
      const { agentFor, underAgent } = await import('./agent.ts');
      const agent = await agentFor(trial);
      const home = plantMany(trial, 100);
      for (const fault of ['hang', 'trickle'] as const) {
        agent.faults.settings = fault;
        const { args, env } = underAgent(agent.apiBase, '60s');
        await endsAfter(
          trial,
          `settings ${fault}`,
          'SIGTERM',
          [...args, '--state-dir', trial.makeState(`a-${fault}`), home],
          { env },
        );
      }
      agent.faults.settings = undefined;
      for (const fault of ['hang', 'no-ack'] as const) {
        agent.faults.broker = fault;
        const { args, env } = underAgent(agent.apiBase, '60s');
        const bounded = underAgent(agent.apiBase, '1s').args;
        await endsAfter(
          trial,
          `broker ${fault}`,
          'SIGTERM',
          [...args, '--state-dir', trial.makeState(`b-${fault}`), home],
          { env },
        );
        await endsInTime(
          trial,
          `broker ${fault}`,
          [...bounded, '--state-dir', trial.makeState(`c-${fault}`), home],
          { env },
        );
      }
    },
  },
];
