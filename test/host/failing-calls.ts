/** Runs a program while calls to the system on some files fail, as on a full, broken or read-only disk. Needs strace. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import type { Ended } from './program-under-test.ts';

/** Calls that belong together, as strace lists them. */
export const diskCalls = {
  writes: 'write,pwrite64,pwritev,writev',
  syncs: 'fsync,fdatasync',
  names: 'rename,renameat,renameat2,unlink,unlinkat,mkdir,mkdirat',
} as const;

/** Which calls fail, and how. */
export interface FailingCalls {
  readonly calls: string;
  /** As `ENOSPC`. */
  readonly error: string;
  /** Which of them: the third is `3`, and all from there on are `3+`. */
  readonly when: string;
  readonly folder: string;
  /** Names of files in that folder. */
  readonly files: readonly string[];
}

/** Runs a program; it is killed after 50 seconds. */
export function withFailingCalls(
  { calls, error, when, folder, files }: FailingCalls,
  command: readonly string[],
): Promise<Ended> {
  const paths = [folder, ...files.map((name) => join(folder, name))];
  const options = ['-f', '-qqq', '-o', '/dev/null', ...paths.flatMap((path) => ['-P', path])];
  const child = spawn(
    'strace',
    [...options, '-e', `inject=${calls}:error=${error}:when=${when}`, ...command],
    {
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: 50_000,
      killSignal: 'SIGKILL',
    },
  );
  const said = { stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => (said.stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said.stderr += text));
  return new Promise((done, fail) => {
    child.on('error', fail);
    child.on('close', (code) => done({ code, ...said }));
  });
}
