/** Files beside the executable that have the names of its parts are not loaded in their places. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect } from '@jest/globals';
import { taskBuild } from '../../../src/scan/task-build.ts';
import { testWith } from '../../tool.ts';
import { cleanUp, command, newFolder, packed } from '../scanner-under-test.ts';

afterEach(cleanUp);

testWith(packed)('scripts named as the parts of the executable do nothing', async () => {
  const folder = newFolder();
  const mark = join(folder, 'was-run');
  const executable = join(folder, 'task');
  copyFileSync(command[0] ?? '', executable);
  for (const part of Object.keys(taskBuild.parts)) {
    for (const name of [`${part}.cjs`, `${part}.cache`]) {
      writeFileSync(join(folder, name), `require('node:fs').writeFileSync(${JSON.stringify(mark)}, '')`);
    }
  }
  const child = spawn(executable, ['--dry-run', '--workers=2', folder], { cwd: folder, stdio: 'ignore' });
  const [code] = await once(child, 'close');
  expect(code).toBe(0);
  expect(existsSync(mark)).toBe(false);
});
