/** What a start costs: an executable beside a bare `node -e 0` of the same Node, interleaved in one run. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stockNode } from '../stock-node.ts';
import { type Target, hostTarget } from '../targets.ts';

export interface StartUp {
  readonly command: string;
  /** Median. */
  readonly milliseconds: number;
  /** Times the bare Node's. */
  readonly ratio: number;
}

/** Empty when this machine cannot run the target. @throws Error when a command fails or writes a warning. */
export function measureStartUp(target: Target, executable: string, rounds: number): StartUp[] {
  const emulator = emulatorOf(target);
  if (emulator === undefined) return [];
  const folder = mkdtempSync(join(tmpdir(), 'start-up-'));
  const commands = {
    'node -e 0': [stockNode(target.nodePackage), '-e', '0'],
    '--version': [executable, '--version'],
    '--help': [executable, '--help'],
    '--dry-run of an empty folder': [executable, '--dry-run', folder],
  } as const;
  const times = new Map<string, number[]>(Object.keys(commands).map((name) => [name, []]));
  try {
    for (let round = 0; round < rounds; round += 1) {
      for (const [name, command] of Object.entries(commands)) {
        const [file = '', ...rest] = [...emulator, ...command];
        const began = performance.now();
        const { status, stderr } = spawnSync(file, rest, { encoding: 'utf8' });
        times.get(name)?.push(performance.now() - began);
        if (status !== 0 || stderr.includes('Warning: ')) throw new Error(`${name}: ${status}, ${stderr}`);
      }
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
  const [bare = Number.NaN] = Array.from(times.values(), median);
  return Array.from(times, ([command, values]) => {
    const milliseconds = median(values);
    return { command, milliseconds, ratio: milliseconds / bare };
  });
}

/** What starts the target's programs here: nothing on the host's own system, qemu for Linux on arm64. */
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
