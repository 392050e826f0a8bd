/**
 * The prefilter alone, on text in memory: ours and Vectorscan, on the same words, the same text and the same
 * blocks, alternating. Both must find the same number of occurrences.
 */
import { spawnSync } from 'node:child_process';
import { closeSync, existsSync, openSync, readFileSync, readSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadTools } from '../../src/scan/task-build.ts';
import type { Corpus } from './corpus.ts';
import { median } from './measurement.ts';
import { Random } from '../shared/random.ts';
import { type Word, productWords, wordsInHex } from './words.ts';

const { contentKind, createPrefilter, keywordPlan, toWord } = await loadTools();

const MB = 1024 * 1024;
const SAMPLE_BYTES = 64 * MB;
/** What is searched in one call. */
const BLOCK = MB;
/** Maximum number of bytes from one file, so that the sample includes many. */
const MOST_OF_A_FILE = MB;

export interface Speed {
  readonly words: number;
  /** Bytes per second. */
  readonly ours: number;
  /** Undefined where there is no Vectorscan. */
  readonly vectorscan: number | undefined;
  readonly hits: number;
  /** Whether both found the same. */
  readonly agrees: boolean;
}

/**
 * Prepares our prefilter: the only call of the engine. A block is put where the scanner reads files to, which is
 * not timed, since nothing is copied there in a scan; then it is searched.
 * @returns one pass over a block: seconds and occurrences
 */
function prepare(words: readonly Word[]): (block: Buffer) => { seconds: number; hits: number } {
  // The stored plan is for the product's words; plans for others are computed here.
  const plan = words === productWords ? keywordPlan : undefined;
  const prefilter = createPrefilter(
    words.map(({ text, caseless }) => toWord(text, caseless)),
    { capacity: BLOCK, plan },
  );
  return (block) => {
    block.copy(prefilter.memory);
    let hits = 0;
    const began = performance.now();
    prefilter.search(0, block.length, () => {
      hits += 1;
    });
    return { seconds: (performance.now() - began) / 1000, hits };
  };
}

/** A representative sample of the corpus's text files in one file of 64 MiB. @returns its path */
export function makeSample(cache: string, { root, files, digest }: Corpus): string {
  const path = join(cache, `sample-${digest.slice(0, 16)}`);
  if (existsSync(path)) return path;
  const sample = Buffer.alloc(SAMPLE_BYTES);
  let length = 0;
  for (const file of new Random('sample').shuffled(files)) {
    if (length === SAMPLE_BYTES) break;
    const room = Math.min(MOST_OF_A_FILE, SAMPLE_BYTES - length);
    const descriptor = openSync(join(root, file.path), 'r');
    const count = readSync(descriptor, sample, length, room, 0);
    closeSync(descriptor);
    if (contentKind(sample, length, count) === 'utf-8') length += count;
  }
  writeFileSync(path, sample);
  return path;
}

/** A pass takes milliseconds, so other load on the machine affects it more than a run of seconds. */
const ROUNDS = 15;

/** The speed on these words; `vectorscan` is the compiled program. */
export function compareInMemory(
  cache: string,
  sample: string,
  words: readonly Word[],
  vectorscan: string | undefined,
): Speed {
  const list = join(cache, 'words.hex');
  writeFileSync(list, wordsInHex(words));
  const bytes = readFileSync(sample);
  const blocks = Array.from({ length: Math.ceil(bytes.length / BLOCK) }, (_, index) =>
    bytes.subarray(index * BLOCK, (index + 1) * BLOCK),
  );
  const search = prepare(words);
  const pass = () => {
    const total = { seconds: 0, hits: 0 };
    for (const block of blocks) {
      const { seconds, hits } = search(block);
      total.seconds += seconds;
      total.hits += hits;
    }
    return total;
  };
  let { hits } = pass();
  const ours: number[] = [];
  const theirs: number[] = [];
  let agrees = true;
  for (let round = 0; round < ROUNDS; round += 1) {
    const mine = pass();
    hits = mine.hits;
    ours.push(mine.seconds);
    if (vectorscan === undefined) continue;
    const other = vectorscanPass(vectorscan, list, sample);
    agrees &&= other.hits === hits;
    theirs.push(other.seconds);
  }
  return {
    words: words.length,
    ours: bytes.length / median(ours),
    vectorscan: theirs.length === 0 ? undefined : bytes.length / median(theirs),
    hits,
    agrees,
  };
}

/** The result of its second pass; the first one warms it up. */
function vectorscanPass(program: string, list: string, sample: string): { seconds: number; hits: number } {
  const { status, stdout, stderr } = spawnSync(program, [list, sample, String(BLOCK), '2'], {
    encoding: 'utf8',
    timeout: 120_000,
  });
  if (status !== 0) throw new Error(stderr);
  const [seconds = Number.NaN, hits = Number.NaN] = (stdout.trim().split('\n').at(-1) ?? '')
    .split(' ')
    .map(Number);
  return { seconds, hits };
}
