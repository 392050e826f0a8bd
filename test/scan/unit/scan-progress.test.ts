/** What a person is told while a scan runs, from real scans of real files. */
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import { MountTable, hostPlatform } from '../../../src/host/platform/index.ts';
import type { Progress } from '../../../src/host/task/progress.ts';
import { FileCount } from '../../../src/scan/threads/file-count.ts';
import { compileExcludes } from '../../../src/scan/walk/index.ts';
import { planted } from '../../../fixtures/tokens.ts';
import { scanOnce } from '../scan-once.ts';

const folder = mkdtempSync(join(tmpdir(), 'progress-'));
afterAll(() => rmSync(folder, { recursive: true }));

mkdirSync(join(folder, 'a/b/left-out'), { recursive: true });
writeFileSync(join(folder, 'a/one.env'), planted('github-classic-token'));
writeFileSync(join(folder, 'a/b/two.txt'), 'x'.repeat(1000));
writeFileSync(join(folder, 'a/b/three.bin'), Buffer.alloc(1000));
writeFileSync(join(folder, 'a/b/left-out/four.txt'), 'x');
symlinkSync('/', join(folder, 'a/link'));

/** The progress at the end of a scan. */
async function progressOf(roots: readonly string[]): Promise<Progress | undefined> {
  let describe: (() => Progress) | undefined;
  await scanOnce({ roots }, { progress: (given) => void (describe = given) });
  return describe?.();
}

test('files, bytes, rate, findings and the folder; nothing is claimed to be known of a tree at first', async () => {
  const { done, at, fraction } = (await progressOf([folder])) ?? {};
  expect(done).toEqual(['3 files', '2.0 kB', expect.stringMatching(/B\/s$/), '1 finding']);
  expect(at).toMatch(new RegExp(`^${folder}/a`));
  expect(fraction).toBeUndefined();
});

test('of files alone, the bytes are known', async () => {
  const files = ['a/one.env', 'a/b/two.txt'].map((name) => join(folder, name));
  expect((await progressOf(files))?.fraction).toBe(1);
});

test('the files that a scan will meet are counted, in steps', () => {
  const platform = hostPlatform({});
  const count = (globs: readonly string[], isCancelled = false) => {
    const files = new FileCount({
      roots: [
        { path: join(folder, 'a/b'), kind: 'folder' },
        { path: join(folder, 'a/one.env'), kind: 'file' },
      ],
      platform,
      mounts: new MountTable(platform),
      excludes: compileExcludes(globs, platform),
      shard: undefined,
      isCancelled: () => isCancelled,
    });
    // On a busy machine, one step may not be enough.
    const steps = Array.from({ length: 100 });
    const total = steps.reduce<number | undefined>((known) => known ?? files.advance(), undefined);
    files.close();
    return total;
  };
  expect(count([])).toBe(4);
  expect(count(['left-out'])).toBe(3);
  expect(count([], true)).toBeUndefined();
});
