/**
 * The default run: the packed executable compared with its peers on one corpus, and with its goals.
 */
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { loadTools } from '../../src/scan/task-build.ts';
import type { Corpus } from './corpus.ts';
import { type Measured, goalHead, goalRows } from './goals.ts';
import { type Speed, compareInMemory, makeSample } from './in-memory.ts';
import { type Command, type Cost, type Rounds, measure } from './measurement.ts';
import { findPeers, versionOf } from './peers.ts';
import { measureRerun } from './rerun.ts';
import { OURS, type Tools, ours } from './tools.ts';
import { count, megabytes, milliseconds, ratio, speed, table } from '../shared/tables.ts';
import { treeOfBytes } from './trees.ts';
import { productWords, wordList, wordsForRipgrep } from './words.ts';

const { readReport } = await loadTools();

const RIPGREP = 'rg, the same words';
const BARE_NODE = 'node -e 0';
/** A start is short: more rounds cost little and improve the result. */
const SMALL_ROUNDS = 21;
const SMALL_BYTES = 10e6;
/** Maximum number of records of a run. */
const LOG_BYTES = 256e6;
/** The subject of the goal. */
const MANY_WORDS = 300;

export interface ComparisonOptions extends Rounds {
  /** Names of peers to skip. */
  readonly skip: readonly string[];
  /** Number of files of the tree that is scanned again unchanged. */
  readonly rerunFiles: number;
}

/**
 * One run that is not measured: it warms up the executable, and verifies that it works.
 * @throws Error when the run fails.
 */
export async function whatIsFound(cache: string, tree: string): Promise<string> {
  const report = join(cache, 'report.json');
  const { file, args } = ours(tree, [`--report=${report}`]);
  const { status, stderr } = spawnSync(file, args, {
    encoding: 'utf8',
    timeout: 600_000,
    maxBuffer: LOG_BYTES,
  });
  if (status !== 0) throw new Error(`${OURS} ended with ${status}: ${stderr.slice(-1000)}`);
  const { findingCount, coverage } = (await readReport(report)).outcome;
  const findings = Object.values(findingCount).reduce((sum, many) => sum + many, 0);
  return `Found by ${OURS}: ${count(findings)} in ${count(coverage.files)} files, ${megabytes(coverage.bytes)} read.`;
}

/** The parts of the report, in Markdown, each as soon as it is known. */
export function* compare(
  tools: Tools,
  corpus: Corpus,
  options: ComparisonOptions,
): Generator<string, void, undefined> {
  const { cache, measurer } = tools;
  const peers = new Map(Array.from(findPeers(cache)).filter(([name]) => !options.skip.includes(name)));

  const speeds = inMemory(tools, corpus);
  yield memoryTable(speeds);

  const here = [...peers.values()].filter((peer) => peer !== undefined);
  const theirs = here.map(({ command }) => command(resolve(corpus.root)));
  const costs = measure(measurer, [ours(corpus.root), ...baselines(cache, corpus.root), ...theirs], options);
  yield costTable(`whole tree, ${count(corpus.files.length)} files, ${megabytes(corpus.bytes)}`, costs);

  const small = treeOfBytes(join(cache, 'trees/small'), corpus.root, corpus.files, SMALL_BYTES);
  const bare: Command = { name: BARE_NODE, file: process.execPath, args: ['-e', '0'] };
  const smallRounds = { ...options, rounds: SMALL_ROUNDS };
  const smallCosts = measure(measurer, [ours(small.root), bare], smallRounds);
  yield costTable(`small tree, ${count(small.files)} files, ${megabytes(small.bytes)}`, smallCosts);

  const rerun = measureRerun(tools, { ...options, files: options.rerunFiles });
  yield rerun.table;

  const absent = [...peers].filter(([, peer]) => peer === undefined).map(([name]) => name);
  if (tools.vectorscan === undefined) absent.push('Vectorscan');
  const versions = here.map(({ name, version }) => `${name} ${version}`);
  versions.unshift(versionOf('rg', ['--version']) ?? 'no ripgrep');
  yield `Peers: ${versions.join(', ')}. Absent: ${absent.join(', ') || 'none'}.`;

  const peaks = [costs, smallCosts].flatMap((all) => all.get(OURS)?.peak ?? []).concat(rerun.peak);
  const [rules, many] = speeds;
  const measured: Measured = {
    prefilter: rules?.vectorscan === undefined ? undefined : rules.ours / rules.vectorscan,
    prefilter300: many?.ours,
    wholeTree: times(costs, OURS, RIPGREP),
    kingfisher: times(costs, 'kingfisher', OURS),
    gitleaks: times(costs, 'gitleaks', OURS),
    secretlint: times(costs, 'secretlint', OURS),
    unchangedRerun: rerun.ratio,
    peak: Math.max(...peaks),
    smallTree: times(smallCosts, OURS, BARE_NODE),
  };
  yield table(goalHead, goalRows(measured));
}

/** Lower bounds: other programs' search for the same words, and for nothing; a walk. */
function baselines(cache: string, tree: string): Command[] {
  const { flags, lines } = wordsForRipgrep(productWords);
  const list = join(cache, 'words.txt');
  writeFileSync(list, lines);
  // Everything is read and every line with a word is found and counted, with minimal output.
  const all = ['--no-config', '--no-ignore', '--hidden', '--count'];
  return [
    { name: RIPGREP, file: 'rg', args: [...all, ...flags, '--file', list, tree], ok: [0, 1] },
    {
      name: 'rg, an absent word',
      file: 'rg',
      args: [...all, '--fixed-strings', absentWord(), tree],
      ok: [0, 1],
    },
    { name: 'find -printf', file: 'find', args: [tree, '-printf', String.raw`%p %s %T@ %C@ %i\n`] },
  ];
}

/** Not written literally here, so that a tree that contains this file does not contain it. */
function absentWord(): string {
  return ['Zq', 'xV', 'jk', 'Wp'].join('~');
}

function inMemory({ cache, vectorscan }: Tools, corpus: Corpus): Speed[] {
  const sample = makeSample(cache, corpus);
  return [productWords, wordList(MANY_WORDS)].map((words) =>
    compareInMemory(cache, sample, words, vectorscan),
  );
}

export function memoryTable(speeds: readonly Speed[]): string {
  return table(
    ['in memory, one thread: words', 'ours', 'Vectorscan', 'ours by it', 'found', 'both found the same'],
    speeds.map((each) => [
      count(each.words),
      speed(each.ours),
      each.vectorscan === undefined ? 'absent' : speed(each.vectorscan),
      each.vectorscan === undefined ? '-' : ratio(each.ours / each.vectorscan),
      count(each.hits),
      each.vectorscan === undefined ? '-' : each.agrees ? 'yes' : 'NO',
    ]),
  );
}

function costTable(title: string, costs: ReadonlyMap<string, Cost>): string {
  const base = costs.get(OURS)?.seconds ?? Number.NaN;
  return table(
    [title, 'time', 'by ours', 'CPU', 'peak memory', 'rounds'],
    Array.from(costs.values(), ({ name, seconds, cpuSeconds, peak, rounds }) => [
      name,
      milliseconds(seconds),
      ratio(seconds / base),
      milliseconds(cpuSeconds),
      megabytes(peak),
      String(rounds),
    ]),
  );
}

function times(costs: ReadonlyMap<string, Cost>, one: string, other: string): number | undefined {
  const [above, below] = [costs.get(one)?.seconds, costs.get(other)?.seconds];
  return above === undefined || below === undefined ? undefined : above / below;
}
