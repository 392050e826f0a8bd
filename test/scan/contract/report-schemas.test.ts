/** The committed schemas of the reports are those of the code, and releases have them. */
import { readFileSync, readdirSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { reportSchemas } from '../../../scripts/tables/report-schemas.ts';
import { taskBuild } from '../../../src/scan/task-build.ts';

test('schemas/ is what `node scripts/tables/report-schemas.ts` writes, and each archive has it', async () => {
  const schemas = await reportSchemas();
  for (const [path, text] of Object.entries(schemas)) expect(readFileSync(path, 'utf8')).toBe(text);
  expect(readdirSync('schemas').map((name) => `schemas/${name}`)).toEqual(Object.keys(schemas).sort());
  expect(taskBuild.documents.toSorted()).toEqual(Object.keys(schemas).sort());
});
