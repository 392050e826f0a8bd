/**
 * State and reports on a disk that is full, read-only or damaged: the run exits with 73 and a message, and
 * nothing is lost.
 */
import { chmodSync, readFileSync, readdirSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Ended, type Row, type Trial, announced, howEnded, launch, recordsIn } from './harness.ts';
import { draw, fakeLine } from './tokens.ts';

const FILES = 1500;

function plant(trial: Trial, files = FILES): string {
  for (let file = 0; file < files; file += 1) trial.write(`home/f${file}.ini`, fakeLine(`disk ${file}`));
  return trial.path('home');
}

/** Mounts a tmpfs that is unmounted at the end of the row. */
async function smallDisk(trial: Trial, name: string, options: string): Promise<string> {
  const folder = trial.makeFolder(name, { mode: 0o700 });
  const mounted = await (
    await launch(
      ['mount', '-t', 'tmpfs', '-o', `${options},mode=700,uid=${trial.uid ?? 0}`, 'tmpfs', folder],
      trial.folder,
    )
  ).ended;
  if (mounted.code !== 0) throw new Error(`mount: ${mounted.stderr}`);
  trial.cleanUp(async () => {
    await (
      await launch(['umount', '-l', folder], trial.folder)
    ).ended;
  });
  return folder;
}

/** What a run reported about a failure: standard error, and records of that level. */
function saidWrong({ stdout, stderr }: Ended): string {
  const records = recordsIn(stdout).filter(({ level }) => level === 'Error' || level === 'Critical');
  return [stderr, ...records.map(({ message }) => message)].join('\n');
}

async function remount(trial: Trial, folder: string, options: string): Promise<void> {
  await (
    await launch(['mount', '-o', `remount,${options}`, folder], trial.folder)
  ).ended;
}

/** A full disk at first, then a large one: all findings must have been announced, each once. */
async function fullThenLarge(trial: Trial, size: string, prefill = 0): Promise<void> {
  const home = trial.path('home');
  const state = await smallDisk(trial, `disk-${size}-${prefill}`, `size=${size}`);
  if (prefill > 0) writeFileSync(join(state, 'filler'), Buffer.alloc(prefill));
  const args = ['--standalone', '--state-dir', state, home];
  const full = await trial.scan(args);
  trial.check(full.code === 73, `${size}: ${howEnded(full)}`);
  const said = saidWrong(full);
  trial.check(
    /full|space|written|write/i.test(said),
    `${size}: it says ${JSON.stringify(said.slice(0, 150))}`,
  );
  trial.check(
    recordsIn(full.stdout).some(({ event }) => event === 'run.ended'),
    `${size}: no run.ended`,
  );
  await remount(trial, state, 'size=200m');
  const healthy = await trial.scan(args);
  trial.check(
    healthy.code === 0,
    `${size}, with room again: ${howEnded(healthy)} ${healthy.stderr.slice(0, 150)}`,
  );
  // Records with the same id are one record: a reader can recognize them.
  const ids = new Set(recordsIn(full.stdout).map(({ id }) => id));
  const once = announced(full.stdout);
  const again = announced(
    healthy.stdout
      .split('\n')
      .filter((line) => !recordsIn(line).some(({ id }) => ids.has(id)))
      .join('\n'),
  );
  const both = [...once, ...again];
  const files = readdirSync(home).length;
  trial.check(
    new Set(both).size === files,
    `${size}: ${files - new Set(both).size} findings were never announced`,
  );
  const twice = both.length - new Set(both).size;
  trial.check(twice === 0, `${size}: ${twice} findings were announced twice, under different ids`);
  trial.measure(`${size}: ${howEnded(full)}, ${once.length} + ${again.length} announced, ${twice} twice`);
}

/** Ways to damage a file of the state, none of which may cost a finding. */
const DAMAGE: Readonly<Record<string, (path: string) => void>> = {
  emptied: (path) => truncateSync(path, 0),
  'cut in half': (path) => truncateSync(path, Math.floor(statSync(path).size / 2)),
  'one byte short': (path) => truncateSync(path, Math.max(0, statSync(path).size - 1)),
  'full of zeros': (path) => writeFileSync(path, Buffer.alloc(statSync(path).size)),
  noise: (path) => writeFileSync(path, draw(Math.max(10, statSync(path).size), 'noise')),
  'longer by 1 MB': (path) =>
    writeFileSync(path, Buffer.concat([readFileSync(path), Buffer.alloc(1e6, 'x')])),
  'every 50th byte changed': (path) => {
    const bytes = readFileSync(path);
    for (let index = 25; index < bytes.length; index += 50) bytes[index] = (bytes[index] ?? 0) ^ 0xff;
    writeFileSync(path, bytes);
  },
  'not readable': (path) => chmodSync(path, 0),
  'not writable': (path) => chmodSync(path, 0o400),
};

export const disk: readonly Row[] = [
  {
    name: 'disk/full while it works',
    as: 'root',
    isShort: true,
    run: async (trial) => {
      plant(trial);
      const sizes = trial.isShort ? ['300k'] : ['8k', '64k', '120k', '200k', '300k', '400k', '600k', '900k'];
      for (const size of sizes) await fullThenLarge(trial, size);
    },
  },
  {
    name: 'disk/full from the start',
    as: 'root',
    run: async (trial) => {
      plant(trial, 50);
      for (const [size, filled] of [
        ['64k', 65_536],
        ['100k', 90_000],
        ['200k', 131_072],
      ] as const)
        await fullThenLarge(trial, size, filled);
    },
  },
  {
    name: 'disk/without inodes',
    as: 'root',
    run: async (trial) => {
      const home = plant(trial, 50);
      for (const inodes of [1, 2, 3, 4, 5, 6]) {
        const state = await smallDisk(trial, `inodes-${inodes}`, `size=100m,nr_inodes=${inodes}`);
        const ended = await trial.scan(['--standalone', '--state-dir', state, home]);
        const found = new Set(announced(ended.stdout)).size;
        trial.check(
          ended.code === 73 || (ended.code === 0 && found === 50),
          `${inodes} inodes: ${howEnded(ended)} with ${found} of 50`,
        );
      }
    },
  },
  {
    name: 'disk/full where the report goes',
    as: 'root',
    isShort: true,
    run: async (trial) => {
      const home = plant(trial, 300);
      for (const size of ['4k', '40k']) {
        const folder = await smallDisk(trial, `report-${size}`, `size=${size}`);
        const ended = await trial.scan(['--dry-run', `--report=${folder}/r.json`, home]);
        trial.check(ended.code === 73, `${size}: ${howEnded(ended)}`);
        trial.check(
          readdirSync(folder).length === 0,
          `${size}: left behind ${readdirSync(folder).join(', ')}`,
        );
      }
    },
  },
  {
    name: 'disk/read-only state',
    as: 'both',
    run: async (trial) => {
      const home = plant(trial, 50);
      const check = async (state: string, what: string) => {
        const ended = await trial.scan(['--standalone', '--state-dir', state, home]);
        trial.check(ended.code === 73, `${what}: ${howEnded(ended)}`);
        trial.check(
          saidWrong(ended).includes(state),
          `${what}: the message names no path: ${saidWrong(ended).slice(0, 150)}`,
        );
      };
      if (trial.uid !== null) {
        await check(trial.makeFolder('closed', { mode: 0o500 }), 'a folder without w');
        return;
      }
      const state = await smallDisk(trial, 'ro', 'size=10m');
      await remount(trial, state, 'ro');
      await check(state, 'empty, read-only');
      await remount(trial, state, 'rw');
      await trial.scan(['--standalone', '--state-dir', state, home]);
      await remount(trial, state, 'ro');
      await check(state, 'in use, read-only');
    },
  },
  {
    name: 'disk/few descriptors',
    run: async (trial) => {
      const home = plant(trial, 200);
      const how: string[] = [];
      for (const limit of [8, 16, 20, 24, 28, 32, 40, 64]) {
        for (const strict of [[], ['--strict']]) {
          const what = `${limit} descriptors ${strict.join('')}`;
          trial.makeFolder('out');
          const report = trial.path(`out/${limit}${strict.join('')}.json`);
          const state = trial.makeState(`s${limit}${strict.join('')}`);
          const ended = await trial.scan(
            ['--standalone', ...strict, `--report=${report}`, '--state-dir', state, home],
            { prefix: ['sh', '-c', `ulimit -n ${limit}; exec "$0" "$@"`], wall: 30 },
          );
          const found = new Set(announced(ended.stdout)).size;
          how.push(
            `${limit}${strict.join('')}: ${howEnded(ended)}${found === 200 ? '' : `, ${found} of 200`}`,
          );
          if (found === 200) {
            trial.check(ended.code === 0, `${what}: ${howEnded(ended)}`);
            continue;
          }
          const { unexamined = {} } = trial.readReport(report)?.outcome.coverage ?? {};
          const isCounted = (unexamined['too-many-open-files'] ?? 0) > 0;
          // A file that could not be opened is a gap like any other.
          const code = isCounted ? (strict.length > 0 ? 11 : 0) : 73;
          // Neither Node nor the program can start with so few.
          const isStopped = limit < 24 && found === 0 && (ended.code === 70 || ended.signal !== null);
          trial.check(
            ended.limit === null && (ended.code === code || isStopped),
            `${what}: ${howEnded(ended)} with ${found} of 200, counted as ${JSON.stringify(unexamined)}`,
          );
        }
      }
      trial.measure(how.join('; '));
    },
  },
  {
    name: 'disk/file size limit',
    run: async (trial) => {
      const home = plant(trial, 1000);
      for (const blocks of [1, 16, 64, 128, 256, 512]) {
        const state = trial.makeState(`s${blocks}`);
        const ended = await trial.scan(['--standalone', '--state-dir', state, home], {
          prefix: ['bash', '-c', `ulimit -f ${blocks}; exec "$0" "$@"`],
          wall: 30,
        });
        trial.check(ended.code === 73 || ended.code === 0, `${blocks} KiB: ${howEnded(ended)}`);
        const next = await trial.scan(['--standalone', '--state-dir', state, home]);
        const all = new Set([...announced(ended.stdout), ...announced(next.stdout)]).size;
        trial.check(
          next.code === 0 && all === 1000,
          `${blocks} KiB, then without: ${howEnded(next)}, ${all} of 1000 announced`,
        );
      }
    },
  },
  {
    name: 'disk/damaged state',
    as: 'both',
    isShort: true,
    run: async (trial) => {
      const home = plant(trial, 20);
      const sound = trial.makeState('sound');
      const made = await trial.scan(['--standalone', '--state-dir', sound, home]);
      trial.check(made.code === 0, howEnded(made));
      const added = trial.write('home/new.ini', fakeLine('new'));
      const names = readdirSync(sound);
      const ways = Object.entries(DAMAGE).filter(
        ([way]) => !trial.isShort || way === 'noise' || way === 'emptied',
      );
      for (const name of names) {
        for (const [way, damage] of ways) {
          const state = trial.copyState(sound, `d-${name}-${way.replaceAll(' ', '-')}`);
          damage(join(state, name));
          const ended = await trial.scan(['--standalone', '--agent-timeout=3s', '--state-dir', state, home], {
            wall: 20,
          });
          const what = `${name} ${way}`;
          const isNew = announced(ended.stdout).includes(added);
          trial.check(
            (ended.code === 0 && isNew) ||
              ((ended.code === 73 || ended.code === 78) && saidWrong(ended).includes(name)),
            `${what}: ${howEnded(ended)}, new finding ${isNew ? '' : 'not '}announced; ${ended.stderr.slice(0, 120)}`,
          );
        }
      }
    },
  },
  {
    name: 'disk/missing files of the state',
    run: async (trial) => {
      const home = plant(trial, 20);
      const sound = trial.makeState('sound');
      await trial.scan(['--standalone', '--state-dir', sound, home]);
      const { rmSync } = await import('node:fs');
      for (const name of readdirSync(sound)) {
        const state = trial.copyState(sound, `m-${name}`);
        rmSync(join(state, name));
        const added = trial.write(`home/without-${name}.ini`, fakeLine(name));
        const ended = await trial.scan(['--standalone', '--state-dir', state, home]);
        trial.check(
          ended.code === 0 && announced(ended.stdout).includes(added),
          `without ${name}: ${howEnded(ended)}`,
        );
      }
    },
  },
];
