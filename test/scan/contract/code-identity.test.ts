/** The packed executable knows by one number whether the code that examines files is another than the last run's. */
import { readFileSync } from 'node:fs';
import type { Plugin } from 'esbuild';
import { expect, test } from '@jest/globals';
import { bundleOnDemand } from '../../../build/bundle.ts';
import { identityOfCode, taskBuild } from '../../../src/scan/task-build.ts';

/** The identity of the code, with another text in one of its files. */
async function identityWith(file: RegExp, before: string | RegExp, after: string): Promise<string> {
  const changed: string[] = [];
  const change: Plugin = {
    name: 'change',
    setup: (build) =>
      build.onLoad({ filter: file }, ({ path }) => {
        const text = readFileSync(path, 'utf8');
        const contents = text.replace(before, after);
        if (contents !== text) changed.push(path);
        return { contents, loader: 'ts' };
      }),
  };
  const { text } = await bundleOnDemand(taskBuild.parts.detector, [change]);
  expect(changed).toHaveLength(before === after ? 0 : 1);
  return identityOfCode(text);
}

test('unchanged code has the same identity', async () => {
  expect(await identityWith(/github\.ts$/, 'x', 'x')).toBe(await identityWith(/github\.ts$/, 'x', 'x'));
});

test.each<[string, RegExp, string | RegExp, string]>([
  ['an expression of a rule', /families\/github\.ts$/, "'ghp_'", "'ghx_'"],
  ['a validator', /validators\/checksum\.ts$/, 'slice(0, -6)', 'slice(0, -7)'],
  ['an encoding', /rules\/encodings\.ts$/, 'MAX_BASE64_CHARS = 8192', 'MAX_BASE64_CHARS = 4096'],
  ['how matches are judged', /detect\/decoded-candidates\.ts$/, 'MAX_DEPTH = 3', 'MAX_DEPTH = 2'],
])('it is another after a change of %s', async (_, file, before, after) => {
  expect(await identityWith(file, before, after)).not.toBe(await identityWith(file, 'x', 'x'));
});
