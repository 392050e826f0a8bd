/** What every measurement uses: its folder, its programs, and the measured executable. */
import { resolve } from 'node:path';
import type { Command } from './measurement.ts';

export const OURS = 'secrets-scan';

export interface Tools {
  readonly cache: string;
  readonly measurer: string;
  readonly vectorscan: string | undefined;
}

/** Where the executable is copied to before it is measured, as it is deployed. */
export const installed = resolve('dist/bench/secrets-scan');

/** The packed executable, with all its rules, its findings written out. */
export function ours(tree: string, flags: readonly string[] = []): Command {
  return { name: OURS, file: installed, args: ['--dry-run', ...flags, tree] };
}
