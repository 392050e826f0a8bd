/**
 * The cost of a run when nothing has changed since the last one: a full run over a tree of small files, then
 * unchanged runs alternating with a `find -printf` of the attributes that show whether a file has changed, on the
 * same tree.
 */
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { plantable } from '../../fixtures/tokens.ts';
import { type Command, type Cost, type Rounds, measure } from './measurement.ts';
import { Random } from '../shared/random.ts';
import { count, megabytes, ratio, table } from '../shared/tables.ts';
import { type Tools, installed } from './tools.ts';

/** Limits of a tree: files per folder, and one file with a token among this many. */
const FILES_IN_FOLDER = 40;
const PLANTED_IN = 1000;
/** Milliseconds: files written this recently before a run are scanned again by the next one. */
const UNTIL_QUIET = 3000;

export interface RerunOptions extends Rounds {
  readonly files: number;
}

export interface Rerun {
  readonly table: string;
  /** Time of an unchanged run divided by that of `find -printf`. */
  readonly ratio: number;
  /** Maximum of a run, including the full one, in bytes. */
  readonly peak: number;
}

/** Creates the tree once: folders of any size, three deep, with files of 100 bytes to 8 kB. */
function makeTree(root: string, files: number): void {
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
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, UNTIL_QUIET);
}

/** @throws Error when a command fails */
export function measureRerun({ cache, measurer }: Tools, { files, ...rounds }: RerunOptions): Rerun {
  const root = resolve(cache, `rerun-${files}`);
  makeTree(root, files);
  const tree = join(root, 'tree');
  const state = join(root, 'state');
  rmSync(state, { recursive: true, force: true });
  const ours = (name: string): Command => ({
    name,
    file: installed,
    args: ['--standalone', `--state-dir=${state}`, tree],
  });
  const find: Command = {
    name: 'find -printf',
    file: 'find',
    args: [tree, '-printf', String.raw`%D %i %s %T@ %C@ %p\n`],
  };
  const once = { ...rounds, rounds: 1 };
  // Names and contents are in the page cache for all commands.
  measure(
    measurer,
    [{ name: 'grep', file: 'grep', args: ['-rc', 'no such words', tree], ok: [1] }, find],
    once,
  );
  const [full] = measure(measurer, [ours('full run')], once).values();
  const reruns = measure(measurer, [ours('unchanged run'), find], rounds);
  const [unchanged, beside] = [reruns.get('unchanged run'), reruns.get(find.name)];
  if (full === undefined || unchanged === undefined || beside === undefined)
    throw new Error('a command failed: there is nothing to compare');
  const row = ({ name, seconds, cpuSeconds, peak }: Cost) => [
    name,
    seconds.toFixed(2),
    cpuSeconds.toFixed(2),
    count(Math.round(files / seconds)),
    megabytes(peak),
    ratio(seconds / beside.seconds),
  ];
  return {
    table: table(
      [`${count(files)} files, with state`, 'seconds', 'CPU seconds', 'files/s', 'peak memory', 'by find'],
      [full, unchanged, beside].map(row),
    ),
    ratio: unchanged.seconds / beside.seconds,
    peak: Math.max(full.peak, unchanged.peak),
  };
}
