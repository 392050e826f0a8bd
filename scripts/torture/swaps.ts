/**
 * Folders and files that a user replaces by links, FIFOs and devices while root accesses them: root must neither
 * read, list nor open what that user could not, and must not write a report to the link's target.
 */
import {
  chownSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { type Ended, type Row, type Trial, USER_ID, hasProgram, howEnded, launch, sleep } from './harness.ts';
import { fakeLine } from './tokens.ts';

const SWAP = join(import.meta.dirname, 'swap.py');

/** A folder that only root may open, with a finding in each file. */
export function secretFolder(trial: Trial, files = 300): string {
  const folder = trial.makeFolder('root-only', { owner: 0, mode: 0o700 });
  for (let file = 0; file < files; file += 1)
    writeFileSync(join(folder, `f${file}.txt`), fakeLine(`root ${file}`));
  return folder;
}

/** Runs swap.py as the user. @returns when it is ready */
async function startSwap(
  trial: Trial,
  args: readonly string[],
): Promise<{ readonly count: () => Promise<number>; readonly end: () => void }> {
  const { output, pid, ended } = await launch(['python3', SWAP, ...args], trial.folder, {
    uid: USER_ID,
    wall: 90,
  });
  for (let wait = 0; wait < 400 && !output.stdout.includes('ready'); wait += 1) await sleep(25);
  if (!output.stdout.includes('ready')) throw new Error(`swap.py: ${output.stderr || 'never ready'}`);
  return {
    end: () => kill(pid),
    count: async () => {
      const { stdout } = await ended;
      return Number(/swapped (\d+)/.exec(stdout)?.[1] ?? 0);
    },
  };
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has already ended.
  }
}

/** Scans as root with a report; counts the findings from `root-only`. */
export async function scanAndCount(
  trial: Trial,
  roots: readonly string[],
  extra: readonly string[] = [],
): Promise<{ readonly ended: Ended; readonly leaked: number }> {
  const out = trial.makeFolder('out', { owner: 0, mode: 0o700 });
  const report = join(out, 'r.json');
  const ended = await trial.scan(['--dry-run', `--report=${report}`, ...extra, ...roots]);
  const counts = trial.readReport(report)?.outcome.findingCount ?? {};
  return { ended, leaked: Object.values(counts).reduce((sum, each) => sum + each, 0) };
}

/** A user's folder with harmless files and folders. */
function userFolder(trial: Trial, name: string, files: number): string {
  const folder = trial.makeFolder(name, { owner: USER_ID });
  for (let file = 0; file < files; file += 1) trial.write(`${name}/f${file}.txt`, `hello ${file}\n`, USER_ID);
  return folder;
}

/** `on-open` and `spin` on a folder below the root, or on the folder above it. */
function swapRow(
  name: string,
  {
    rounds,
    shortRounds,
    prepare,
  }: {
    rounds: number;
    shortRounds?: number;
    prepare: (
      trial: Trial,
      secret: string,
      round: number,
    ) => { root: string; swap: readonly string[]; args?: readonly string[] };
  },
): Row {
  return {
    name: `links/${name}`,
    as: 'root',
    isShort: shortRounds !== undefined,
    run: async (trial) => {
      const secret = secretFolder(trial);
      const times = trial.isShort ? (shortRounds ?? 1) : rounds;
      let swaps = 0;
      let happened = 0;
      let leaked = 0;
      for (let round = 0; round < times; round += 1) {
        const { root, swap, args } = prepare(trial, secret, round);
        const running = await startSwap(trial, swap);
        const result = await scanAndCount(trial, [root], args);
        // The one that waits for an open call ends by itself; if nothing was opened, it must be killed.
        const timer = setTimeout(running.end, 3000);
        const count = await running.count();
        clearTimeout(timer);
        swaps += count;
        if (count > 0) happened += 1;
        leaked += result.leaked;
        trial.check(
          result.leaked === 0,
          `round ${round}: ${result.leaked} findings from a folder of root alone`,
        );
        trial.check(result.ended.limit === null, `round ${round}: ${howEnded(result.ended)}`);
      }
      trial.check(happened > 0, 'no exchange took place: nothing was tried');
      trial.measure(`${swaps} exchanges in ${times} rounds, ${leaked} findings leaked`);
    },
  };
}

const folders: readonly Row[] = [
  swapRow('a folder is exchanged as it is opened', {
    rounds: 8,
    shortRounds: 2,
    prepare: (trial, secret, round) => {
      const folder = userFolder(trial, `u${round}/d`, 500);
      chownSync(dirname(folder), USER_ID, USER_ID);
      return {
        root: dirname(folder),
        swap: ['link', secret, `${folder}.lnk`, 'on-open', folder, `${folder}.lnk`],
      };
    },
  }),
  swapRow('a folder is exchanged as its first file is opened', {
    rounds: 5,
    prepare: (trial, secret, round) => {
      const folder = userFolder(trial, `u${round}/d`, 500);
      chownSync(dirname(folder), USER_ID, USER_ID);
      return {
        root: dirname(folder),
        args: ['--workers=1'],
        swap: ['link', secret, `${folder}.lnk`, 'on-any', folder, `${folder}.lnk`],
      };
    },
  }),
  swapRow('a folder above is exchanged as one below is opened', {
    rounds: 5,
    prepare: (trial, secret, round) => {
      const upper = trial.makeFolder(`u${round}/upper`, { owner: USER_ID });
      chownSync(dirname(upper), USER_ID, USER_ID);
      userFolder(trial, `u${round}/upper/d`, 500);
      // Behind the link there is a folder with the same name.
      const behind = trial.makeFolder('behind', { owner: 0, mode: 0o700 });
      if (!existsSync(join(behind, 'd'))) symlinkSync(secret, join(behind, 'd'));
      mkdirSync(join(behind, 'real'), { recursive: true });
      return {
        root: dirname(upper),
        swap: ['link', behind, `${upper}.lnk`, 'on-any', join(upper, 'd'), `${upper}.lnk`, upper],
      };
    },
  }),
  swapRow('a folder is exchanged again and again', {
    rounds: 6,
    shortRounds: 1,
    prepare: (trial, secret, round) => {
      for (let folder = 0; folder < 40; folder += 1) userFolder(trial, `u${round}/d/${folder}`, 25);
      const folder = trial.path(`u${round}/d`);
      chownSync(folder, USER_ID, USER_ID);
      chownSync(dirname(folder), USER_ID, USER_ID);
      return {
        root: dirname(folder),
        swap: ['link', secret, `${folder}.lnk`, 'spin', folder, `${folder}.lnk`, '2'],
      };
    },
  }),
  swapRow('a file is exchanged for a link again and again', {
    rounds: 6,
    shortRounds: 1,
    prepare: (trial, secret, round) => {
      const folder = userFolder(trial, `u${round}`, 300);
      const file = join(folder, 'f150.txt');
      return {
        root: folder,
        swap: ['link', join(secret, 'f1.txt'), `${file}.lnk`, 'spin', file, `${file}.lnk`, '2'],
      };
    },
  }),
  swapRow('the root itself is exchanged again and again', {
    rounds: 4,
    prepare: (trial, secret, round) => {
      const folder = userFolder(trial, `u${round}/d`, 300);
      chownSync(dirname(folder), USER_ID, USER_ID);
      return { root: folder, swap: ['link', secret, `${folder}.lnk`, 'spin', folder, `${folder}.lnk`, '2'] };
    },
  }),
  {
    name: 'links/a file is exchanged for a FIFO again and again',
    as: 'root',
    isShort: true,
    run: async (trial) => {
      for (let round = 0; round < (trial.isShort ? 1 : 4); round += 1) {
        const folder = userFolder(trial, `u${round}`, 300);
        const file = join(folder, 'f150.txt');
        await (
          await launch(['mkfifo', `${file}.fifo`], trial.folder, { uid: USER_ID })
        ).ended;
        const running = await startSwap(trial, ['spin', file, `${file}.fifo`, '3']);
        const ended = await trial.scan(['--dry-run', folder], { wall: 20 });
        trial.check(ended.limit === null, `round ${round}: ${howEnded(ended)}`);
        running.end();
      }
    },
  },
  {
    name: 'links/no device is opened behind a link',
    as: 'root',
    skip: () => (hasProgram('strace') ? undefined : 'strace is not installed'),
    run: async (trial) => {
      const rounds = 3;
      for (let round = 0; round < rounds; round += 1) {
        const folder = userFolder(trial, `u${round}/d`, 400);
        for (const name of ['console', 'kmsg', 'ptmx', 'mem', 'random', 'tty']) {
          trial.write(`u${round}/d/${name}`, 'hello\n', USER_ID);
        }
        chownSync(dirname(folder), USER_ID, USER_ID);
        const running = await startSwap(trial, [
          'link',
          '/dev',
          `${folder}.lnk`,
          'spin',
          folder,
          `${folder}.lnk`,
          '12',
        ]);
        const trace = trial.path(`trace${round}`);
        const ended = await trial.scan(['--dry-run', '--workers=1', dirname(folder)], {
          prefix: ['strace', '-f', '-y', '-qq', '-e', 'trace=open,openat,openat2', '-o', trace],
          wall: 40,
        });
        running.end();
        trial.check(ended.limit === null, howEnded(ended));
        const opened = readFileSync(trace, 'utf8').matchAll(
          /, "(?!\/dev\/)[^"]*", .*= \d+<(\/dev\/(?:console|kmsg|ptmx|mem|random|tty)[^>]*)>/g,
        );
        const names = [...new Set([...opened].map(([, name]) => name))];
        trial.check(names.length === 0, `opened ${names.join(', ')}`);
      }
    },
  },
];

const reportRaces: readonly Row[] = [
  {
    name: 'links/report into a folder that is exchanged',
    as: 'root',
    run: async (trial) => {
      trial.write('home/x.ini', fakeLine('report'), USER_ID);
      const out = trial.makeFolder('root-out', { owner: 0, mode: 0o700 });
      const rounds = 8;
      for (let round = 0; round < rounds; round += 1) {
        trial.makeFolder(`u${round}`, { owner: USER_ID });
        const folder = trial.makeFolder(`u${round}/reports`, { owner: USER_ID });
        const running = await startSwap(trial, [
          'link',
          out,
          `${folder}.lnk`,
          'spin',
          folder,
          `${folder}.lnk`,
          '3',
        ]);
        const ended = await trial.scan(['--dry-run', `--report=${folder}/r.json`, trial.path('home')]);
        running.end();
        trial.check(
          readdirSync(out).length === 0,
          `written into the folder of root: ${readdirSync(out).join(', ')} (${howEnded(ended)})`,
        );
      }
    },
  },
];

export const swaps: readonly Row[] = [...folders, ...reportRaces];
