/** The scanner, as its end-to-end tests run it. */
import { linkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { taskBuild } from '../../src/scan/task-build.ts';
import { newFolder, programUnderTest } from '../host/program-under-test.ts';

export * from '../host/program-under-test.ts';
export const { command, byHand, agentWithJob } = programUnderTest(taskBuild);

/** The id of its job. */
export const jobId = taskBuild.name;

/** A folder that takes seconds to scan: one file of a megabyte under so many names, which takes no room. */
export function largeFolder(files: number): string {
  const folder = newFolder('large');
  const first = join(folder, '0.txt');
  writeFileSync(first, 'lorem ipsum token dolor sit amet eyJ consectetur\n'.repeat(20_000));
  for (let n = 1; n < files; n += 1) linkSync(first, join(folder, `${n}.txt`));
  return folder;
}
