/**
 * What a run costs when nothing has changed since the last one: `npm run bench:rerun`. A full run over a tree of small files,
 * then unchanged ones in turn with `find -printf` of what tells whether a file has changed, on the same tree.
 *
 *   --files=200000 --rounds=5 --workers=2
 */
import { copyFileSync, existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { executablePath } from '../../build/package.ts';
import { plantable } from '../../test/tokens.ts';
import { installed } from './comparison.ts';
import { describeMachine } from '../shared/machine.ts';
import { type Command, type Cost, compileProgram, measure } from './measurement.ts';
import { Random } from '../shared/random.ts';
import { count, megabytes, ratio, table } from '../shared/tables.ts';

const CACHE = 'dist/bench';
/** Of a tree: files in a folder at most, and one file with a token among so many. */
const FILES_IN_FOLDER = 40;
const PLANTED_IN = 1000;
/** Milliseconds: what was written within them before a run is scanned again by the next one. */
const UNTIL_QUIET = 3000;

const { values } = parseArgs({
  options: {
    files: { type: 'string', default: '200000' },
    rounds: { type: 'string', default: '5' },
    workers: { type: 'string', default: '2' },
  },
});
const files = Number(values.files);

/** Makes the tree once: folders of any size, three deep, with files of 100 bytes to 8 kB. */
function makeTree(root: string): void {
  if (existsSync(join(root, 'whole'))) return;
  rmSync(root, { recursive: true, force: true });
  const random = new Random('rerun');
  const text = Buffer.from('Setting = value of something, 12345; # and a remark\n'.repeat(160));
  for (let made = 0, folder = 0; made < files; folder += 1) {
    const path = join(root, 'tree', `${folder % 40}`, `${folder % 400}`, `folder-${folder}`);
    mkdirSync(path, { recursive: true });
    const here = Math.min(files - made, 1 + random.below(FILES_IN_FOLDER));
    for (let file = 0; file < here; file += 1, made += 1) {
      const token = made % PLANTED_IN === 0 ? plantable('github-classic-token', `${made}`) : '';
      const content = Buffer.concat([text.subarray(0, random.size(100, text.length)), Buffer.from(token)]);
      writeFileSync(join(path, `module-${file}.conf`), content);
    }
  }
  writeFileSync(join(root, 'whole'), '');
}

function row({ name, seconds, cpuSeconds, peak }: Cost, beside: Cost): string[] {
  return [
    name,
    seconds.toFixed(2),
    cpuSeconds.toFixed(2),
    count(Math.round(files / seconds)),
    megabytes(peak),
    ratio(seconds / beside.seconds),
  ];
}

if (!existsSync(executablePath)) throw new Error('there is no executable: npm run package');
mkdirSync(CACHE, { recursive: true });
copyFileSync(executablePath, installed);
const measurer = compileProgram(CACHE, 'measure');
if (measurer === undefined) throw new Error('no C compiler (cc): nothing can be measured');
const root = resolve(CACHE, `rerun-${files}`);
makeTree(root);
await new Promise((done) => {
  setTimeout(done, UNTIL_QUIET);
});

const tree = join(root, 'tree');
const state = join(root, 'state');
rmSync(state, { recursive: true, force: true });
const ours = (name: string): Command => ({
  name,
  file: installed,
  args: ['--standalone', `--state-dir=${state}`, `--workers=${values.workers}`, tree],
});
const find: Command = {
  name: 'find -printf',
  file: 'find',
  args: [tree, '-printf', '%D %i %s %T@ %C@ %p\\n'],
};
const limits = { slow: Infinity, timeout: 600 };
const run = (commands: readonly Command[], rounds: number) =>
  measure(resolve(measurer), commands, { ...limits, rounds });
// The page cache is warm of names and of contents for everybody.
run([{ name: 'grep', file: 'grep', args: ['-rc', 'no such words', tree], ok: [1] }, find], 1);
const costs = [
  ...run([ours('full run')], 1).values(),
  ...run([ours('unchanged run'), find], Number(values.rounds)).values(),
];
const beside = costs.find(({ name }) => name === find.name);
if (beside === undefined || costs.length < 3)
  throw new Error('a command failed: there is nothing to compare');
console.log(`${describeMachine()}\n${count(files)} files, ${values.workers} threads; medians\n`);
const head = ['', 'seconds', 'CPU seconds', 'files/s', 'peak RSS', 'of find'];
console.log(
  table(
    head,
    costs.map((cost) => row(cost, beside)),
  ),
);
