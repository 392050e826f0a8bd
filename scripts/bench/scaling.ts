/**
 * How the cost grows: with bytes, files, keywords and workers. It is linear if the column per byte, per file or per
 * word stays level from some size on, and memory does not grow. Ends within its time budget.
 */
import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { memoryTable } from './comparison.ts';
import type { Corpus } from './corpus.ts';
import { compareInMemory, makeSample } from './in-memory.ts';
import { type Command, type Cost, type Rounds, measure } from './measurement.ts';
import { count, megabytes, milliseconds, table } from '../shared/tables.ts';
import { type Tools, installed, ours } from './tools.ts';
import { type Tree, treeOfBytes, treeOfFiles } from './trees.ts';
import { wordList } from './words.ts';

const KEYWORDS = [10, 30, 100, 300, 1000];
const WORKERS = [1, 2, 4, 8];

export interface ScalingOptions extends Rounds {
  readonly maxBytes: number;
  readonly maxFiles: number;
  /** Seconds after which no further measurement is started. */
  readonly budget: number;
}

/** The parts of the report, in Markdown, each as soon as it is known. */
export function* scale(
  tools: Tools,
  corpus: Corpus,
  options: ScalingOptions,
): Generator<string, void, undefined> {
  const { cache } = tools;
  const ends = performance.now() + options.budget * 1000;
  const isCancelled = () => performance.now() > ends;
  const target = join(cache, 'trees/scaling');
  const { root, files } = corpus;

  const sample = makeSample(cache, corpus);
  const speeds = KEYWORDS.map((many) => compareInMemory(cache, sample, wordList(many), tools.vectorscan));
  yield memoryTable(speeds);
  yield workersTable(tools, corpus, options);
  const trees = {
    bytes: powers(1e6, options.maxBytes).map((bytes) => () => treeOfBytes(target, root, files, bytes)),
    files: powers(10, options.maxFiles).map((many) => () => treeOfFiles(target, root, files, many)),
  };
  for (const [dimension, makers] of Object.entries(trees)) {
    const rows: string[][] = [];
    for (const make of makers) {
      if (isCancelled()) break;
      const tree = make();
      const [cost] = measure(tools.measurer, [ours(tree.root)], options).values();
      if (cost !== undefined) rows.push(row(tree, cost));
    }
    yield table([`by ${dimension}: files`, 'bytes', 'time', 'per byte', 'per file', 'peak memory'], rows);
    if (rows.length < makers.length) yield `The budget of ${options.budget} s ended before the larger ones.`;
  }
  rmSync(target, { recursive: true, force: true });
}

function row({ files, bytes }: Tree, { seconds, peak }: Cost): string[] {
  return [
    count(files),
    megabytes(bytes),
    milliseconds(seconds),
    `${((seconds / bytes) * 1e9).toFixed(2)} ns`,
    `${((seconds / files) * 1e6).toFixed(1)} µs`,
    megabytes(peak),
  ];
}

function workersTable({ measurer }: Tools, corpus: Corpus, options: ScalingOptions): string {
  const help = spawnSync(installed, ['--help'], { encoding: 'utf8', timeout: 30_000 }).stdout;
  if (!help.includes('--workers')) return 'By workers: skipped, the executable has no --workers.';
  const commands = WORKERS.map((workers): Command => {
    const command = ours(corpus.root, [`--workers=${workers}`]);
    return { ...command, name: String(workers) };
  });
  const costs = measure(measurer, commands, options);
  return table(
    ['by workers, whole corpus', 'time', 'CPU', 'peak memory'],
    Array.from(costs.values(), ({ name, seconds, cpuSeconds, peak }) => [
      name,
      milliseconds(seconds),
      milliseconds(cpuSeconds),
      megabytes(peak),
    ]),
  );
}

/** From `least`, multiplied by ten each time, and `most` at the end. */
function powers(least: number, most: number): number[] {
  const values: number[] = [];
  for (let value = least; value < most; value *= 10) values.push(value);
  return [...values, most];
}
