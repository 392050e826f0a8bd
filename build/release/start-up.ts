/**
 * Measures the start of an executable, and a whole run that has almost nothing to do: compared with a bare `node -e
 * 0` of the same Node, interleaved in one run.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TaskBuild } from '../../src/host/task/task-build.ts';
import { stockNode } from '../stock-node.ts';
import { taskBuild } from '../task.ts';
import { type Target, hostTarget } from '../targets.ts';

/** The names of the measurements in the figures. */
export type Start = 'bare Node' | '--version' | '--help' | 'idle run';

export interface StartUp {
  readonly start: Start;
  /** Median. */
  readonly milliseconds: number;
  /** Relative to the bare Node. */
  readonly ratio: number;
}

/** Empty when this machine cannot run the target. @throws Error when a command fails or writes a warning. */
export function measureStartUp(target: Target, executable: string, rounds: number): StartUp[] {
  const emulator = emulatorOf(target);
  if (emulator === undefined) return [];
  const folder = mkdtempSync(join(tmpdir(), 'start-up-'));
  const { idleRun }: TaskBuild = taskBuild;
  const commands: [Start, readonly string[]][] = [
    ['bare Node', [stockNode(target.nodePackage), '-e', '0']],
    ['--version', [executable, '--version']],
    ['--help', [executable, '--help']],
  ];
  if (idleRun !== undefined) {
    commands.push(['idle run', [executable, ...idleRun.map((part) => part.replace('{folder}', folder))]]);
  }
  const times = new Map(commands.map(([start]): [Start, number[]] => [start, []]));
  try {
    for (let round = 0; round < rounds; round += 1) {
      for (const [start, command] of commands) {
        const [file = '', ...rest] = [...emulator, ...command];
        const began = performance.now();
        const { status, stderr } = spawnSync(file, rest, { encoding: 'utf8' });
        times.get(start)?.push(performance.now() - began);
        if (status !== 0 || stderr.includes('Warning: ')) throw new Error(`${start}: ${status}, ${stderr}`);
      }
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
  const [bare = Number.NaN] = Array.from(times.values(), median);
  return Array.from(times, ([start, values]) => {
    const milliseconds = median(values);
    return { start, milliseconds, ratio: milliseconds / bare };
  });
}

/** The command that runs the target's programs here: none on the host's own system, qemu for Linux on arm64. */
function emulatorOf(target: Target): readonly string[] | undefined {
  if (target === hostTarget()) return [];
  const qemu = 'qemu-aarch64-static';
  const isEmulated =
    target.name === 'linux-arm64' &&
    existsSync('/lib/ld-linux-aarch64.so.1') &&
    spawnSync(qemu, ['--version']).error === undefined;
  return isEmulated ? [qemu] : undefined;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
}
