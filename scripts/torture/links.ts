/**
 * Static obstacles that a user prepares for root: links in roots, reports and state, and in place of files of
 * the state.
 */
import {
  chmodSync,
  chownSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { type Row, type Trial, USER_ID, howEnded, launch } from './harness.ts';
import { scanAndCount, secretFolder, swaps } from './swaps.ts';
import { fakeLine } from './tokens.ts';

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

/** Targets that the report must not overwrite. */
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

/** State that must be refused, because another user can change it. */
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

/** Each file of the state directory replaced by something else; the target of a link must not change. */
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

export const links: readonly Row[] = [...swaps, ...roots, ...reports, ...states, ...stateFiles];
