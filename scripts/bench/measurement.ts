/**
 * Measures commands: `measure.c` runs each, one after another in rounds, so that other load on the machine affects
 * all of them equally. Only medians; nothing here judges.
 */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

export interface Command {
  readonly name: string;
  readonly file: string;
  readonly args: readonly string[];
  /** Exit codes of a successful run; default 0. */
  readonly ok?: readonly number[];
  /** The working directory; matters to programs that look for settings there. */
  readonly folder?: string;
}

/** Medians of the rounds in which a command took part. */
export interface Cost {
  readonly name: string;
  readonly seconds: number;
  readonly cpuSeconds: number;
  /** Resident memory, in bytes. */
  readonly peak: number;
  readonly rounds: number;
}

export interface Rounds {
  readonly rounds: number;
  /** A command that took longer than this many seconds is not run again. */
  readonly slow: number;
  /** Time limit of one run of one command, in seconds. */
  readonly timeout: number;
}

/** A C program of this folder, compiled into the cache; undefined if it cannot be compiled. */
export function compileProgram(
  cache: string,
  name: string,
  libraries: readonly string[] = [],
): string | undefined {
  const program = join(cache, name);
  const source = join(import.meta.dirname, `${name}.c`);
  const args = ['-O2', '-o', program, source, ...libraries];
  return spawnSync('cc', args, { timeout: 60_000 }).status === 0 ? program : undefined;
}

/**
 * Runs the commands in rounds, each round starting with another one. Those that failed are missing from the
 * result.
 */
export function measure(
  measurer: string,
  commands: readonly Command[],
  { rounds, slow, timeout }: Rounds,
): ReadonlyMap<string, Cost> {
  const runs = new Map<string, Run[]>();
  const left = new Set(commands);
  for (let round = 0; round < rounds; round += 1) {
    const start = round % commands.length;
    for (const command of [...commands.slice(start), ...commands.slice(0, start)]) {
      if (!left.has(command)) continue;
      const run = runOnce(measurer, command, timeout);
      if (run === undefined) {
        left.delete(command);
        runs.delete(command.name);
        continue;
      }
      runs.set(command.name, [...(runs.get(command.name) ?? []), run]);
      if (run.seconds > slow) left.delete(command);
    }
  }
  return new Map(Array.from(runs, ([name, all]) => [name, costOf(name, all)]));
}

export function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
}

interface Run {
  readonly seconds: number;
  readonly cpuSeconds: number;
  readonly peak: number;
}

function runOnce(
  measurer: string,
  { name, file, args, ok = [0], folder }: Command,
  timeout: number,
): Run | undefined {
  const { stdout } = spawnSync(measurer, [String(timeout), file, ...args], {
    encoding: 'utf8',
    cwd: folder,
    // `measure` enforces the time limit itself; this is a fallback.
    timeout: (timeout + 10) * 1000,
  });
  const [seconds = 0, cpuSeconds = 0, peak = 0, status] = stdout.split(' ').map(Number);
  if (status !== undefined && ok.includes(status)) return { seconds, cpuSeconds, peak };
  console.log(`${name} failed with ${status} after ${seconds.toFixed(1)} s: skipped`);
  return undefined;
}

function costOf(name: string, runs: readonly Run[]): Cost {
  return {
    name,
    seconds: median(runs.map(({ seconds }) => seconds)),
    cpuSeconds: median(runs.map(({ cpuSeconds }) => cpuSeconds)),
    peak: median(runs.map(({ peak }) => peak)),
    rounds: runs.length,
  };
}
