/** What a run reads other than files of this machine: standard input, or what git is about to commit. Decided by the options alone. */
import type * as z from 'zod';
import { TaskError } from '../host/exit/task-error.ts';
import type { ScanOptions } from './options.ts';

export type Input = 'standard input' | 'staged files';

/** The root that stands for standard input; a file of this name is `./-`. */
const STANDARD_INPUT = '-';

/** Undefined for a run that scans files. @throws TaskError `usage` for options that contradict each other */
export function inputOf({
  roots,
  staged,
  stdinPath,
  shard,
}: z.output<typeof ScanOptions>): Input | undefined {
  const isStandardInput = roots.includes(STANDARD_INPUT);
  const refuse = (reason: string) => new TaskError('usage', reason);
  if (isStandardInput && roots.length > 1) {
    throw refuse('-: standard input must be the only root; name a file called "-" as ./-');
  }
  if (stdinPath !== undefined && !isStandardInput) {
    throw refuse('--stdin-path: standard input is not scanned; name it as the root: -');
  }
  if (staged && roots.length > 0) {
    throw refuse(
      '--staged: takes no roots, because git knows the staged files; leave some out with --exclude',
    );
  }
  const input = isStandardInput ? 'standard input' : staged ? 'staged files' : undefined;
  if (input !== undefined && shard !== undefined) {
    throw refuse(`--shard: ${optionOf(input)} cannot be divided among machines`);
  }
  return input;
}

/** The option that selects it. */
export function optionOf(input: Input): string {
  return input === 'staged files' ? '--staged' : '- (standard input)';
}
