/**
 * What a user puts in the way of root: links in place of folders and files, at rest or exchanged while root looks. Root
 * must neither read, list, open nor overwrite what that user could not.
 */
import {
  chmodSync,
  chownSync,
  existsSync,
  linkSync,
  lstatSync,
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
function secretFolder(trial: Trial, files = 300): string {
  const folder = trial.makeFolder('root-only', { owner: 0, mode: 0o700 });
  for (let file = 0; file < files; file += 1)
    writeFileSync(join(folder, `f${file}.txt`), fakeLine(`root ${file}`));
  return folder;
}

/** Runs swap.py as the user. @returns once it is ready */
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
    // It has ended by itself.
  }
}

/** Scans as root with a report; counts what comes from `root-only`. */
async function scanAndCount(
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
        // The one that waits for an opening ends by itself; if nothing was opened, it must be ended.
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

const swaps: readonly Row[] = [
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
      // Behind the link there is a folder of the same name.
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

/** Roots that go through a user's link. */
const roots: readonly Row[] = (
  [
    [
      'a link in the middle of a root',
      (trial: Trial, secret: string) => {
        mkdirSync(join(secret, 'sub'));
        writeFileSync(join(secret, 'sub', 'x.txt'), fakeLine('sub'));
        const link = trial.path('u/link');
        symlinkSync(secret, link);
        return join(link, 'sub');
      },
    ],
    [
      'the root is a link',
      (trial: Trial, secret: string) => {
        const link = trial.path('u/link');
        symlinkSync(secret, link);
        return link;
      },
    ],
    [
      'the root is a link with a slash',
      (trial: Trial, secret: string) => {
        const link = trial.path('u/link');
        symlinkSync(secret, link);
        return `${link}/`;
      },
    ],
    [
      'the root is a link to a file',
      (trial: Trial, secret: string) => {
        const link = trial.path('u/link.txt');
        symlinkSync(join(secret, 'f1.txt'), link);
        return link;
      },
    ],
    [
      'two links in a root',
      (trial: Trial, secret: string) => {
        symlinkSync(dirname(secret), trial.path('u/one'));
        symlinkSync('one', trial.path('u/two'));
        return trial.path('u/two/root-only');
      },
    ],
  ] as const
).map(([name, make], index) => ({
  name: `links/${name}`,
  as: 'root',
  isShort: index < 2,
  run: async (trial) => {
    const secret = secretFolder(trial, 5);
    trial.makeFolder('u', { owner: USER_ID });
    const root = make(trial, secret);
    await ownLinks(trial);
    const { ended, leaked } = await scanAndCount(trial, [root], ['--strict']);
    trial.check(leaked === 0, `${leaked} findings from a folder of root alone`);
    trial.check(
      ended.limit === null && ended.code !== 0,
      `nothing was scanned, and the run says ${howEnded(ended)}`,
    );
    trial.measure(howEnded(ended));
  },
}));

/** Gives every link below `u` to the user. */
async function ownLinks(trial: Trial): Promise<void> {
  await (
    await launch(['chown', '-hR', `${USER_ID}`, trial.path('u')], trial.folder)
  ).ended;
}

/** What the report may not overwrite. */
const reports: readonly Row[] = (
  [
    [
      'in a linked folder',
      (trial: Trial, precious: string) => {
        symlinkSync(dirname(precious), trial.path('u/reports'));
        return trial.path('u/reports/r.json');
      },
    ],
    [
      'in a folder below a linked one',
      (trial: Trial, precious: string) => {
        symlinkSync(dirname(dirname(precious)), trial.path('u/up'));
        return trial.path('u/up/root-out/r.json');
      },
    ],
    [
      'onto a link',
      (trial: Trial, precious: string) => {
        symlinkSync(precious, trial.path('u/r.json'));
        return trial.path('u/r.json');
      },
    ],
    [
      'onto a hard link',
      (trial: Trial, precious: string) => {
        linkSync(precious, trial.path('u/r.json'));
        return trial.path('u/r.json');
      },
    ],
    [
      'onto a dangling link',
      (trial: Trial, precious: string) => {
        symlinkSync(`${precious}.new`, trial.path('u/r.json'));
        return trial.path('u/r.json');
      },
    ],
  ] as const
).map(([name, make], index) => ({
  name: `links/report ${name}`,
  as: 'root',
  isShort: index < 3,
  run: async (trial) => {
    trial.write('home/x.ini', fakeLine('report'), USER_ID);
    const out = trial.makeFolder('root-out', { owner: 0, mode: 0o700 });
    const precious = join(out, 'r.json');
    writeFileSync(precious, 'precious');
    trial.makeFolder('u', { owner: USER_ID });
    const report = make(trial, precious);
    await (
      await launch(
        [
          'chown',
          '-h',
          `${USER_ID}`,
          trial.path('u'),
          ...readdirSync(trial.path('u'))
            .map((each) => trial.path('u', each))
            .filter((each) => lstatSync(each).isSymbolicLink()),
        ],
        trial.folder,
      )
    ).ended;
    const ended = await trial.scan(['--dry-run', `--report=${report}`, trial.path('home')]);
    trial.check(
      readFileSync(precious, 'utf8') === 'precious',
      `the file of root was overwritten (${howEnded(ended)})`,
    );
    trial.check(
      readdirSync(out).join() === 'r.json',
      `new in the folder of root: ${readdirSync(out).join(', ')}`,
    );
    trial.check(ended.limit === null, howEnded(ended));
    const replaced = lstatSync(report, { throwIfNoEntry: false });
    const isReplaced = ended.code === 0 && replaced?.isFile() === true && replaced.nlink === 1;
    trial.check(ended.code === 73 || isReplaced, `neither refused nor replaced: ${howEnded(ended)}`);
    trial.measure(howEnded(ended));
  },
}));

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

/** State that must be refused, because somebody else can change what it is. */
const states: readonly Row[] = (
  [
    ['through a link with a slash', 'link/', undefined],
    ['through a link', 'link', undefined],
    ['below a link', 'link/new/state', undefined],
    ['owned by a user', 'own', USER_ID],
    ['below a folder of a user', 'parent/state', USER_ID],
    ['to be made below a folder of a user', 'fresh/new/state', USER_ID],
  ] as const
).map(([name, path], index) => ({
  name: `links/state ${name}`,
  as: 'root',
  isShort: index < 2 || index === 4,
  run: async (trial) => {
    trial.write('home/x.ini', fakeLine('state'), USER_ID);
    const target = trial.makeFolder('root-state', { owner: 0, mode: 0o700 });
    trial.makeFolder('u', { owner: USER_ID });
    trial.makeFolder('u/own', { owner: USER_ID, mode: 0o700 });
    trial.makeFolder('u/parent', { owner: USER_ID });
    trial.makeFolder('u/parent/state', { owner: 0, mode: 0o700 });
    trial.makeFolder('u/fresh', { owner: USER_ID });
    symlinkSync(target, trial.path('u/link'));
    const ended = await trial.scan([
      '--standalone',
      `--state-dir=${trial.path('u')}/${path}`,
      trial.path('home'),
    ]);
    trial.check(
      readdirSync(target).length === 0,
      `state in the folder of root: ${readdirSync(target).join(', ')}`,
    );
    trial.check(ended.code === 73 || ended.code === 78, `not refused: ${howEnded(ended)}`);
    const made = [
      ...readdirSync(trial.path('u/own')),
      ...readdirSync(trial.path('u/parent/state')),
      ...readdirSync(trial.path('u/fresh')),
    ];
    trial.check(made.length === 0, `made although it was refused: ${made.join(', ')}`);
    trial.measure(howEnded(ended));
  },
}));

/** Each file of the state directory replaced by something else; what it leads to must not change. */
const stateFiles: readonly Row[] = [
  {
    name: 'links/files of the state replaced',
    as: 'both',
    isShort: true,
    run: async (trial) => {
      trial.write('home/x.ini', fakeLine('state'), USER_ID);
      const victim = trial.write('victim', 'precious');
      if (trial.uid !== null) chownSync(victim, trial.uid, trial.uid);
      chmodSync(victim, 0o600);
      const first = trial.makeState('first');
      const made = await trial.scan(['--standalone', '--state-dir', first, trial.path('home')]);
      trial.check(made.code === 0, howEnded(made));
      const files = readdirSync(first);
      const names = trial.isShort
        ? files.filter((each) => each !== 'run.holder')
        : [...files, 'state.db-journal', 'state.db-wal'];
      const kinds = trial.isShort
        ? (['link'] as const)
        : (['link', 'hard link', 'FIFO', 'folder', '/dev/zero'] as const);
      for (const name of names) {
        for (const kind of kinds) {
          const state = trial.makeState(`s-${name}-${kind.replaceAll('/', '_')}`.replaceAll(' ', '-'));
          for (const each of files) {
            if (each === name) continue;
            writeFileSync(join(state, each), readFileSync(join(first, each)), { mode: 0o600 });
            if (trial.uid !== null) chownSync(join(state, each), trial.uid, trial.uid);
          }
          const path = join(state, name);
          if (kind === 'link') symlinkSync(victim, path);
          else if (kind === 'hard link') linkSync(victim, path);
          else if (kind === 'folder') mkdirSync(path);
          else if (kind === '/dev/zero') symlinkSync('/dev/zero', path);
          else await (await launch(['mkfifo', path], trial.folder)).ended;
          const ended = await trial.scan(
            ['--standalone', '--agent-timeout=2s', '--state-dir', state, trial.path('home')],
            { wall: 20 },
          );
          const what = `${name} as a ${kind}`;
          trial.check(
            readFileSync(victim, 'utf8') === 'precious',
            `${what}: the file behind was changed (${howEnded(ended)})`,
          );
          writeFileSync(victim, 'precious');
          trial.check(
            ended.limit === null && (ended.code === 0 || ended.code === 73 || ended.code === 78),
            `${what}: ${howEnded(ended)} ${ended.stderr.slice(0, 100)}`,
          );
        }
      }
    },
  },
];

export const links: readonly Row[] = [
  ...swaps,
  ...roots,
  ...reports,
  ...reportRaces,
  ...states,
  ...stateFiles,
];
