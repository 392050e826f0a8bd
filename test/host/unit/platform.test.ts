/** What a run knows about its machine. */
import { execFileSync } from 'node:child_process';
import { resolve } from 'node:path';
import { expect } from '@jest/globals';
import { posix, rootUser, testWith } from '../../tool.ts';

testWith(posix, rootUser)('a user without an account has the home that the environment names', () => {
  const program = `
    const { hostPlatform } = await import(${JSON.stringify(resolve('src/host/platform/platform.ts'))});
    process.setuid(65_532);
    for (const HOME of ['/home/job', 'job', undefined]) {
      const { elevated, userStateHome } = hostPlatform({ HOME });
      console.log(elevated, userStateHome);
    }`;
  const output = execFileSync(process.execPath, ['--no-warnings', '--input-type=module', '-e', program], {
    encoding: 'utf8',
  });
  const folder = process.platform === 'darwin' ? 'Library/Application Support' : '.local/state';
  expect(output).toBe(`false /home/job/${folder}\nfalse /${folder}\nfalse /${folder}\n`);
});
