/**
 * Files whose content is elsewhere: on Linux they have a size without allocated blocks. They must not be read and
 * must be counted as skipped on purpose. They may be opened: below a root only local file systems that the kernel
 * serves are entered, and none of those fetches content at open.
 */
import {
  closeSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readFileSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { type Row, type Trial, hasProgram, howEnded } from './harness.ts';
import { fakeLine } from './tokens.ts';

function hollow(trial: Trial, name: string, bytes: number): string {
  const path = trial.path(name);
  mkdirSync(dirname(path), { recursive: true });
  const file = openSync(path, 'w');
  ftruncateSync(file, bytes);
  closeSync(file);
  return path;
}

const SIZES = [4097, 10_000, 1e6, 1e9];

export const placeholders: readonly Row[] = [
  {
    name: 'placeholders/are not read and are counted',
    isShort: true,
    skip: () => (hasProgram('strace') ? undefined : 'strace is not installed'),
    run: async (trial) => {
      const paths = SIZES.map((size) => hollow(trial, `home/hollow-${size}.ini`, size));
      paths.push(hollow(trial, 'home/.env', 20_000), hollow(trial, 'home/OneDrive/id_rsa', 20_000));
      const real = trial.write('home/real.ini', fakeLine('real'));
      trial.makeFolder('out');
      const report = trial.path('out/r.json');
      const trace = trial.path('out/trace');
      const ended = await trial.scan(['--dry-run', '--strict', `--report=${report}`, trial.path('home')], {
        prefix: [
          'strace',
          '-f',
          '-y',
          '-qq',
          '-e',
          'trace=read,pread64,readv,preadv,preadv2,mmap,sendfile',
          '-o',
          trace,
        ],
      });
      trial.check(
        statSync(paths[0] ?? '').blocks === 0,
        'this file system gives blocks to sparse files: nothing was tried',
      );
      const calls = readFileSync(trace, 'utf8');
      trial.check(/p?read.*real\.ini>/.test(calls), 'the trace does not show what is read');
      const touched = calls.split('\n').filter((line) => /hollow-|\.env>|id_rsa>/.test(line));
      trial.check(touched.length === 0, `${touched.length} reads: ${touched[0] ?? ''}`);
      // Skipped on purpose, so --strict does not fail.
      trial.check(ended.code === 0, howEnded(ended));
      const { unexamined = {}, skipped = {} } = trial.readReport(report)?.outcome.coverage ?? {};
      trial.check(
        skipped['not-on-this-machine'] === paths.length && Object.keys(unexamined).length === 0,
        `counted as ${JSON.stringify({ unexamined, skipped })}, there are ${paths.length}`,
      );
      trial.check(
        trial.readReport(report)?.outcome.findings.some(({ path }) => path === real) === true,
        'the real file was not scanned',
      );
    },
  },
  {
    name: 'placeholders/named as roots',
    run: async (trial) => {
      const path = hollow(trial, 'home/x.ini', 50_000);
      trial.makeFolder('out');
      const report = trial.path('out/r.json');
      const ended = await trial.scan(['--dry-run', `--report=${report}`, path]);
      const coverage = trial.readReport(report)?.outcome.coverage;
      trial.check(
        coverage?.files === 0 && JSON.stringify(coverage).includes('not-on-this-machine'),
        `${howEnded(ended)}: ${JSON.stringify(coverage)}`,
      );
    },
  },
  {
    name: 'placeholders/files with few blocks are scanned',
    isShort: true,
    run: async (trial) => {
      // Sparse files with some real text, a tiny file that a file system may store inline, an empty one.
      const path = hollow(trial, 'home/holes.ini', 3e6);
      const file = openSync(path, 'r+');
      writeFileSync(file, fakeLine('holes'));
      closeSync(file);
      trial.write('home/tiny.ini', fakeLine('tiny'));
      trial.write('home/empty.ini', '');
      trial.makeFolder('out');
      const report = trial.path('out/r.json');
      const ended = await trial.scan(['--dry-run', `--report=${report}`, trial.path('home')]);
      trial.check(ended.code === 0, howEnded(ended));
      const found = trial.readReport(report)?.outcome.findings.length ?? 0;
      trial.check(found >= 1, 'a tiny file was not scanned');
      trial.measure(`${found} of 2 findings`);
    },
  },
];
