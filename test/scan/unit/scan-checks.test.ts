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

async function checksOf(...roots: readonly string[]): Promise<Check[]> {
  const found: Check[] = [];
  const { signal } = new AbortController();
  const context = {
    options: ScanOptions.parse({ roots }),
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
    expect(await checksOf(join(folder, 'home'), join(folder, 'file.txt'))).toEqual([
      { id: 'roots', title: 'Roots of the scan', result: 'ok', saw: '2 to scan; each one can be read' },
    ]);
  });

  test('are named when they cannot be scanned, and the others are counted', async () => {
    const missing = ['1', '2', '3', '4', '5', '6'].map((name) => join(folder, name));
    const [check] = await checksOf(join(folder, 'home'), join(folder, 'link'), ...missing);
    expect(check).toMatchObject({ result: 'warning' });
    expect(check?.saw).toContain('1 to scan; 7 cannot be read: ');
    expect(check?.saw).toContain(`${join(folder, 'link')} (root-is-a-link)`);
    expect(check?.saw).toMatch(/, and 2 others$/);
  });

  test('are a failure when none exists', async () => {
    expect(await checksOf(join(folder, 'none'))).toMatchObject([
      { id: 'roots', result: 'failed', exit: 'no-root', saw: expect.stringContaining('no root exists') },
    ]);
  });
});
