/** Containers, opened by the executable, whose readers are a part of their own. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, expect, test } from '@jest/globals';
import { parseReport } from '../../../src/scan/report/read.ts';
import { plantable } from '../../../fixtures/tokens.ts';
import { byHand, cleanUp, newFolder } from '../scanner-under-test.ts';

afterEach(cleanUp);

test('finds what is inside, and names what is damaged', async () => {
  const root = newFolder();
  const token = plantable('github-classic-token', 'container');
  const whole = gzipSync(`\ntoken ${token}\n`);
  writeFileSync(join(root, 'log.txt.gz'), whole);
  writeFileSync(join(root, 'cut.txt.gz'), whole.subarray(0, -12));
  const { code, stdout } = await byHand(['--dry-run', '--fail-on=high', '--report=json:-', root]);
  expect(code).toBe(10);
  expect(stdout).not.toContain(token);
  const { outcome } = await parseReport(stdout);
  expect(outcome.findings.map(({ path }) => path)).toContain(join(root, 'log.txt.gz!/log.txt'));
  expect(outcome.coverage.unexamined).toEqual({ damaged: 1 });
});
