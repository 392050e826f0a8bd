/** What the scanner adds to `doctor`: its roots, without walking them. */
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { hostPlatform, inputReader } from '../../../src/host/platform/index.ts';
import type { Check } from '../../../src/host/task/check.ts';
import { ScanOptions } from '../../../src/scan/options.ts';
import { secretsScan } from '../../../src/scan/index.ts';

const folder = mkdtempSync(join(tmpdir(), 'checks-'));
afterAll(() => rmSync(folder, { recursive: true }));

async function checksOf(roots: readonly string[], allowMissingRoots = false): Promise<Check[]> {
  const found: Check[] = [];
  const { signal } = new AbortController();
  const context = {
    options: ScanOptions.parse({ roots, allowMissingRoots }),
    platform: hostPlatform(process.env),
    readInput: inputReader({ elevated: false, allowUntrusted: false }),
    signal,
  };
  for await (const check of secretsScan.checks?.(context) ?? []) found.push(check);
  return found;
}

describe('the roots of a scan', () => {
  mkdirSync(join(folder, 'home'));
  writeFileSync(join(folder, 'home', 'a.txt'), 'a');
  writeFileSync(join(folder, 'file.txt'), 'a');
  symlinkSync(join(folder, 'home'), join(folder, 'link'));

  test('are in order when each can be read', async () => {
    expect(await checksOf([join(folder, 'home'), join(folder, 'file.txt')])).toEqual([
      { id: 'roots', title: 'Roots of the scan', result: 'ok', saw: '2 to scan; all of them readable' },
    ]);
  });

  test('are named when they cannot be scanned and need not, and the others are counted', async () => {
    const missing = ['1', '2', '3', '4', '5', '6'].map((name) => join(folder, name));
    const [check] = await checksOf([join(folder, 'home'), join(folder, 'link'), ...missing], true);
    expect(check).toMatchObject({ result: 'warning' });
    expect(check?.saw).toContain('1 to scan; 6 cannot be read: ');
    expect(check?.saw).toContain(`${join(folder, '1')} (root-missing)`);
    expect(check?.saw).toMatch(/, and 1 others$/);
  });

  test('are a failure when one of them is missing', async () => {
    expect(await checksOf([join(folder, 'home'), join(folder, 'none')])).toMatchObject([
      { id: 'roots', result: 'failed', exit: 'no-root', saw: expect.stringContaining('none does not exist') },
    ]);
  });
});
