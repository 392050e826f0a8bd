/** The scanner, as its end-to-end tests run it. */
import { chmodSync, linkSync, mkdirSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { taskBuild } from '../../src/scan/task-build.ts';
import { newFolder, programUnderTest } from '../host/program-under-test.ts';

export * from '../host/program-under-test.ts';
export const { command, byHand, agentWithJob } = programUnderTest(taskBuild);

/** The id of its job. */
export const jobId = taskBuild.name;

/** Puts the program into a folder as `secrets-scan`. @returns a PATH on which hooks and pipelines find it first */
export function pathWithScanner(folder: string): string {
  mkdirSync(folder);
  const file = join(folder, 'secrets-scan');
  writeFileSync(file, `#!/bin/sh\nexec ${command.map((word) => `'${word}'`).join(' ')} "$@"\n`);
  chmodSync(file, 0o755);
  return `${folder}${delimiter}${process.env['PATH']}`;
}

/** Variables of a user of git without settings. */
export const gitUser = {
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_AUTHOR_NAME: 'x',
  GIT_AUTHOR_EMAIL: 'x@example.org',
  GIT_COMMITTER_NAME: 'x',
  GIT_COMMITTER_EMAIL: 'x@example.org',
};

/** A folder that takes seconds to scan: one file of a megabyte under so many names, which takes no room. */
export function largeFolder(files: number): string {
  const folder = newFolder('large');
  const first = join(folder, '0.txt');
  writeFileSync(first, 'lorem ipsum token dolor sit amet eyJ consectetur\n'.repeat(20_000));
  for (let n = 1; n < files; n += 1) linkSync(first, join(folder, `${n}.txt`));
  return folder;
}
