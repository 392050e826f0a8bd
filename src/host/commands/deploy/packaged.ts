/** What a package of the operating system has installed: this executable, and job documents beside it. `build/release/packages/` makes them. */
import { dirname, join } from 'node:path';
import { TaskError } from '../../exit/task-error.ts';
import type { Os, ReadInput } from '../../platform/index.ts';
import { MAX_DOCUMENT_BYTES, MAX_EXECUTABLE_BYTES, placesOf } from './places.ts';
import type { Release } from './release.ts';

export interface PackagedOptions {
  readonly program: string;
  readonly os: Os;
  readonly readInput: ReadInput;
  /** The path of this process's executable. */
  readonly executable: string;
}

/** @throws TaskError `config` if no package has installed this executable, or its files cannot be trusted */
export async function readPackaged({
  program,
  os,
  readInput,
  executable,
}: PackagedOptions): Promise<Release> {
  const folder = dirname(executable);
  const jobs =
    os === 'windows' ? join(folder, 'jobs') : join(dirname(folder), 'share', `kepm-${program}`, 'jobs');
  const document = join(jobs, placesOf(program, os).document);
  const what = "the package's job document";
  if (!(await readInput.isThere(document, { what }))) {
    throw new TaskError(
      'config',
      `--this: no package has installed ${executable}, because there is no ${document}; deploy an archive`,
    );
  }
  return {
    executable: await readInput(executable, { what: 'this executable', maxBytes: MAX_EXECUTABLE_BYTES }),
    document: (await readInput(document, { what, maxBytes: MAX_DOCUMENT_BYTES })).toString('utf8'),
    others: [],
  };
}
