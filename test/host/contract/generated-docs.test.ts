/** The generated parts of the documentation match the code. `npm run docs` updates them. */
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { generatedDocs } from '../../../build/docs.ts';

test('the generated parts of all pages are up to date; "npm run docs" updates them', async () => {
  const { pages, folders } = await generatedDocs();
  expect(pages.size).toBeGreaterThan(2);
  const stale = [...pages].filter(([path, text]) => !existsSync(path) || readFileSync(path, 'utf8') !== text);
  expect(stale.map(([path]) => path)).toEqual([]);
  const strays = folders.flatMap((folder) => readdirSync(folder).map((name) => join(folder, name)));
  expect(strays.filter((path) => !pages.has(path))).toEqual([]);
});
