/** What a run reads other than files of this machine: standard input, or contents of git. Decided by the options alone. */
import type * as z from 'zod';
import { TaskError } from '../host/exit/task-error.ts';
import type { ScanOptions } from './options.ts';

type Options = Pick<
  z.output<typeof ScanOptions>,
  'roots' | 'sources' | 'staged' | 'commits' | 'pushedTo' | 'stdinPath' | 'shard'
>;

export type Input = 'standard input' | 'staged files' | 'commits';

/** The value that stands for standard input; a file of this name is `./-`. */
export const STANDARD_INPUT = '-';

/** Undefined for a run that scans files. */
export function inputOf({
  roots,
  staged,
  commits,
}: Pick<Options, 'roots' | 'staged' | 'commits'>): Input | undefined {
  if (staged) return 'staged files';
  if (commits !== undefined) return 'commits';
  return roots.includes(STANDARD_INPUT) ? 'standard input' : undefined;
}

const selectors: Readonly<Record<Input, string>> = {
  'staged files': '--staged',
  commits: '--commits',
  'standard input': '- (standard input)',
};

/** The option that selects it. */
export function optionOf(input: Input): string {
  return selectors[input];
}

/** Refuses options that contradict the input. @throws TaskError `usage` that names them and the remedy */
export function refuseForInput(options: Options): void {
  const { roots, sources, staged, commits, pushedTo, stdinPath, shard } = options;
  const refuse = (reason: string) => new TaskError('usage', reason);
  if (staged && roots.length > 0) {
    throw refuse(
      '--staged: takes no paths, because git knows the staged files; leave some out with --exclude',
    );
  }
  if (commits !== undefined && staged)
    throw refuse('--commits cannot be combined with --staged; scan them one after the other');
  if (commits !== undefined && roots.length > 0) {
    throw refuse('--commits: takes no paths, because git knows the files; leave some out with --exclude');
  }
  if (pushedTo !== undefined && commits === undefined) {
    throw refuse('--pushed-to: leaves out commits, and none are scanned; select them with --commits=RANGE');
  }
  if (roots.includes(STANDARD_INPUT) && roots.length > 1) {
    throw refuse('-: standard input must be the only path; name a file called "-" as ./-');
  }
  if (stdinPath !== undefined && inputOf(options) !== 'standard input') {
    throw refuse('--stdin-path: standard input is not scanned; name it as the path to scan: -');
  }
  const input = inputOf(options);
  if (input !== undefined && sources !== undefined) {
    throw refuse(`--sources: ${optionOf(input)} is scanned alone; leave out one of them`);
  }
  if (input !== undefined && shard !== undefined) {
    throw refuse(`--shard: ${optionOf(input)} cannot be divided among machines`);
  }
}
