/** Tests of options that name a file to read: none of them hangs a run, and root trusts few files. */
import { execFileSync } from 'node:child_process';
import { chownSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect } from '@jest/globals';
import { posix, rootUser, testWith } from '../tool.ts';
import { type Ended, newFolder } from './program-under-test.ts';

const posixTest = testWith(posix);
const rootTest = testWith(rootUser);
/** A user who is not trusted: `nobody` nearly everywhere. */
export const STRANGER = 65_534;

/** Runs the program with a file for an option. */
type RunWith = (option: string, path: string, more?: readonly string[]) => Promise<Ended>;

/** @param options without dashes in front */
export function describeInputs(options: readonly string[], runWith: RunWith): void {
  describe.each(options)('--%s', (option) => {
    posixTest.each(['/dev/zero', '/proc/self/mem', '/', 'a pipe'])('%s is refused at once', async (place) => {
      let path = place;
      if (place === 'a pipe') {
        path = join(newFolder(), 'pipe');
        execFileSync('mkfifo', [path]);
      }
      const { code, stderr } = await runWith(option, path);
      expect(code).toBe(78);
      expect(stderr).toMatch(
        /is a (device|folder)|cannot be read|is larger than|can be read|belongs to user/,
      );
    });

    rootTest('of another user is refused by root, unless that is allowed', async () => {
      const path = join(newFolder(), 'input');
      writeFileSync(path, '{}', { mode: 0o600 });
      chownSync(path, STRANGER, STRANGER);
      const { code, stderr } = await runWith(option, path);
      expect(code).toBe(78);
      expect(stderr).toContain(`${path} is not trusted: ${path} belongs to user 65534`);
      expect(stderr).toContain('or give --allow-untrusted-files');
      expect((await runWith(option, path, ['--allow-untrusted-files'])).stderr).not.toContain(
        'is not trusted',
      );
    });
  });
}
