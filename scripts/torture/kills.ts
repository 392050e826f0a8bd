/**
 * Kills at random moments, over a tree to which findings are continually added: with ordinary runs, with a flood of
 * another user's findings, on a disk that is full now and then, and with a slow broker. After each series there are
 * healthy runs; then every finding must have been announced exactly once. A record that arrives twice with the same
 * id counts once: a kill between its delivery and the note of that repeats it, and the reader must drop it.
 */
import { spawn } from 'node:child_process';
import { chownSync, mkdirSync, statfsSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { agentFor, uniqueRecords, underAgent } from './agent.ts';
import {
  OTHER_ID,
  type Row,
  type RunRecord,
  type Trial,
  isRoot,
  launch,
  recordsIn,
  sleep,
} from './harness.ts';
import { makeCredentials, settingsServer, slowProxy } from './hostile-server.ts';
import { criticalToken, fakeLine } from './tokens.ts';

/** Number of files at the start, and of folders that contain them. */
const FILES = 300;
const FOLDERS = 15;
/** Seconds after which a series gives up: the kills do not land, or the machine is too slow. */
const LONGEST = 600;
/** Seconds after which a run that hangs is killed and counted as a failure. */
const HUNG = 60;
/** Of this many kills, one comes at any moment of a long run; the others come early. */
const ANY_INSTANT = 3;

interface RunEnd {
  readonly code: number | null;
  readonly isKilled: boolean;
  readonly stdout: string;
  readonly stderr: string;
  readonly seconds: number;
}

/** A tree that only gains findings, each with another token, and whose other files change. */
class GrowingTree {
  readonly root: string;
  /** Paths of the files with a secret. */
  readonly planted: string[] = [];
  readonly #series: string;
  readonly #secrets = new Map<string, string>();
  #made = 0;

  constructor(trial: Trial, series: string) {
    this.#series = series;
    this.root = trial.makeFolder('tree');
    for (let folder = 0; folder < FOLDERS; folder += 1) mkdirSync(join(this.root, `${folder}`));
    for (let file = 0; file < FILES; file += 1) this.add(file % 10 === 0);
  }

  add(isPlanted: boolean): void {
    this.#made += 1;
    const path = join(this.root, `${this.#made % FOLDERS}`, `${this.#made}.txt`);
    const text = isPlanted ? `token: ${criticalToken(`${this.#series} ${this.#made}`)}\n` : 'nothing\n';
    writeFileSync(path, text);
    if (!isPlanted) return;
    this.planted.push(path);
    this.#secrets.set(path, text);
  }

  /** Adds files, or changes the lines around a secret, or only the times of a file. */
  change(): void {
    const path = this.planted[Math.floor(Math.random() * this.planted.length)] ?? '';
    const kind = Math.floor(Math.random() * 5);
    if (kind < 3) this.add(kind < 2);
    else if (kind === 3)
      writeFileSync(
        path,
        `${'one more line\n'.repeat(1 + Math.floor(Math.random() * 5))}${this.#secrets.get(path) ?? ''}`,
      );
    else utimesSync(path, new Date(), new Date());
  }
}

/** Runs the executable directly, so that the signal reaches nothing else. */
function runOnce(
  trial: Trial,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  killAfter?: number,
): Promise<RunEnd> {
  const started = performance.now();
  const identity = trial.uid === null ? {} : { uid: trial.uid, gid: trial.uid };
  const child = spawn(trial.executable, args, {
    ...identity,
    cwd: trial.folder,
    env: { HOME: trial.folder, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const output = { stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output.stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (output.stderr += text));
  let isOurs = false;
  const timer = setTimeout(
    () => {
      isOurs = true;
      child.kill('SIGKILL');
    },
    killAfter ?? HUNG * 1000,
  );
  return new Promise((done, fail) => {
    child.on('error', fail);
    child.on('close', (code) => {
      clearTimeout(timer);
      done({ code, isKilled: isOurs, ...output, seconds: (performance.now() - started) / 1000 });
    });
  });
}

/** A way in which the runs are disturbed in addition to the kills. */
interface Disturbance {
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** Exit codes of a run that was not killed. */
  readonly codes: readonly number[];
  /** Called before each run. */
  readonly disturb: () => Promise<void> | void;
  /** Ends the disturbance. */
  readonly heal: () => Promise<void> | void;
  /** Records that did not arrive on standard output. */
  readonly records?: () => readonly RunRecord[];
  /** Whether a finding may be aggregated with others instead of announced individually. */
  readonly isFlood?: (path: string) => boolean;
}

async function series(
  trial: Trial,
  name: string,
  kills: number,
  prepare: (tree: GrowingTree) => Promise<Disturbance>,
): Promise<void> {
  const tree = new GrowingTree(trial, name);
  const disturbance = await prepare(tree);
  const { args, env, codes, isFlood = () => false } = disturbance;
  const printed = new Map<string, RunRecord>();
  let repeated = 0;
  const run = async (killAfter?: number) => {
    const end = await runOnce(trial, [...args, tree.root], env, killAfter);
    for (const record of recordsIn(end.stdout)) {
      if (printed.has(record.id)) repeated += 1;
      printed.set(record.id, record);
    }
    return end;
  };
  const first = await run();
  trial.check(
    first.code === 0 && !first.isKilled,
    `the first run: exit ${first.code} ${first.stderr.slice(0, 200)}`,
  );
  const started = performance.now();
  let killed = 0;
  let runs = 0;
  let longest = first.seconds * 1000;
  const strange = new Map<string, number>();
  while (killed < kills && (performance.now() - started) / 1000 < LONGEST) {
    runs += 1;
    await disturbance.disturb();
    for (let change = Math.floor(Math.random() * 4); change > 0; change -= 1) tree.change();
    const latest = runs % ANY_INSTANT === 0 ? 1.1 * longest : Math.min(1.1 * longest, 450);
    const instant = Math.random() * latest;
    const pending = run(instant);
    await sleep(Math.random() * instant);
    tree.change();
    const { code, isKilled, seconds, stderr } = await pending;
    if (isKilled) killed += 1;
    else {
      longest = Math.max(first.seconds * 300, Math.min(longest, seconds * 1000));
      if (!codes.includes(code ?? -1)) {
        const what = `exit ${code}: ${stderr.slice(0, 160)}`;
        strange.set(what, (strange.get(what) ?? 0) + 1);
      }
    }
  }
  trial.check(killed === kills, `killed ${killed} times instead of ${kills}`);
  for (const [what, times] of strange) trial.check(false, `${times} runs that were not killed: ${what}`);

  await disturbance.heal();
  // The first delivers what was kept; the second has nothing to report about findings.
  for (let healthy = 0; healthy < 2; healthy += 1) {
    await sleep(2200);
    const end = await run();
    trial.check(
      end.code === 0 && !end.isKilled,
      `healthy run ${healthy}: exit ${end.code} ${end.stderr.slice(0, 200)}`,
    );
  }
  const records = disturbance.records?.() ?? [...printed.values()];
  const counts = new Map<string, number>();
  for (const { event, data } of records) {
    if (event !== 'scan.finding' && event !== 'scan.finding-low') continue;
    const key = JSON.stringify([data['path'], data['rule'], data['fingerprint']]);
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  const announcedPaths = new Set([...counts.keys()].map((key) => String(JSON.parse(key)[0])));
  const lost = tree.planted.filter((path) => !announcedPaths.has(path));
  const twice = [...counts].filter(([, times]) => times > 1);
  const flooded = [...announcedPaths].filter(isFlood).length;
  trial.check(lost.length === 0, `${lost.length} of ${tree.planted.length} findings were never announced`);
  trial.check(
    twice.length === 0,
    `${twice.length} findings were announced more than once, for example ${twice[0]?.[0].slice(0, 120)}`,
  );
  trial.tries += killed;
  trial.measure(
    `${killed} kills in ${runs} runs: ${tree.planted.length - lost.length} of ${tree.planted.length} findings announced, ${twice.length} twice` +
      `${flooded > 0 ? `; ${flooded} files of the flood` : ''}${repeated > 0 ? `; ${repeated} records came again under their id` : ''}`,
  );
}

function standalone(trial: Trial, state = trial.makeState()): Pick<Disturbance, 'args' | 'env'> {
  return { args: ['--standalone', '--workers=1', '--agent-timeout=10s', '--state-dir', state], env: {} };
}

/** @param kills in total; each series gets its share */
export function kills(kills: number): readonly Row[] {
  const part = (index: number) => Math.floor(kills / 4) + (index < kills % 4 ? 1 : 0);
  const row = (
    index: number,
    name: string,
    as: Row['as'],
    prepare: (trial: Trial, tree: GrowingTree) => Promise<Disturbance>,
  ): Row => ({
    name: `kills/${name}`,
    as: as ?? 'any',
    isShort: true,
    run: async (trial) => await series(trial, name, part(index), async (tree) => await prepare(trial, tree)),
  });
  return [
    row(0, 'ordinary runs', 'any', async (trial) => ({
      ...standalone(trial),
      codes: [0],
      disturb: () => undefined,
      heal: () => undefined,
    })),
    row(1, 'a flood of findings', 'any', async (trial, tree) => {
      const folder = join(tree.root, 'flood');
      mkdirSync(folder);
      let files = 0;
      const flood = (more: number) => {
        for (let file = 0; file < more; file += 1) {
          files += 1;
          const path = join(folder, `f${files}.ini`);
          writeFileSync(
            path,
            Array.from({ length: 100 }, (_, line) => fakeLine(`kill ${files}/${line}`)).join(''),
          );
          if (isRoot) chownSync(path, OTHER_ID, OTHER_ID);
        }
      };
      flood(trial.isShort ? 20 : 60);
      return {
        ...standalone(trial),
        codes: [0],
        disturb: () => flood(Math.random() < 0.3 ? 3 : 0),
        heal: () => undefined,
        isFlood: (path) => path.startsWith(folder),
      };
    }),
    row(2, 'a full disk', 'root', async (trial) => {
      const state = trial.makeFolder('disk', { mode: 0o700 });
      const mount = async (...args: string[]) => {
        const done = await (await launch(['mount', ...args], trial.folder)).ended;
        if (done.code !== 0) throw new Error(`mount: ${done.stderr}`);
      };
      await mount('-t', 'tmpfs', '-o', 'size=20m,mode=700', 'tmpfs', state);
      trial.cleanUp(async () => {
        await (
          await launch(['umount', '-l', state], trial.folder)
        ).ended;
      });
      return {
        ...standalone(trial, state),
        codes: [0, 73],
        disturb: async () => {
          // Room for a few pages, or for all of it.
          const { blocks, bfree, bsize } = statfsSync(state);
          const used = Math.ceil(((blocks - bfree) * bsize) / 1024);
          const room = Math.random() < 0.6 ? used + 4 * Math.floor(Math.random() * 60) : 20_000;
          await mount('-o', `remount,size=${Math.max(room, 8)}k`, state);
        },
        heal: async () => await mount('-o', 'remount,size=200m', state),
      };
    }),
    row(3, 'a slow broker', 'any', async (trial) => {
      const agent = await agentFor(trial);
      const credentials = await makeCredentials(trial);
      let slowness = 0;
      const proxy = await slowProxy(
        trial,
        () => agent.brokerPort,
        () => Math.random() * slowness,
      );
      const { args, env } = underAgent(await settingsServer(trial, credentials, proxy), '1s');
      const faults = [undefined, undefined, undefined, 'no-ack', 'refuse'] as const;
      return {
        args: [...args, '--workers=1', '--state-dir', trial.makeState()],
        env,
        codes: [0, 69],
        disturb: () => {
          slowness = Math.random() < 0.5 ? 0 : 120;
          agent.faults.broker = faults[Math.floor(Math.random() * faults.length)];
          agent.faults.dropAfterPackets =
            Math.random() < 0.3 ? 2 + Math.floor(Math.random() * 12) : undefined;
        },
        heal: () => {
          slowness = 0;
          agent.faults.broker = undefined;
          agent.faults.dropAfterPackets = undefined;
        },
        records: () => uniqueRecords(agent),
      };
    }),
  ];
}
