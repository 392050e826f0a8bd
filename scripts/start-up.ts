/**
 * Prints what a start costs: the packed executable beside a bare `node -e 0` of the same Node, interleaved in one run.
 * Figures for a person to judge; nothing fails here.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { executablePath } from '../build/package.ts';

const ROUNDS = 21;

const empty = mkdtempSync(join(tmpdir(), 'start-up-'));
const commands = {
  'node -e 0': [process.execPath, '-e', '0'],
  '--version': [executablePath, '--version'],
  '--help': [executablePath, '--help'],
  '--dry-run of an empty folder': [executablePath, '--dry-run', empty],
} as const;

const times = new Map<string, number[]>(Object.keys(commands).map((name) => [name, []]));
for (let round = 0; round < ROUNDS; round += 1) {
  for (const [name, [file, ...args]] of Object.entries(commands)) {
    const began = performance.now();
    const { status, stderr } = spawnSync(file, args, { encoding: 'utf8' });
    if (status !== 0) throw new Error(`${name} ended with ${status}: ${stderr}`);
    times.get(name)?.push(performance.now() - began);
  }
}
rmSync(empty, { recursive: true });

const median = (values: readonly number[]) =>
  values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
const bare = median(times.get('node -e 0') ?? []);
console.log(`start-up, median of ${ROUNDS} interleaved runs`);
for (const [name, values] of times) {
  const time = median(values);
  console.log(
    `${name.padEnd(30)} ${time.toFixed(1).padStart(7)} ms  ${(time / bare).toFixed(2).padStart(5)} x`,
  );
}
