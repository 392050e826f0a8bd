/**
 * The scanner's cost compared with its peers, on a generated corpus: `npm run bench`, `npm run bench -- --scaling`,
 * `npm run bench:rerun` for a part of the first. The figures are for a person to read; no time fails anything.
 * `README.md` in this folder explains them.
 *
 *   --rounds=5 --timeout=600 --slow=20 --skip=PEER --rerun --rerun-files=200000 --scaling --budget=300
 *   --max-megabytes=4000 --max-files=100000 --record
 */
import { copyFileSync, existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { executablePath } from '../../build/package.ts';
import { compare, whatIsFound } from './comparison.ts';
import { type Corpus, makeCorpus } from './corpus.ts';
import { describeMachine } from '../shared/machine.ts';
import { compileProgram } from './measurement.ts';
import { measureRerun } from './rerun.ts';
import { scale } from './scaling.ts';
import { record } from '../shared/record.ts';
import { count, megabytes } from '../shared/tables.ts';
import { type Tools, installed } from './tools.ts';
import { warm } from './trees.ts';

const CACHE = 'dist/bench';
const README = join(import.meta.dirname, 'README.md');

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '5' },
    timeout: { type: 'string', default: '600' },
    slow: { type: 'string', default: '20' },
    skip: { type: 'string', multiple: true, default: [] },
    rerun: { type: 'boolean', default: false },
    'rerun-files': { type: 'string', default: '200000' },
    scaling: { type: 'boolean', default: false },
    budget: { type: 'string', default: '300' },
    'max-megabytes': { type: 'string', default: '4000' },
    'max-files': { type: 'string', default: '100000' },
    record: { type: 'boolean', default: false },
  },
});

function number(text: string): number {
  const value = Number(text);
  if (!Number.isFinite(value) || value <= 0) throw new RangeError(`not a number above 0: ${text}`);
  return value;
}

function findTools(): Tools {
  mkdirSync(CACHE, { recursive: true });
  const measurer = compileProgram(CACHE, 'measure');
  if (measurer === undefined) throw new Error('no C compiler (cc): nothing can be measured');
  return {
    cache: CACHE,
    measurer: join(process.cwd(), measurer),
    vectorscan: compileProgram(CACHE, 'vectorscan', ['-lhs']),
  };
}

if (!existsSync(executablePath)) throw new Error('there is no executable: npm run package');
// As it is deployed: pages of a file that was just linked are mapped in larger pieces, and count 18 MB more as
// resident.
mkdirSync(CACHE, { recursive: true });
copyFileSync(executablePath, installed);
const tools = findTools();
const rounds = { rounds: number(values.rounds), timeout: number(values.timeout), slow: number(values.slow) };
const rerunFiles = number(values['rerun-files']);

/** The parts of the report, each as soon as it is known. */
function* partsOfReport(corpus: Corpus): Generator<string, void, undefined> {
  const maxBytes = number(values['max-megabytes']) * 1e6;
  const maxFiles = number(values['max-files']);
  yield* values.scaling
    ? scale(tools, corpus, { ...rounds, budget: number(values.budget), maxBytes, maxFiles })
    : compare(tools, corpus, { ...rounds, skip: values.skip, rerunFiles });
}

if (values.rerun) {
  console.log(
    `Machine: ${describeMachine()}.\n\n${measureRerun(tools, { ...rounds, files: rerunFiles }).table}`,
  );
} else {
  const corpus = makeCorpus(CACHE);
  warm(corpus.root, corpus.files);
  const size = `${count(corpus.files.length)} files, ${megabytes(corpus.bytes)}, digest ${corpus.digest.slice(0, 16)}`;
  const found = await whatIsFound(CACHE, corpus.root);
  const shown = [`Corpus: ${size}. ${found} Machine: ${describeMachine()}.`];
  console.log(`${shown[0]}\n`);
  for (const part of partsOfReport(corpus)) {
    console.log(`${part}\n`);
    shown.push(part);
  }
  if (values.record) await record(README, values.scaling ? 'scaling' : 'comparison', shown.join('\n\n'));
}
