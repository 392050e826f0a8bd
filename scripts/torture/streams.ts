/**
 * Readers that do not read, and streams that are closed, full or abandoned by their reader. A run must end by
 * itself, by a signal and by --max-duration, with the exit code and the report that it would have had.
 */
import { availableParallelism, loadavg } from 'node:os';
import { type Row, type RunOptions, type Stream, type Trial, howEnded, sleep } from './harness.ts';
import { fakeLine } from './tokens.ts';

/** Seconds within which a run must end on an otherwise idle machine. */
const SOON = 2;

/** Seconds within which a run must end here: `SOON`, or longer in proportion to the machine's load. */
function bound(): number {
  return SOON * Math.max(1, (loadavg()[0] ?? 0) / availableParallelism());
}

/** For the figures: the load of the machine. */
function load(): string {
  return `load ${(loadavg()[0] ?? 0).toFixed(1)} on ${availableParallelism()} cores`;
}

/** The largest figure of each row, in seconds. */
const slowest = new WeakMap<Trial, number>();

/** Records the slowest end of a row, with the load at that time. */
function measureEnd(trial: Trial, seconds: number): void {
  const before = slowest.get(trial);
  if (before !== undefined && before >= seconds) return;
  slowest.set(trial, seconds);
  const label = 'ends within ';
  const index = trial.figures.findIndex((figure) => figure.startsWith(label));
  trial.figures.splice(
    index < 0 ? trial.figures.length : index,
    1,
    `${label}${seconds.toFixed(1)} s, ${load()}`,
  );
}

/** Enough findings to fill any pipe. */
export function plantMany(trial: Trial, files = 1500): string {
  for (let file = 0; file < files; file += 1) trial.write(`home/f${file}.ini`, fakeLine(`many ${file}`));
  return trial.path('home');
}

/** Starts a run, sends a signal in the middle, and checks how long it takes to end. */
export async function endsAfter(
  trial: Trial,
  what: string,
  signal: NodeJS.Signals,
  args: readonly string[],
  options: RunOptions,
  delay = 1500,
): Promise<void> {
  const { pid, ended } = await trial.start(args, { wall: 9, ...options });
  let isCancelled = false;
  void ended.then(() => (isCancelled = true));
  await sleep(delay);
  // It need not hang: ending by itself is fine.
  if (isCancelled) {
    const how = await ended;
    trial.check(how.limit === null && how.signal === null, `${what}: ${howEnded(how)}`);
    return;
  }
  const sent = performance.now();
  try {
    process.kill(pid, signal);
  } catch {
    // It has just ended.
  }
  const how = await ended;
  const seconds = (performance.now() - sent) / 1000;
  measureEnd(trial, seconds);
  trial.check(
    how.limit === null && seconds <= bound(),
    `${what}: ${signal} takes ${seconds.toFixed(1)} s (${howEnded(how)}; ${load()})`,
  );
  // At the start, before its handlers are installed, a signal ends it as it ends any program.
  trial.check(
    (how.signal === null || delay < 1000) && how.code !== 0,
    `${what}: ${signal} ends with ${howEnded(how)}`,
  );
}

export async function endsInTime(
  trial: Trial,
  what: string,
  args: readonly string[],
  options: RunOptions,
): Promise<void> {
  const ended = await trial.scan(['--max-duration=2s', ...args], { wall: 9, ...options });
  measureEnd(trial, Math.max(0, ended.wallSeconds - 2));
  trial.check(
    ended.limit === null && ended.wallSeconds <= 2 + bound(),
    `${what}: --max-duration=2s ends after ${ended.wallSeconds.toFixed(1)} s (${howEnded(ended)}; ${load()})`,
  );
}

const STREAMS: readonly {
  readonly name: string;
  readonly options: { readonly stdout?: Stream; readonly stderr?: Stream };
}[] = [
  { name: 'output that is never read', options: { stdout: 'unread' } },
  { name: 'output that is full from the start', options: { stdout: 'unread-full' } },
  { name: 'errors that are never read', options: { stderr: 'unread' } },
  { name: 'errors that are full from the start', options: { stderr: 'unread-full' } },
  { name: 'neither is ever read', options: { stdout: 'unread-full', stderr: 'unread-full' } },
];

const streams: readonly Row[] = STREAMS.map(({ name, options }, index) => ({
  name: `hangs/${name}`,
  isShort: index === 1 || index === 3,
  run: async (trial) => {
    const home = plantMany(trial);
    const bad = trial.path('no-such-folder');
    for (const mode of trial.isShort ? ['--standalone'] : ['--standalone', '--dry-run']) {
      let run = 0;
      const args = () => [
        mode,
        ...(mode === '--standalone' ? ['--state-dir', trial.makeState(`s${(run += 1)}`)] : []),
        '--agent-timeout=2s',
        home,
        bad,
      ];
      await endsAfter(trial, mode, 'SIGTERM', args(), options);
      if (trial.isShort) continue;
      await endsAfter(trial, mode, 'SIGINT', args(), options);
      await endsAfter(trial, `${mode} soon`, 'SIGTERM', args(), options, 300);
      await endsInTime(trial, mode, args(), options);
    }
    const lasting = await trial.scan(
      ['--standalone', '--agent-timeout=2s', '--state-dir', trial.makeState('lasting'), home],
      { ...options, wall: 20 },
    );
    trial.check(lasting.limit === null, `without a signal: ${howEnded(lasting)}`);
    trial.measure(`by itself after ${lasting.wallSeconds.toFixed(1)} s: ${howEnded(lasting)}`);
  },
}));

/** A broken stream must change neither the findings nor the exit code that the run would have had. */
const broken: readonly Row[] = (
  [
    ['closed standard error', { stderr: 'closed' }],
    ['full standard error', { stderr: '/dev/full' }],
    ['standard error whose reader leaves', { stderr: 'goes-away' }],
    ['closed standard output', { stdout: 'closed' }],
    ['full standard output', { stdout: '/dev/full' }],
    ['standard output whose reader leaves', { stdout: 'goes-away' }],
    ['both closed', { stdout: 'closed', stderr: 'closed' }],
    ['both full', { stdout: '/dev/full', stderr: '/dev/full' }],
  ] as const
).map(([name, options], index) => ({
  name: `hangs/${name}`,
  isShort: index < 3,
  run: async (trial) => {
    const home = plantMany(trial, 400);
    trial.makeFolder('out');
    const report = trial.path('out/r.json');
    const isOutput = 'stdout' in options;
    // Node opens /dev/null in place of a closed stream before the program runs: it accepts everything.
    const isLost = isOutput && options.stdout !== 'closed';
    const dry = await trial.scan(['--dry-run', `--report=${report}`, home], { ...options, wall: 20 });
    trial.check(
      dry.limit === null && dry.signal === null && dry.code !== 1 && dry.code !== 70,
      `--dry-run: ${howEnded(dry)}`,
    );
    if (!isOutput) trial.check(dry.code === 0, `--dry-run: ${howEnded(dry)}`);
    const written = trial.readReport(report)?.outcome.findings.length ?? 0;
    trial.check(written === 400, `the report has ${written} of 400 findings`);
    const usage = await trial.scan(['--no-such-flag'], { ...options, wall: 10 });
    trial.check(usage.code === 64, `a wrong flag: ${howEnded(usage)}`);
    const missing = await trial.scan(['--dry-run', trial.path('nothing-here')], { ...options, wall: 10 });
    trial.check(missing.code === 66 || (isOutput && missing.code === 73), `no root: ${howEnded(missing)}`);
    for (const flag of ['--help', '--version']) {
      const shown = await trial.scan([flag], { ...options, wall: 10 });
      trial.check(
        shown.limit === null && shown.code !== 1 && shown.code !== 70 && shown.signal === null,
        `${flag}: ${howEnded(shown)}`,
      );
    }
    const state = trial.makeState();
    const first = await trial.scan(['--standalone', '--agent-timeout=2s', '--state-dir', state, home], {
      ...options,
      wall: 20,
    });
    trial.check(
      first.limit === null && first.code !== 1 && first.code !== 70,
      `--standalone: ${howEnded(first)}`,
    );
    if (isLost)
      trial.check(
        first.code !== 0,
        `--standalone: what could not be written counts as written (${howEnded(first)})`,
      );
    else trial.check(first.code === 0, `--standalone: ${howEnded(first)}`);
    if (isLost) {
      const next = await trial.scan(['--standalone', '--agent-timeout=10s', '--state-dir', state, home], {
        wall: 30,
      });
      const paths = new Set(
        next.stdout
          .split('\n')
          .flatMap((line) => /"event":"scan\.finding".*"path":"([^"]+)"/.exec(line)?.slice(1) ?? []),
      );
      trial.check(
        next.code === 0 && (paths.size === 400 || name.includes('leaves')),
        `the next run with a reader: ${howEnded(next)}, ${paths.size} of 400 announced`,
      );
    }
  },
}));

export const streamRows: readonly Row[] = [...streams, ...broken];
