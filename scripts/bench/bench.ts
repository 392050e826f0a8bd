/**
 * What the scanner costs, beside its peers, on a corpus that it makes: `npm run bench`, `npm run bench -- --scaling`.
 * Figures for a person to read; no time fails anything. `README.md` beside this file says how to read them.
 *
 *   --rounds=5 --timeout=600 --slow=20 --skip=PEER --scaling --budget=300 --max-megabytes=4000
 *   --max-files=100000 --record
 */
import { copyFileSync, existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { executablePath } from '../../build/package.ts';
import { type Tools, compare, installed, whatIsFound } from './comparison.ts';
import { makeCorpus } from './corpus.ts';
import { describeMachine } from '../shared/machine.ts';
import { compileProgram } from './measurement.ts';
import { scale } from './scaling.ts';
import { record } from '../shared/record.ts';
import { count, megabytes } from '../shared/tables.ts';
import { warm } from './trees.ts';

const CACHE = 'dist/bench';
const README = join(import.meta.dirname, 'README.md');

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '5' },
    timeout: { type: 'string', default: '600' },
    slow: { type: 'string', default: '20' },
    skip: { type: 'string', multiple: true, default: [] },
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
// As it is deployed: pages of a file that was just linked are mapped in larger pieces, and count 18 MB more as resident.
mkdirSync(CACHE, { recursive: true });
copyFileSync(executablePath, installed);
const tools = findTools();
const corpus = makeCorpus(CACHE);
warm(corpus.root, corpus.files);
const size = `${count(corpus.files.length)} files, ${megabytes(corpus.bytes)}, digest ${corpus.digest.slice(0, 16)}`;
const found = await whatIsFound(CACHE, corpus.root);
const about = `Corpus: ${size}. ${found} Machine: ${describeMachine()}.`;
console.log(`${about}\n`);
const rounds = { rounds: number(values.rounds), timeout: number(values.timeout), slow: number(values.slow) };
const parts = values.scaling
  ? scale(tools, corpus, {
      ...rounds,
      budget: number(values.budget),
      maxBytes: number(values['max-megabytes']) * 1e6,
      maxFiles: number(values['max-files']),
    })
  : compare(tools, corpus, { ...rounds, skip: values.skip });
const shown = [about];
for (const part of parts) {
  console.log(`${part}\n`);
  shown.push(part);
}
if (values.record) await record(README, values.scaling ? 'scaling' : 'comparison', shown.join('\n\n'));
