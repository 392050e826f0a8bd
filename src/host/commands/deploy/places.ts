/** Where a program's files are below the agent's root. Paths in archives are the same, with forward slashes. */
import { executablePathOf } from '../../installation/index.ts';
import type { Os } from '../../platform/index.ts';

/** An executable has 120 MB. */
export const MAX_EXECUTABLE_BYTES = 256 * 1024 * 1024;
export const MAX_DOCUMENT_BYTES = 1024 * 1024;

export interface Places {
  /** `Jobs/bin/{program}`. */
  readonly bin: readonly string[];
  /** The executable's name in `bin`. */
  readonly executable: string;
  /** The job document's name in `Jobs`. */
  readonly document: string;
}

export function placesOf(program: string, os: Os): Places {
  const bin = ['Jobs', 'bin', program];
  const executable = executablePathOf(os, '', program).split(/[\\/]/).at(-1) ?? program;
  return { bin, executable, document: `${program}.json` };
}
