/** The scan's own options, as flags, variables and keys of a file: what each takes and what it calls a mistake. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { loadConfig } from '../../src/config/index.ts';
import { secretsScan } from '../../src/scan/index.ts';

const folder = mkdtempSync(join(tmpdir(), 'options-'));
afterAll(() => rmSync(folder, { recursive: true }));

async function load(argv: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const loaded = await loadConfig(['--dry-run', ...argv], env, secretsScan, '0.0.0', { elevated: false });
  return 'config' in loaded ? loaded.config.task : undefined;
}

function file(content: unknown): string {
  const path = join(folder, 'config.json');
  writeFileSync(path, JSON.stringify(content));
  return `--config=${path}`;
}

describe('options of the scan', () => {
  test('are the same from each source', async () => {
    const expected = { workers: 3, maxRate: 2.5, binaries: true };
    expect(await load(['--workers=3', '--max-rate=2.5', '--binaries'])).toMatchObject(expected);
    const env = { SECRETS_SCAN_WORKERS: '3', SECRETS_SCAN_MAX_RATE: '2.5', SECRETS_SCAN_BINARIES: '1' };
    expect(await load([], env)).toMatchObject(expected);
    expect(await load([file(expected)])).toMatchObject(expected);
    expect(await load([])).toEqual({
      roots: [],
      exclude: [],
      rulesOnly: false,
      obeyMarkers: false,
      binaries: false,
      full: false,
    });
  });

  test.each(['0', '-1', '', 'fast', '1e9', 'Infinity'])('--max-rate=%s is a mistake', async (value) => {
    await expect(load([`--max-rate=${value}`])).rejects.toThrow(
      '--max-rate: expected megabytes per second from 0.1 to 100000',
    );
  });

  test.each([
    ['maxRate', true],
    ['maxRate', [3]],
    ['maxRate', null],
    ['workers', true],
    ['workers', 1.5],
    ['binaries', 'yes'],
  ])('%s: %j in a file is a mistake', async (key, value) => {
    await expect(load([file({ [key]: value })])).rejects.toThrow(`"${key}" in the configuration file`);
  });
});
