/**
 * Trees that a user creates so that another user's findings are missed or confused: files under lease or growing
 * endlessly, slow files that use up the time, names that become equal after decoding or redaction, odd times.
 */
import { statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  OTHER_ID,
  type Row,
  type Trial,
  USER_ID,
  announced,
  howEnded,
  isRoot,
  launch,
  recordsIn,
  sleep,
} from './harness.ts';
import { fakeLine, vendorTokens } from './tokens.ts';

/** Runs a Python snippet as the user until the row ends. @returns when it has printed "ready" */
async function python(trial: Trial, code: string, args: readonly string[]): Promise<void> {
  const { pid, output, ended } = await launch(['python3', '-c', code, ...args], trial.folder, {
    uid: isRoot ? USER_ID : null,
    wall: 200,
  });
  trial.cleanUp(async () => {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It has already ended.
    }
    await ended;
  });
  for (let wait = 0; wait < 400 && !output.stdout.includes('ready'); wait += 1) await sleep(25);
  if (!output.stdout.includes('ready')) throw new Error(`python3: ${output.stderr}`);
}

const LEASES = `
import fcntl, signal, sys, time
signal.signal(signal.SIGIO, signal.SIG_IGN)
files = [open(path, 'r+b') for path in sys.argv[1:]]
for file in files: fcntl.fcntl(file, 1024, fcntl.F_WRLCK)
print('ready', flush=True)
time.sleep(180)
`;

const GROWING = `
import sys
file = open(sys.argv[1], 'ab', buffering=0)
block = b'lorem ipsum dolor sit amet\\n' * 40000
limit = 6_000_000_000
written = 0
print('ready', flush=True)
while written < limit:
    written += file.write(block)
    if written % 300_000_000 < len(block): file.truncate(0)
`;

const FLICKERING = `
import os, sys, time
folder = sys.argv[1]
print('ready', flush=True)
end = time.monotonic() + 12
number = 0
while time.monotonic() < end:
    number += 1
    for kind in range(20):
        path = f'{folder}/x{number}-{kind}'
        os.mkdir(path) if kind % 2 else open(path, 'w').close()
    for kind in range(20):
        path = f'{folder}/x{number}-{kind}'
        os.rename(path, path + 'r')
        os.rmdir(path + 'r') if kind % 2 else os.unlink(path + 'r')
`;

/**
 * Short runs, before each of which these files are touched: two files `prod.env` must be found within six of
 * them.
 */
async function findBoth(
  trial: Trial,
  touched: readonly string[],
  check: (ended: Awaited<ReturnType<Trial['scan']>>) => void,
): Promise<void> {
  const state = ['--state-dir', trial.makeState()];
  const args = ['--standalone', '--max-duration=4s', '--workers=1', ...state, trial.path('home')];
  let runs = 0;
  const found = new Set<string>();
  while (found.size < 2 && runs < 6) {
    runs += 1;
    const now = new Date();
    for (const file of touched) utimesSync(file, now, now);
    const ended = await trial.scan(args);
    check(ended);
    for (const path of announced(ended.stdout)) if (path.endsWith('prod.env')) found.add(path);
  }
  trial.check(found.size === 2, `${found.size} of 2 found in ${runs} runs`);
  trial.measure(`both found after ${runs} runs`);
}

export const trees: readonly Row[] = [
  {
    name: 'trees/files under a lease',
    isShort: true,
    run: async (trial) => {
      const owner = isRoot ? USER_ID : undefined;
      const leased = Array.from({ length: 30 }, (_, file) =>
        trial.write(`home/a/f${file}.ini`, fakeLine(`lease ${file}`), owner),
      );
      trial.write('home/z/real.ini', fakeLine('beside leases'));
      trial.makeFolder('out');
      await python(trial, LEASES, leased);
      const report = trial.path('out/r.json');
      const ended = await trial.scan(['--dry-run', '--strict', `--report=${report}`, trial.path('home')], {
        wall: 30,
      });
      const outcome = trial.readReport(report)?.outcome;
      const found = outcome?.findings.length ?? 0;
      const gaps = Object.values(outcome?.coverage.unexamined ?? {}).reduce((sum, each) => sum + each, 0);
      trial.check(
        ended.limit === null && ended.wallSeconds < 10,
        `waits for leases: ${ended.wallSeconds.toFixed(1)} s, ${howEnded(ended)}`,
      );
      trial.check(
        found + gaps === leased.length + 1,
        `${found} found and ${gaps} counted as not scanned, of ${leased.length + 1}`,
      );
      trial.check(
        outcome?.findings.some(({ path }) => path.endsWith('real.ini')) === true,
        'the file beside them was not scanned',
      );
      trial.measure(`${ended.wallSeconds.toFixed(1)} s, ${gaps} not scanned`);
    },
  },
  {
    name: 'trees/a file that grows without end',
    run: async (trial) => {
      const folder = trial.makeFolder('home', isRoot ? { owner: USER_ID } : {});
      trial.write('home/z.ini', fakeLine('beside growth'));
      await python(trial, GROWING, [join(folder, 'grows.log')]);
      await sleep(300);
      const ended = await trial.scan(['--dry-run', trial.path('home')], { wall: 40 });
      trial.check(ended.code === 0, howEnded(ended));
      trial.check(ended.stdout.includes('z.ini'), 'the file beside it was not scanned');
      trial.check(ended.peakMb <= 200, `${Math.round(ended.peakMb)} MB`);
    },
  },
  {
    name: 'trees/entries that come and go',
    run: async (trial) => {
      const folder = trial.makeFolder('home/u', isRoot ? { owner: USER_ID } : {});
      for (let file = 0; file < 300; file += 1)
        trial.write(`home/u/f${file}.ini`, fakeLine(`flicker ${file}`));
      trial.write('home/z.ini', fakeLine('beside'));
      await python(trial, FLICKERING, [folder]);
      const args = ['--standalone', '--state-dir', trial.makeState(), trial.path('home')];
      const seen: string[] = [];
      for (let round = 0; round < 5; round += 1) {
        const ended = await trial.scan(args);
        trial.check(ended.code === 0, howEnded(ended));
        seen.push(...announced(ended.stdout));
        const resolved = recordsIn(ended.stdout).filter(({ event }) => event === 'scan.finding-resolved');
        trial.check(resolved.length === 0, `${resolved.length} findings count as gone`);
      }
      trial.check(
        seen.length === 301 && new Set(seen).size === 301,
        `${seen.length} announcements for 301 findings`,
      );
    },
  },
  {
    name: 'trees/slow files starve no other folder',
    run: async (trial) => {
      const files = Array.from({ length: 12 }, (_, file) =>
        trial.write(`home/a/f${file}.txt`, '%75:a@'.repeat(3_000_000), isRoot ? USER_ID : undefined),
      );
      for (const side of ['0', 'z']) {
        trial.write(
          `home/${side}/deep/er/prod.env`,
          fakeLine(`starved ${side}`),
          isRoot ? OTHER_ID : undefined,
        );
      }
      await findBoth(trial, files, (ended) =>
        trial.check(ended.limit === null && ended.code === 0, howEnded(ended)),
      );
    },
  },
  {
    name: 'trees/a file of 8 TB starves no other folder',
    run: async (trial) => {
      const path = trial.write('home/a/huge.txt', 'x');
      const { closeSync, ftruncateSync, openSync, writeSync } = await import('node:fs');
      const file = openSync(path, 'r+');
      try {
        ftruncateSync(file, 8e12);
        writeSync(file, 'x', 4e12);
      } catch {
        // This file system accepts fewer.
        ftruncateSync(file, 1e12);
      }
      closeSync(file);
      for (const side of ['0', 'z']) {
        trial.write(`home/${side}/prod.env`, fakeLine(`starved ${side}`), isRoot ? OTHER_ID : undefined);
      }
      await findBoth(trial, [path], (ended) =>
        trial.check(
          ended.limit === null && ended.wallSeconds < 8,
          `${howEnded(ended)} after ${ended.wallSeconds.toFixed(1)} s`,
        ),
      );
    },
  },
  {
    name: 'trees/names that are not UTF-8',
    isShort: true,
    run: async (trial) => {
      const home = trial.makeFolder('home');
      const paths = [0xff, 0xfe, 0xc0, 0x80].map((byte) =>
        Buffer.concat([Buffer.from(`${home}/a`), Buffer.from([byte]), Buffer.from('.env')]),
      );
      // The same secret in each: only the place distinguishes them.
      for (const path of paths) writeFileSync(path, fakeLine('not UTF-8'));
      trial.makeFolder('out');
      const report = trial.path('out/r.json');
      const ended = await trial.scan(['--dry-run', '--strict', `--report=${report}`, home]);
      const outcome = trial.readReport(report)?.outcome;
      const found = outcome?.findings.length ?? 0;
      const gaps = Object.values(outcome?.coverage.unexamined ?? {}).reduce((sum, each) => sum + each, 0);
      trial.check(
        found + gaps === paths.length,
        `${found} found and ${gaps} counted as not scanned, of ${paths.length}`,
      );
      trial.check(ended.code === (gaps > 0 ? 11 : 0), howEnded(ended));
      trial.measure(`${found} found, ${gaps} not scanned`);
    },
  },
  {
    name: 'trees/names that are the same once redacted',
    isShort: true,
    run: async (trial) => {
      for (let file = 0; file < 4; file += 1) {
        const { github, google } = vendorTokens(`same ${file}`);
        trial.write(`home/pass-${github}.ini`, fakeLine('one secret'));
        trial.write(`home/${google}/x.ini`, fakeLine('one secret'));
      }
      await onceEach(trial, ['--standalone', '--state-dir', trial.makeState(), trial.path('home')], 8);
    },
  },
  {
    name: 'trees/odd times',
    run: async (trial) => {
      const times = [0, 1, -1e9, 4_102_444_800, 1e10, 2 ** 31, 2 ** 33];
      times.forEach((time, index) => {
        const path = trial.write(`home/f${index}.ini`, fakeLine(`time ${index}`));
        utimesSync(path, time, time);
      });
      await onceEach(
        trial,
        ['--standalone', '--state-dir', trial.makeState(), trial.path('home')],
        times.length,
      );
    },
  },
  {
    name: 'trees/new content with the old size and times',
    isShort: true,
    run: async (trial) => {
      const path = trial.write('home/x.ini', 'nothing = "here, and nothing else."\n');
      const past = new Date(Date.now() - 86_400_000);
      utimesSync(path, past, past);
      await sleep(2300);
      const args = ['--standalone', '--state-dir', trial.makeState(), trial.path('home')];
      const first = await trial.scan(args);
      trial.check(first.code === 0 && announced(first.stdout).length === 0, howEnded(first));
      const { size } = statSync(path);
      writeFileSync(path, fakeLine('same size').padEnd(size, ' ').slice(0, size));
      utimesSync(path, past, past);
      const second = await trial.scan(args);
      trial.check(announced(second.stdout).length === 1, 'the change was not seen');
    },
  },
  {
    name: 'trees/many owners at once',
    as: 'root',
    run: async (trial) => {
      // With subordinate ids, one user can own files under tens of thousands of ids.
      for (let owner = 0; owner < 2000; owner += 1) {
        trial.write(
          `home/a/f${owner}.ini`,
          Array.from({ length: 50 }, (_, line) => fakeLine(`owner ${owner}/${line}`)).join(''),
          100_000 + owner,
        );
      }
      const args = ['--standalone', '--state-dir', trial.makeState(), trial.path('home')];
      const first = await trial.scan(args, { wall: 180 });
      trial.check(first.code === 0, `the flood: ${howEnded(first)}`);
      trial.check(first.peakMb <= 200, `the flood takes ${Math.round(first.peakMb)} MB`);
      trial.write('home/v/prod.env', fakeLine('victim of many'), OTHER_ID);
      const second = await trial.scan(args, { wall: 180 });
      trial.check(
        announced(second.stdout).some((path) => path.endsWith('prod.env')),
        'the real one is not announced',
      );
      trial.measure(
        `${announced(first.stdout).length} records for 100000 findings of 2000 owners, ${Math.round(first.peakMb)} MB`,
      );
    },
  },
  {
    name: 'trees/many names of one file',
    run: async (trial) => {
      const { linkSync, mkdirSync } = await import('node:fs');
      const text = Array.from({ length: 100 }, (_, line) => fakeLine(`linked ${line}`)).join('');
      const first = trial.write('home/a/0.ini', text, isRoot ? USER_ID : undefined);
      for (let name = 1; name < 5000; name += 1) {
        const folder = trial.path(`home/a/${name % 50}`);
        mkdirSync(folder, { recursive: true });
        linkSync(first, join(folder, `${name}.ini`));
      }
      trial.write('home/z/prod.env', fakeLine('beside names'), isRoot ? OTHER_ID : undefined);
      const ended = await trial.scan(['--standalone', '--state-dir', trial.makeState(), trial.path('home')], {
        wall: 240,
      });
      trial.check(ended.code === 0, howEnded(ended));
      trial.check(
        announced(ended.stdout).some((path) => path.endsWith('prod.env')),
        'the real one is not announced',
      );
      trial.check(ended.peakMb <= 200, `${Math.round(ended.peakMb)} MB`);
      trial.measure(`${Math.round(ended.peakMb)} MB for 500000 findings`);
    },
  },
];

/** Three runs: this many findings are announced in the first, none again, and none counts as gone. */
async function onceEach(trial: Trial, args: readonly string[], findings: number): Promise<void> {
  for (let round = 0; round < 3; round += 1) {
    if (round > 0) await sleep(round === 1 ? 2300 : 0);
    const ended = await trial.scan(round === 2 ? ['--full', ...args] : args);
    trial.check(ended.code === 0, howEnded(ended));
    const expected = round === 0 ? findings : 0;
    const count = announced(ended.stdout).length;
    trial.check(count === expected, `run ${round}: ${count} announced instead of ${expected}`);
    const changes = recordsIn(ended.stdout).filter(
      ({ event }) => event === 'scan.finding-resolved' || event === 'scan.finding-moved',
    ).length;
    trial.check(changes === 0, `run ${round}: ${changes} findings count as gone or moved`);
  }
}
